"""The button that shows a view again as of now."""

from cogs.controls.control import Control
from cogs.controls.state import Action, ViewState, template
from cogs.showing import Asked, show


class RefreshButton(Control, template=template(Action.REFRESH)):
    """Shows the same view with present figures."""

    async def act(self, interaction: Asked, state: ViewState) -> None:
        """Acknowledge, then show."""
        await interaction.response.defer()
        await show(interaction, state)
