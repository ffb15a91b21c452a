"""Joins, leaves and changes against what is known of the member.

Discord tells of a leave without a time or a name for it, sends events again, and tells nothing while the bot
is away. A join has a time of Discord's own, which tells joins apart, whatever the host's clock says: the same
join again changes nothing, an older one is late, a newer one closes the absence, or shows that a leave was
missed. A join that is the known one takes back the leave that came after it: that was an old one, sent again.
So when the last events come again in order, the outcome is the same. The order is that of the journal.
"""

from collections.abc import Iterator

import msgspec

from bot.ingest.activities.members import (
    JoinSeen,
    MemberChanged,
    MemberJoined,
    MemberLeft,
    MembersCompared,
    Membership,
)
from schemas.guild_day_names import GuildCount

SAME_JOIN_MS = 1_000
"""Two joins of one member that are not further apart are one: Discord rounds differently here and there."""
KEPT_ABSENCES = 100
"""Absences of one member that are remembered, the latest."""


class Away(msgspec.Struct):
    """An absence, in ms; ``until`` 0: it lasts. ``not_before`` 0: unknown, or the time is exact.

    ``joined`` is the join of the stay before it; 0: unknown.
    """

    since: int
    until: int = 0
    not_before: int = 0
    joined: int = 0


class LeaveLabel(msgspec.Struct, frozen=True):
    """Where the open absence counts."""

    zone: int
    day: int
    hour: int
    found: bool
    boosted: bool


class MemberState(msgspec.Struct):
    """What is known of a member's coming and going; ``joined`` 0: the time of the last join is unknown.

    ``left`` says where the open absence counts; None: the member is not away.
    """

    joined: int = 0
    absences: list[Away] = msgspec.field(default_factory=list)
    roles: tuple[int, ...] = ()
    boosting: int = 0
    pending: bool = False
    left: LeaveLabel | None = None

    @property
    def away(self) -> bool:
        """Whether the member is known to have left."""
        return self.left is not None

    @property
    def present(self) -> bool:
        """Whether the member is known to be there; False also where nothing is known."""
        return self.joined != 0 and self.left is None


class RosterState(msgspec.Struct):
    """How far a server's joins are known, in ms; 0: the list was never compared."""

    known_until: int = 0
    compared: int = 0


class MembershipCounted(msgspec.Struct, frozen=True):
    """Something of the members counts, or (-1) no longer."""

    guild: int
    zone: int
    day: int
    hour: int
    name: GuildCount
    by: int = 1


class RolesCounted(msgspec.Struct, frozen=True):
    """A member got and lost roles."""

    guild: int
    zone: int
    day: int
    given: tuple[int, ...]
    taken: tuple[int, ...]


MemberChange = MembershipCounted | RolesCounted


def apply(state: MemberState, activity: Membership) -> Iterator[MemberChange]:
    """Note a join, a leave or a change; yields what changes in the counters."""
    match activity:
        case MemberJoined():
            yield from _join(state, activity)
        case MemberLeft():
            if not state.away:
                yield from _leave(state, activity)
        case MemberChanged():
            if state.present:
                yield from _change(state, activity)


def apply_compared(state: RosterState, compared: MembersCompared) -> Iterator[MemberChange]:
    """Note that the member list was compared."""
    state.known_until = max(state.known_until, compared.known_until)
    state.compared = max(state.compared, compared.at)
    yield from ()


def _join(state: MemberState, seen: MemberJoined) -> Iterator[MemberChange]:
    known = state.joined != 0 or state.away
    if state.joined and seen.joined <= state.joined + SAME_JOIN_MS:
        if not state.away or seen.joined < state.joined - SAME_JOIN_MS:
            return
        yield from _take_back(state, seen.guild)
    else:
        if state.present:  # the leave in between was missed
            yield from _leave(
                state,
                MemberLeft(
                    guild=seen.guild,
                    member=seen.member,
                    at=seen.joined,
                    zone=seen.zone,
                    day=seen.day,
                    hour=seen.hour,
                    found=True,
                    not_before=seen.not_before,
                ),
            )
        if known or seen.seen != JoinSeen.SURVIVOR:
            yield _counted(seen, GuildCount.JOINS)
        if known:
            yield _counted(seen, GuildCount.REJOINS)
        if state.away:
            last = state.absences[-1]
            last.since = min(last.since, seen.joined)
            last.until = seen.joined
            last.joined = last.joined or state.joined
        state.joined = seen.joined
    state.left = None
    state.roles, state.boosting, state.pending = seen.roles, seen.boosting, seen.pending


def _leave(state: MemberState, left: MemberLeft) -> Iterator[MemberChange]:
    boosted = state.boosting != 0
    since = max(left.at, state.joined)
    not_before = min(max(left.not_before, state.joined), since) if left.found else 0
    state.absences = [*state.absences, Away(since, 0, not_before, state.joined)][-KEPT_ABSENCES:]
    state.left = LeaveLabel(left.zone, left.day, left.hour, left.found, boosted)
    state.roles, state.boosting, state.pending = (), 0, False
    yield from _leave_counts(state.left, left.guild, 1)


def _take_back(state: MemberState, guild: int) -> Iterator[MemberChange]:
    if state.left is not None:
        yield from _leave_counts(state.left, guild, -1)
        state.absences = state.absences[:-1]


def _leave_counts(left: LeaveLabel, guild: int, by: int) -> Iterator[MembershipCounted]:
    names = [GuildCount.LEAVES]
    if left.found:
        names.append(GuildCount.LEAVES_FOUND)
    if left.boosted:
        names.append(GuildCount.BOOSTS_ENDED)
    for name in names:
        yield MembershipCounted(guild, left.zone, left.day, left.hour, name, by)


def _change(state: MemberState, now: MemberChanged) -> Iterator[MemberChange]:
    given = tuple(role for role in now.roles if role not in state.roles)
    taken = tuple(role for role in state.roles if role not in now.roles)
    if given or taken:
        yield RolesCounted(now.guild, now.zone, now.day, given, taken)
    if state.boosting != now.boosting:
        if state.boosting:
            yield _counted(now, GuildCount.BOOSTS_ENDED)
        if now.boosting:
            yield _counted(now, GuildCount.BOOSTS_BEGUN)
    if state.pending and not now.pending:
        yield _counted(now, GuildCount.SCREENINGS_PASSED)
    state.roles, state.boosting, state.pending = now.roles, now.boosting, now.pending


def _counted(activity: MemberJoined | MemberChanged, name: GuildCount) -> MembershipCounted:
    return MembershipCounted(activity.guild, activity.zone, activity.day, activity.hour, name)
