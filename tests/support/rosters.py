"""What is stored of servers' members, in memory, fed by the real book."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.ingest.activities.members import MemberChanged, MemberJoined, MemberLeft, MembersCompared
from bot.ingest.books.members import MemberState, RosterState, apply, apply_compared
from bot.members.comparer import Roster
from bot.members.comparison import Known, digest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.ingest.activity import Activity
    from bot.ingest.books.members import MemberChange


async def nothing() -> None:
    """Have nothing to bring anywhere."""


class MemoryRosters:
    """See ``bot.members.comparer.RosterStore``; ``take`` is what the recorder does with an activity."""

    def __init__(self) -> None:
        self.states: dict[tuple[int, int], MemberState] = {}
        self.rosters: dict[int, RosterState] = {}
        self.heard_at: dict[int, int] = {}

    def take(self, activity: Activity) -> list[MemberChange]:
        """Hold an activity against what is known; what changes in the counters."""
        match activity:
            case MemberJoined() | MemberLeft() | MemberChanged():
                state = self.states.setdefault((activity.guild, activity.member), MemberState())
                return list(apply(state, activity))
            case MembersCompared():
                return list(apply_compared(self.rosters.setdefault(activity.guild, RosterState()), activity))
        return []

    async def roster(self, guild: int) -> Roster:
        return Roster(self.rosters.get(guild, RosterState()).known_until, self.heard_at.get(guild, 0))

    async def known(self, guild: int) -> Known:
        known = Known()
        for (of, member), state in self.states.items():
            if of == guild and state.present:
                known.add(member, state.joined, digest(state.roles, state.boosting, state.pending))
        return known

    async def heard(self, guilds: Iterable[int], at: int) -> None:
        self.heard_at.update(dict.fromkeys(guilds, at))
