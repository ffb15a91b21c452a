"""The menu that changes a view's timeframe."""

from dataclasses import replace

import discord

from cogs.controls.control import Control
from cogs.controls.custom_range import range_form
from cogs.controls.panel import CUSTOM, choices
from cogs.controls.state import Action, OutdatedControlError, ViewState, template
from cogs.showing import Asked, show


class TimeframeMenu(Control, template=template(Action.TIMEFRAME)):
    """Shows the view over another timeframe, or asks for a range."""

    async def act(self, interaction: Asked, state: ViewState) -> None:
        """Show the chosen timeframe; a range of one's own is asked for in a form."""
        chosen = self._chosen()
        if chosen == CUSTOM:
            await interaction.response.send_modal(range_form(state))
            return
        timeframe = choices(state.timeframe).get(chosen)
        if timeframe is None:
            raise OutdatedControlError
        await interaction.response.defer()
        await show(interaction, replace(state, timeframe=timeframe, page=0))

    def _chosen(self) -> str:
        values = self.item.values if isinstance(self.item, discord.ui.Select) else []
        return str(values[0]) if len(values) == 1 else ""
