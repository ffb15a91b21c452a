"""What ``/activity analyze comparative`` is asked to set side by side, and in which metric."""

from dataclasses import dataclass

from bot.user_errors import Refusal
from bot.views.analyze import channels, member_median, periods, roles
from bot.views.registry import VIEWS
from cogs.asking import MAX_SUGGESTIONS
from texts import tr

ALL = "all"


@dataclass(frozen=True, slots=True)
class Given:
    """Ids that were given, 0 for an option that was left out; ``member`` is a pseudonym."""

    channels: tuple[int, int] = (0, 0)
    roles: tuple[int, int] = (0, 0)
    member: int = 0

    @property
    def groups(self) -> list[str]:
        """The comparisons that the options belong to."""
        rows = (
            (channels.GROUP, any(self.channels)),
            (roles.GROUP, any(self.roles)),
            (member_median.GROUP, bool(self.member)),
        )
        return [group for group, given in rows if given] or [periods.GROUP]

    @property
    def group(self) -> str:
        """The comparison that is meant; raises Refusal if several are."""
        first, *others = self.groups
        if others:
            raise Refusal(
                tr(
                    "Compare either two channels, or two roles, or one member with the median: "
                    "leave the other options out."
                )
            )
        return first


def two_channels(given: tuple[int, int], here: int) -> tuple[int, ...]:
    """The channels to compare; for one that was left out, that in which it is asked. Raises Refusal."""
    if not any(given):
        return ()
    first, second = (each or here for each in given)
    if first == second:
        raise Refusal(tr("These are the same channel: name two with `channel` and `other_channel`."))
    return first, second


def two_roles(given: tuple[int, int], everyone: int) -> tuple[int, ...]:
    """The roles to compare; raises Refusal."""
    if not any(given):
        return ()
    if 0 in given or given[0] == given[1]:
        raise Refusal(tr("Name two roles to compare, with `role` and `other_role`."))
    if everyone in given:
        raise Refusal(tr("Every member has the role @everyone: choose other roles."))
    return given


def kind_of(group: str, metric: str | None) -> str:
    """The view that compares a metric; raises Refusal for one that this comparison does not have."""
    kind = f"{group}/{metric or ALL}"
    if kind not in VIEWS:
        known = ", ".join(f"`{name}`" for name, _ in metrics_of(group))
        raise Refusal(
            tr("That metric is not known of what you compare. There are: {metrics}.", metrics=known)
        )
    return kind


def metrics_of(group: str) -> list[tuple[str, str]]:
    """Metrics of a comparison, as (name, title of the view)."""
    return [(kind.rpartition("/")[2], str(view.title)) for kind, view in VIEWS.items() if view.group == group]


def metric_suggestions(group: str, typed: str) -> list[tuple[str, str]]:
    """Metrics that fit what is typed so far, as (title, name)."""
    words = typed.strip().lower()
    fitting = [(title, name) for name, title in metrics_of(group) if words in name or words in title.lower()]
    return fitting[:MAX_SUGGESTIONS]
