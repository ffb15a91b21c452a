"""What of a period is known of what members did: their days are kept for a shorter time than sums are."""

from dataclasses import dataclass

from analytics.local_time import HOURS_PER_DAY, HourRange
from bot.db.reader import Reader
from bot.views.heads import Placed, counted_in
from bot.views.known_from import Kind, known_of
from bot.views.scope import Scope
from schemas.results.board import Head
from texts import LazyText, tr_n

_NOT_KEPT = LazyText(
    "What members did is not kept for all of this period, so these figures are not known of it."
)
Hours = tuple[int, int]


@dataclass(frozen=True, slots=True)
class MembersKnown:
    """From which local day on it is known what members did; None: nothing is."""

    placed: Placed
    since: int | None

    @property
    def first_hour(self) -> int | None:
        """Hour number from which on it is known what members did of what is asked for; None: it is not."""
        first, since = self.placed.first_hour, self.since
        return None if first is None or since is None else max(first, since * HOURS_PER_DAY)

    @property
    def period(self) -> bool:
        """Whether all that was counted of the period is still known by member."""
        first, period = self.placed.first_hour, self.placed.period
        if first is None or first >= period.stop:
            return False
        return self.all_of((max(period.start, first), period.stop))

    @property
    def before(self) -> tuple[HourRange, ...]:
        """Ranges of the period before, if all of it is known; otherwise none."""
        return self._ranges(self.placed.before)

    def last_days(self, number: int) -> tuple[HourRange, ...]:
        """Ranges of the whole days before the period's end, if all of them are known; otherwise none."""
        end = self.placed.period.over // HOURS_PER_DAY
        return self._ranges(((end - number) * HOURS_PER_DAY, end * HOURS_PER_DAY))

    def all_of(self, hours: Hours) -> bool:
        """Whether it is known from the first of these hours on."""
        return self.since is not None and self.since * HOURS_PER_DAY <= hours[0]

    def _ranges(self, hours: Hours | None) -> tuple[HourRange, ...]:
        return self.placed.zones.ranges(*hours) if hours is not None and self.all_of(hours) else ()


@dataclass(frozen=True, slots=True)
class ArrivalsKnown:
    """From which local day on it is known what became of those who joined; ``told`` None: of nobody.

    ``told`` is the first whole day of which joins were told, ``since`` as in ``MembersKnown``. Who left is
    known for ``kept`` days after leaving (None: for good), as of ``today``.
    """

    told: int | None
    since: int | None
    kept: int | None
    today: int

    def first_day(self, after: int) -> int | None:
        """First day of joining of which is known who was active that many days later, or any time after."""
        if self.told is None or self.since is None:
            return None
        archived = self.told if self.kept is None else self.today - self.kept - after + 1
        return max(self.told, archived, self.since - after)


async def leavers_known_since(reader: Reader, scope: Scope, placed: Placed) -> int | None:
    """Hour number from which on it is known who left; None: never, as without the members intent."""
    told = (await known_of(reader, placed, Kind.MEMBERSHIP)).first_hour
    if told is None:
        return None
    kept = await reader.days_leavers_are_kept(scope.guild_id)
    if kept is None:
        return told
    return max(told, (placed.zones.label(scope.now_ms).day - kept + 1) * HOURS_PER_DAY)


def not_followed(joins: int) -> str:
    """Say that shares are without joins of which it is not known who it was."""
    return tr_n(
        "Shares are without {count} join of which I do not know who it was.",
        "Shares are without {count} joins of which I do not know who it was.",
        joins,
    )


async def arrivals_known(reader: Reader, scope: Scope, placed: Placed) -> ArrivalsKnown:
    """Ask how far back it is known who joined and what they did then."""
    told = (await known_of(reader, placed, Kind.MEMBERSHIP)).first_hour
    return ArrivalsKnown(
        None if told is None else -(-told // HOURS_PER_DAY),
        await reader.members_since(scope.guild_id, scope.now_ms),
        await reader.days_leavers_are_kept(scope.guild_id),
        placed.zones.label(scope.now_ms).day,
    )


def not_kept(head: Head, *, known: bool) -> tuple[str, ...]:
    """Note for a board whose period is not known by member, though it was counted."""
    return (str(_NOT_KEPT),) if counted_in(head) and not known else ()


async def members_known(reader: Reader, scope: Scope, placed: Placed) -> MembersKnown:
    """Ask how far back it is known what members did."""
    return MembersKnown(placed, await reader.members_since(scope.guild_id, scope.now_ms))
