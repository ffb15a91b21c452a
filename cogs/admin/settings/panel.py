"""The panel of settings: all of them, one of them, and the question before a change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bot.wording.format import plain
from cogs.admin.settings.registry import SETTINGS
from cogs.admin.settings.setting import Setting
from cogs.admin.settings.state import Action, Control, encode, fingerprint
from cogs.answering import Asked
from cogs.cards.card import COLOUR
from cogs.controls.state import OutdatedControlError
from cogs.sight import sight_of, without_unseen
from texts import LazyText, tr

_INTRODUCTION = LazyText(
    "Choose a setting to change it. What is counted at all is set with `/admin counting`, and with "
    "which servers this one is compared with `/admin agreements`; who changed what is shown by "
    "`/admin audit`."
)
_HELP_LIMIT = 100
"""Characters that Discord shows below an entry of a menu."""
_ASKING = discord.Colour(0xE0A030)


@dataclass(frozen=True, slots=True)
class Page:
    """What the panel shows."""

    embed: discord.Embed
    view: discord.ui.View


def setting_of(key: str) -> Setting:
    """The setting; raises OutdatedControlError for one that there is no more."""
    setting = SETTINGS.get(key)
    if setting is None:
        raise OutdatedControlError
    return setting


def home(asked: Asked, guild: int) -> Page:
    """All settings, and a menu to choose one."""
    embed = discord.Embed(title=tr("Settings of this server"), description=str(_INTRODUCTION), colour=COLOUR)
    for setting in SETTINGS.values():
        value = setting.read(asked.client.services, guild)
        notes = [note for note in (setting.note(asked, value),) if note is not None]
        embed.add_field(
            name=str(setting.title), value="\n".join([setting.shown(value), *notes]), inline=False
        )
    menu: discord.ui.Select[Any] = discord.ui.Select(
        custom_id=encode(Control(Action.OPEN)),
        placeholder=tr("Change a setting"),
        options=[
            discord.SelectOption(
                label=str(setting.title), value=setting.key, description=plain(str(setting.help), _HELP_LIMIT)
            )
            for setting in SETTINGS.values()
        ],
    )
    return _page(asked, guild, embed, menu)


def page_of(
    asked: Asked, guild: int, setting: Setting, *, said: str = "", offered: Mapping[str, str] | None = None
) -> Page:
    """One setting with its controls; ``said`` is what has happened, ``offered`` values to choose from."""
    present = setting.read(asked.client.services, guild)
    embed = discord.Embed(title=str(setting.title), description=str(setting.help), colour=COLOUR)
    embed.add_field(name=tr("Now"), value=setting.shown(present), inline=False)
    note = setting.note(asked, present)
    if note is not None:
        embed.add_field(name=tr("Please note"), value=note, inline=False)
    if said:
        embed.set_footer(text=said)
    stood = fingerprint(present)
    items: list[discord.ui.Item[Any]] = []
    choose = encode(Control(Action.CHOOSE, setting.key, stood))
    if offered:
        options = [discord.SelectOption(label=name, value=value) for value, name in offered.items()]
        items.append(
            discord.ui.Select(custom_id=choose, placeholder=tr("Which of these is meant?"), options=options)
        )
    elif setting.choices is not None:
        items.append(setting.choices.menu(asked, choose, present))
    if setting.form is not None:
        ask = encode(Control(Action.ASK, setting.key))
        items.append(discord.ui.Button(label=tr("Change…"), style=discord.ButtonStyle.primary, custom_id=ask))
    return _page(asked, guild, embed, *items, _back(tr("All settings"), Control(Action.HOME)))


def question(asked: Asked, guild: int, setting: Setting, value: str, text: str) -> Page:
    """What a change would do, a button that does it, and one that does not."""
    present = setting.read(asked.client.services, guild)
    embed = discord.Embed(
        title=tr("{setting}: change it?", setting=setting.title), description=text, colour=_ASKING
    )
    embed.add_field(name=tr("Now"), value=setting.shown(present), inline=False)
    embed.add_field(name=tr("Then"), value=setting.shown(value), inline=False)
    confirm: discord.ui.Button[Any] = discord.ui.Button(
        label=tr("Change it"),
        style=discord.ButtonStyle.danger,
        custom_id=encode(Control(Action.CONFIRM, setting.key, fingerprint(present), value)),
    )
    return _page(asked, guild, embed, confirm, _back(tr("Leave it as it is"), Control(Action.HOME)))


def form_of(asked: Asked, guild: int, setting: Setting) -> discord.ui.Modal:
    """The form of a setting; finished at once, as ``cogs.controls.custom_range`` says."""
    if setting.form is None:
        raise OutdatedControlError
    stood = fingerprint(setting.read(asked.client.services, guild))
    modal = discord.ui.Modal(
        title=str(setting.title), custom_id=encode(Control(Action.SUBMIT, setting.key, stood))
    )
    for field in setting.form.fields(asked.client.services, guild):
        line: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
            custom_id=field.name,
            default=field.present or None,
            required=field.required,
            max_length=field.max_length,
        )
        modal.add_item(discord.ui.Label(text=field.label, description=field.description, component=line))
    modal.stop()
    return modal


def _page(asked: Asked, guild: int, embed: discord.Embed, *items: discord.ui.Item[Any]) -> Page:
    """The asker alone reads it: channels that the person does not see are not named."""
    return Page(without_unseen(embed, sight_of(asked, guild, private=True)), _view(*items))


def _view(*items: discord.ui.Item[Any]) -> discord.ui.View:
    """Finished at once: discord.py need not remember them."""
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    view.stop()
    return view


def _back(label: str, control: Control) -> discord.ui.Button[Any]:
    return discord.ui.Button(label=label, custom_id=encode(control))
