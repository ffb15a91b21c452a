"""The menu that changes a view's timeframe."""

from dataclasses import replace

import discord

from cogs.answering import Asked
from cogs.controls.control import Control
from cogs.controls.panel import choices
from cogs.controls.state import Action, OutdatedControlError, ViewState, template
from cogs.showing import show


class TimeframeMenu(Control, template=template(Action.TIMEFRAME)):
    """Shows the view over another timeframe."""

    async def act(self, interaction: Asked, state: ViewState) -> None:
        """Show the chosen timeframe."""
        timeframe = choices(state.timeframe).get(self._chosen())
        if timeframe is None:
            raise OutdatedControlError
        await interaction.response.defer()
        await show(interaction, replace(state, timeframe=timeframe, page=0))

    def _chosen(self) -> str:
        values = self.item.values if isinstance(self.item, discord.ui.Select) else []
        return str(values[0]) if len(values) == 1 else ""
