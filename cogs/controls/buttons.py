"""The buttons that change how a view is shown: each is the state that it leads to."""

from dataclasses import replace

from cogs.answering import Asked
from cogs.controls.control import Control
from cogs.controls.state import MAX_PAGE, Action, ViewState, template
from cogs.showing import show


class _Step(Control, template=r"(?!)"):
    """Shows the view in another state."""

    async def act(self, interaction: Asked, state: ViewState) -> None:
        """Acknowledge, then show."""
        await interaction.response.defer()
        await show(interaction, self.after(state))

    def after(self, state: ViewState) -> ViewState:
        """The state that the button leads to."""
        raise NotImplementedError


class RefreshButton(_Step, template=template(Action.REFRESH)):
    """Shows present figures."""

    def after(self, state: ViewState) -> ViewState:
        """The same."""
        return state


class FormButton(_Step, template=template(Action.FORM)):
    """Shows the chart's numbers as a table, or the chart again."""

    def after(self, state: ViewState) -> ViewState:
        """The other form, from its beginning."""
        return replace(state, table=not state.table, page=0)


class CompareButton(_Step, template=template(Action.COMPARE)):
    """Shows the figures with or without those of the period before."""

    def after(self, state: ViewState) -> ViewState:
        """The other of both."""
        return replace(state, compare=not state.compare, page=0)


class BackButton(_Step, template=template(Action.BACK)):
    """Shows the page before."""

    def after(self, state: ViewState) -> ViewState:
        """A page back."""
        return replace(state, page=max(state.page - 1, 0))


class OnButton(_Step, template=template(Action.ON)):
    """Shows the next page; one behind the last is shown as the last."""

    def after(self, state: ViewState) -> ViewState:
        """A page on."""
        return replace(state, page=min(state.page + 1, MAX_PAGE))
