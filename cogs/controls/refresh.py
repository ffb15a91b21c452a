"""The button that shows a view again as of now."""

from cogs.answering import Asked
from cogs.controls.control import Control
from cogs.controls.state import Action, ViewState, template
from cogs.showing import show


class RefreshButton(Control, template=template(Action.REFRESH)):
    """Shows the same view with present figures."""

    async def act(self, interaction: Asked, state: ViewState) -> None:
        """Acknowledge, then show."""
        await interaction.response.defer()
        await show(interaction, state)
