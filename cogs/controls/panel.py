"""The controls under a view, drawn from its state."""

import discord

from analytics.timeframes import PRESETS, Timeframe, describe
from cogs.controls.state import Action, ViewState, encode


def panel(state: ViewState) -> discord.ui.View:
    """Controls of a view. They are finished at once: discord.py has nothing to remember about them."""
    view = discord.ui.View(timeout=None)
    view.add_item(_timeframe_menu(state))
    # A menu's entry could not open the form: Discord sends nothing when the same entry is chosen again, as
    # after a form that was closed or refused. The buttons are grey: never in the way.
    for label, action in (("Custom range…", Action.ASK_RANGE), ("Refresh", Action.REFRESH)):
        view.add_item(discord.ui.Button(label=label, custom_id=encode(action, state), row=1))
    view.stop()
    return view


def choices(present: Timeframe) -> dict[str, Timeframe]:
    """The timeframes a menu offers, by value; the present one is among them."""
    offered = {str(preset): preset for preset, _ in PRESETS}
    return offered if str(present) in offered else {**offered, str(present): present}


def _timeframe_menu(state: ViewState) -> discord.ui.Select[discord.ui.View]:
    options = [
        discord.SelectOption(label=describe(timeframe), value=value, default=timeframe == state.timeframe)
        for value, timeframe in choices(state.timeframe).items()
    ]
    return discord.ui.Select(
        custom_id=encode(Action.TIMEFRAME, state), placeholder="Timeframe", options=options, row=0
    )
