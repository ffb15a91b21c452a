"""The controls under a view, drawn from its state."""

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

import discord

from analytics.timeframes import PRESETS, Timeframe, describe
from bot.views.analyze.comparing import FEWEST, MOST
from bot.views.analyze.servers import MOST_OTHERS
from bot.views.registry import VIEWS, variants
from bot.views.view import Restriction
from bot.wording.format import plain
from cogs.controls.state import MAX_NUMBERS, Action, ViewState, encode
from texts import tr, tr_p

COUNTED_CHANNELS = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.forum,
    discord.ChannelType.media,
]
Servers = Mapping[int, str]
_NONE: Servers = MappingProxyType({})
LABEL_LIMIT = 50
"""Characters of a name in a menu: Discord takes 100, and some count twice there."""
_Item = discord.ui.Item[discord.ui.View]


def panel(
    state: ViewState, pages: int = 1, servers: Servers = _NONE, places: Servers = _NONE
) -> discord.ui.View:
    """Controls of a view. They are finished at once: discord.py has nothing to remember about them.

    ``servers`` are those that can be compared with, ``places`` the reader's own, each with its name.
    """
    view = discord.ui.View(timeout=None)
    rows = [
        [_timeframe_menu(state)],
        *([menu] for menu in _menus(state, servers)),
        *([[_place_menu(state, places)]] if len(places) > 1 else []),
        list(_buttons(state, pages)),
    ]
    for number, row in enumerate(rows):
        for item in row:
            item.row = number
            view.add_item(item)
    view.stop()
    return view


def choices(present: Timeframe) -> dict[str, Timeframe]:
    """The timeframes a menu offers, by value; the present one is among them."""
    offered = {str(preset): preset for preset, _ in PRESETS}
    return offered if str(present) in offered else {**offered, str(present): present}


def _timeframe_menu(state: ViewState) -> _Item:
    options = [
        discord.SelectOption(label=describe(timeframe), value=value, default=timeframe == state.timeframe)
        for value, timeframe in choices(state.timeframe).items()
    ]
    return discord.ui.Select(
        custom_id=encode(Action.TIMEFRAME, state), placeholder=tr("Timeframe"), options=options
    )


def _menus(state: ViewState, servers: Servers) -> Iterator[_Item]:
    siblings = variants(state.kind)
    if len(siblings) > 1:
        yield discord.ui.Select(
            custom_id=encode(Action.VARIANT, state),
            placeholder=tr("What to show"),
            options=[
                discord.SelectOption(
                    label=str(each.title),
                    value=each.kind,
                    description=str(each.help),
                    default=each.kind == state.kind,
                )
                for each in siblings
            ],
        )
    view, room = VIEWS[state.kind], MAX_NUMBERS - bool(state.subject)
    if view.compares is Restriction.CHANNELS:
        yield _channel_menu(state, tr("Channels to compare"), COUNTED_CHANNELS, FEWEST, MOST)
    if view.compares is Restriction.ROLES:
        yield _role_menu(state, tr("Roles to compare"), FEWEST, MOST)
    if view.compares is Restriction.SERVERS and servers:
        yield _server_menu(state, servers)
    if Restriction.CHANNELS in view.restricted_by:
        kinds = [*COUNTED_CHANNELS, discord.ChannelType.category]
        yield _channel_menu(state, tr("All channels and categories"), kinds, 0, room)
    if Restriction.ROLES in view.restricted_by:
        yield _role_menu(state, tr("All roles"), 0, room)


def _channel_menu(
    state: ViewState, placeholder: str, kinds: list[discord.ChannelType], fewest: int, most: int
) -> _Item:
    return discord.ui.ChannelSelect(
        custom_id=encode(Action.CHANNELS, state),
        placeholder=placeholder,
        channel_types=kinds,
        min_values=fewest,
        max_values=most,
        default_values=[
            discord.SelectDefaultValue(id=channel, type=discord.SelectDefaultValueType.channel)
            for channel in state.channels
        ],
    )


def _role_menu(state: ViewState, placeholder: str, fewest: int, most: int) -> _Item:
    return discord.ui.RoleSelect(
        custom_id=encode(Action.ROLES, state),
        placeholder=placeholder,
        min_values=fewest,
        max_values=most,
        default_values=[
            discord.SelectDefaultValue(id=role, type=discord.SelectDefaultValueType.role)
            for role in state.roles
        ],
    )


def _server_menu(state: ViewState, servers: Servers) -> _Item:
    return discord.ui.Select(
        custom_id=encode(Action.SERVERS, state),
        placeholder=tr("Servers to compare with"),
        min_values=1,
        max_values=min(MOST_OTHERS, len(servers)),
        options=_servers(servers, state.servers),
    )


def _servers(servers: Servers, chosen: Collection[int]) -> list[discord.SelectOption]:
    """Entries by name; two of one name are told apart by their ids."""
    return [
        discord.SelectOption(
            label=plain(name, LABEL_LIMIT) or str(server),
            value=str(server),
            description=str(server),
            default=server in chosen,
        )
        for server, name in servers.items()
    ]


def _place_menu(state: ViewState, places: Servers) -> _Item:
    return discord.ui.Select(
        custom_id=encode(Action.PLACE, state),
        placeholder=tr("Server"),
        options=_servers(places, (state.subject,)),
    )


def _buttons(state: ViewState, pages: int) -> Iterator[_Item]:
    """Grey buttons, never in the way; of the pages and the comparison only what there is.

    A menu's entry could not open the form of a range: Discord sends nothing when the same entry is chosen
    again, as after a form that was closed or refused.
    """
    yield _button(tr("Custom range…"), Action.ASK_RANGE, state)
    if state.table and pages > 1:
        yield _button(tr_p("page", "Back"), Action.BACK, state, disabled=state.page == 0)
        yield _button(tr_p("page", "Next"), Action.ON, state, disabled=state.page >= pages - 1)
    else:
        yield _button(tr("Refresh"), Action.REFRESH, state)
        if VIEWS[state.kind].may_compare:
            yield _button(tr("Compare: on") if state.compare else tr("Compare: off"), Action.COMPARE, state)
    yield _button(tr("Chart") if state.table else tr("Table"), Action.FORM, state)
    yield _button(tr("Export…"), Action.EXPORT, state)


def _button(label: str, action: Action, state: ViewState, *, disabled: bool = False) -> _Item:
    return discord.ui.Button(label=label, custom_id=encode(action, state), disabled=disabled)
