"""What somebody wants to take away."""

from dataclasses import dataclass, replace

from analytics.charts.spec import Theme
from bot.views.registry import VIEWS
from bot.views.scope import Scope
from bot.views.service import ViewService
from bot.views.view import Restriction


@dataclass(frozen=True, slots=True)
class Order:
    """A view as it was asked for. ``theme`` is that of its picture; what goes on paper is light.

    ``group`` are the kinds of all views of its command that the asker may see, for a report of them all.
    """

    views: ViewService
    kind: str
    scope: Scope
    theme: Theme = Theme.DARK
    group: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """Beginning of the names of its files."""
        return self.kind.replace("/", "-")

    def scope_of(self, kind: str) -> Scope:
        """The scope for another view of the group, without restrictions that it does not know."""
        view = VIEWS[kind]
        known = {*view.restricted_by, view.compares}
        scope = self.scope
        return replace(
            scope,
            channels=scope.channels if Restriction.CHANNELS in known else (),
            roles=scope.roles if Restriction.ROLES in known else (),
            chosen=scope.chosen if Restriction.CHANNELS in known else (),
            servers=scope.servers if Restriction.SERVERS in known else (),
            unseen=scope.unseen if Restriction.CHANNELS in known else 0,
        )
