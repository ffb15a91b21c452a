"""What members did in a period and in the one before it.

Reads, over d days and as many before, 2·d ``guildDays`` and 2·d ``memberPacks``; document by document the
``memberDays`` (one an active member) of days without a valid pack, as today is. Only where days have no
members at all, their packs of channels tell whether anybody wrote: d more at most each. Restricted to roles,
also an index entry a role and member who has it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from analytics.day_columns import DatedMembers, MemberPart, only_members
from analytics.local_time import HOURS_PER_DAY, HourRange, clock_reading
from analytics.member_activity import RANKED_BY, MemberActivity, RankedBy, member_activity
from analytics.member_activity import only as only_of
from analytics.packs import Ids
from bot.db.reader import Reader
from bot.views.heads import Placed, place
from bot.views.role_holders import restricted_to
from bot.views.scope import Scope
from texts import tr

_PARTS: Mapping[RankedBy, MemberPart] = MappingProxyType(
    {
        "days": MemberPart.PRESENCE,
        "messages": MemberPart.MESSAGES,
        "voice_ms": MemberPart.VOICE,
        "given": MemberPart.GIVEN,
        "received": MemberPart.RECEIVED,
    }
)


@dataclass(frozen=True, slots=True)
class People:
    """``days`` and ``now`` are of the period, ``before`` of the one before it (None: unknown).

    ``known_from`` is the hour number before which messages were counted in the period, but no longer whose.
    """

    placed: Placed
    days: Sequence[DatedMembers]
    now: MemberActivity
    before: MemberActivity | None
    known_from: int | None


async def read_people(reader: Reader, scope: Scope, only: tuple[RankedBy, ...] = RANKED_BY) -> People:
    """Read both periods, of what members did ``only`` this; raises UnknownGuild."""
    parts = [_PARTS[by] for by in only]
    placed = await place(reader, scope)
    days, before = await asyncio.gather(
        reader.dated_member_days(scope.guild_id, placed.ranges, *parts), _before(reader, placed, only)
    )
    now = await asyncio.to_thread(member_activity, [dated.columns for dated in days], only)
    people = People(placed, days, now, before, await _known_from(reader, placed, days))
    kept = await restricted_to(reader, scope, by_name=True)
    return people if kept is None else _of(people, kept)


def _of(people: People, kept: Ids) -> People:
    """What some members did."""
    return replace(
        people,
        days=only_members(people.days, kept),
        now=only_of(people.now, kept),
        before=None if people.before is None else only_of(people.before, kept),
    )


def known_from(people: People) -> datetime | None:
    """When what members did begins to be known, if that is not with the period."""
    if people.known_from is None:
        return None
    return clock_reading(people.known_from, people.placed.zones.current.zone)


def unknown_before(moment: datetime | None) -> tuple[str, ...]:
    """What a board notes of that."""
    if moment is None:
        return ()
    day = f"{moment:%Y-%m-%d}"
    return (tr("What members did before {day} is kept no longer and missing here.", day=day),)


async def _before(reader: Reader, placed: Placed, only: tuple[RankedBy, ...]) -> MemberActivity | None:
    """The period before, unless that was not counted or its members are kept no longer."""
    if placed.before is None:
        return None
    ranges = placed.zones.ranges(*placed.before)
    days = await reader.member_days(placed.guild.guild_id, ranges, *(_PARTS[by] for by in only))
    if not any(columns.members.size for columns in days) and await _wrote(reader, placed, ranges):
        return None
    return await asyncio.to_thread(member_activity, days, only)


async def _known_from(reader: Reader, placed: Placed, days: list[DatedMembers]) -> int | None:
    if placed.first_hour is None:
        return None
    period = placed.period
    first = min(
        (dated.day * HOURS_PER_DAY for dated in days if dated.columns.members.size), default=period.stop
    )
    start = max(period.start, placed.first_hour)
    if first <= start or not await _wrote(reader, placed, placed.zones.ranges(start, first)):
        return None
    return first


async def _wrote(reader: Reader, placed: Placed, ranges: tuple[HourRange, ...]) -> bool:
    """Whether anybody wrote, as channels know it, which are kept for good."""
    found = await reader.period(placed.guild.guild_id, ranges)
    return any(day.messages.any() for day in found.channels)
