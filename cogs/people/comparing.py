"""What ``/activity analyze comparative`` is asked to set side by side, and in which metric."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.user_errors import Refusal
from bot.views.analyze import channels, member_median, periods, roles, servers
from bot.views.registry import VIEWS
from bot.wording.format import plain
from cogs.asking import MAX_SUGGESTIONS
from cogs.controls.panel import LABEL_LIMIT
from cogs.controls.state import MAX_ID
from texts import Language, said_in, tr

ALL = "all"


@dataclass(frozen=True, slots=True)
class Given:
    """Ids that were given, 0 for an option that was left out; ``member`` is a pseudonym."""

    channels: tuple[int, int] = (0, 0)
    roles: tuple[int, int] = (0, 0)
    member: int = 0
    server: int = 0

    @property
    def groups(self) -> list[str]:
        """The comparisons that the options belong to."""
        rows = (
            (channels.GROUP, any(self.channels)),
            (roles.GROUP, any(self.roles)),
            (member_median.GROUP, bool(self.member)),
            (servers.GROUP, bool(self.server)),
        )
        return [group for group, given in rows if given] or [periods.GROUP]

    @property
    def group(self) -> str:
        """The comparison that is meant; raises Refusal if several are."""
        first, *others = self.groups
        if others:
            raise Refusal(
                tr(
                    "Compare either two channels, or two roles, or one member with the median, or another "
                    "server: leave the other options out."
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


def server_of(typed: str, here: int, suggested: Mapping[int, str]) -> int:
    """The server that is meant by what was typed, an id or a suggested name; raises Refusal."""
    text = typed.strip()
    if text.isdecimal() and 0 < int(text) <= MAX_ID:
        if int(text) == here:
            raise Refusal(tr("This is that server: name another one."))
        return int(text)
    named = [server for server, name in suggested.items() if name.casefold() == text.casefold()]
    if len(named) != 1:
        raise Refusal(
            tr(
                "Choose one of the servers that are offered while you type. Those are the ones that agree to "
                "be compared; an admin arranges that with `/admin agreements`."
            )
        )
    return named[0]


def server_suggestions(suggested: Mapping[int, str], typed: str) -> list[tuple[str, str]]:
    """Servers that fit what is typed so far, as (name, id)."""
    words = typed.strip().casefold()
    return [
        (plain(name, LABEL_LIMIT) or str(server), str(server))
        for server, name in suggested.items()
        if words in name.casefold() or words in str(server)
    ][:MAX_SUGGESTIONS]


def kind_of(group: str, metric: str | None, languages: Iterable[Language] = ()) -> str:
    """The view that compares a metric, by its name or as a menu prints it.

    Raises Refusal for one that this comparison does not have.
    """
    kind = kind_meant(group, metric or ALL, languages)
    if kind is None:
        known = ", ".join(f"`{name}`" for name, _ in metrics_of(group))
        raise Refusal(
            tr("That metric is not known of what you compare. There are: {metrics}.", metrics=known)
        )
    return kind


def kind_meant(group: str, typed: str, languages: Iterable[Language]) -> str | None:
    """The view of a comparison by its metric's name or its title, whole or what is behind its colon."""
    words, known = typed.strip().casefold(), tuple(languages)
    for kind in (kind for kind, view in VIEWS.items() if view.group == group):
        titles = [title.casefold() for title in said_in(VIEWS[kind].title, known)]
        if words in {kind.rpartition("/")[2], *titles, *(title.rpartition(": ")[2] for title in titles)}:
            return kind
    return None


def metrics_of(group: str) -> list[tuple[str, str]]:
    """Metrics of a comparison, as (name, title of the view)."""
    return [(kind.rpartition("/")[2], str(view.title)) for kind, view in VIEWS.items() if view.group == group]


def metric_suggestions(group: str, typed: str) -> list[tuple[str, str]]:
    """Metrics that fit what is typed so far, as (title, name)."""
    words = typed.strip().lower()
    fitting = [(title, name) for name, title in metrics_of(group) if words in name or words in title.lower()]
    return fitting[:MAX_SUGGESTIONS]
