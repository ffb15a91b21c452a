"""The controls under a view, drawn from its state."""

import discord

from analytics.timeframes import PRESETS, Timeframe, describe
from cogs.controls.state import Action, ViewState, encode

CUSTOM = "custom"
"""Value of the menu's entry that opens the form for a range."""


def panel(state: ViewState) -> discord.ui.View:
    """Controls of a view. They are finished at once: discord.py has nothing to remember about them."""
    view = discord.ui.View(timeout=None)
    view.add_item(_timeframe_menu(state))
    view.add_item(
        discord.ui.Button(
            label="Refresh", custom_id=encode(Action.REFRESH, state), row=1
        )  # grey: never in the way
    )
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
    options.append(
        discord.SelectOption(label="Custom range…", value=CUSTOM, description="From one day to another")
    )
    return discord.ui.Select(
        custom_id=encode(Action.TIMEFRAME, state), placeholder="Timeframe", options=options, row=0
    )
