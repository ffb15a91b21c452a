"""What members did in a period and in the one before it.

Reads what members did over d days and as many before (``Reader.member_spans``). Only where days have no
members at all, their packs of channels tell whether anybody wrote: d more at most each. Restricted to roles,
also an index entry a role and member who has it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from analytics.day_counts import hourly, messages
from analytics.local_time import HOURS_PER_DAY, HourRange, clock_reading
from analytics.member_activity import (
    RANKED_BY,
    MemberActivity,
    RankedBy,
    member_activity,
    of_members,
    with_received,
)
from analytics.member_spans import MemberSpan, SpanPart, first_day, only_members
from analytics.packs import Ids
from bot.db.day_counts import ChannelPart
from bot.db.reader import Reader
from bot.views.counting import ranges_before
from bot.views.heads import Placed, place
from bot.views.known_from import Kind, known_of
from bot.views.role_holders import restricted_to
from bot.views.scope import Scope
from bot.views.whole_days import days_of
from schemas.results.days import WholeDays
from texts import tr

RECEIVED: RankedBy = "received"
PARTS: Mapping[RankedBy, SpanPart] = MappingProxyType(
    {
        "days": SpanPart.PRESENCE,
        "messages": SpanPart.MESSAGES,
        "voice_ms": SpanPart.VOICE,
        "given": SpanPart.GIVEN,
        "received": SpanPart.RECEIVED,
    }
)


_KINDS = (Kind.MESSAGES, Kind.VOICE, Kind.REACTIONS)
"""Kinds of what is counted of members."""


@dataclass(frozen=True, slots=True)
class People:
    """``spans`` and ``now`` are of the period, ``before`` of the one before it (None: unknown).

    ``known_from`` is the hour number before which messages were counted in the period, but no longer whose.
    ``kinds`` says from when on each kind of count is known, of the question as it was asked.
    ``days``: what was received is of these whole days, and with ``by_day`` all of it; None: of the period.
    """

    placed: Placed
    spans: Sequence[MemberSpan]
    now: MemberActivity
    before: MemberActivity | None
    known_from: int | None
    kinds: Mapping[Kind, Placed]
    days: WholeDays | None = None
    by_day: bool = False

    def of_now(self, kind: Kind, by: RankedBy | None = None) -> MemberActivity | None:
        """What members did of a kind in the period, or on its whole days; None: it is not known.

        ``by``: which of it is asked for, as what was received is always of whole days.
        """
        return self.now if self._meant(kind, by).known else None

    def of_before(self, kind: Kind, by: RankedBy | None = None) -> MemberActivity | None:
        """What they did of it in the period before; None: it is not known of all of it."""
        return self.before if self._meant(kind, by).before is not None else None

    def _meant(self, kind: Kind, by: RankedBy | None) -> Placed:
        placed = self.kinds[kind]
        return placed.in_days() if self.by_day or by == RECEIVED else placed


async def read_people(
    reader: Reader,
    scope: Scope,
    only: tuple[RankedBy, ...] = RANKED_BY,
    *,
    daily: bool = False,
    by_day: bool = False,
) -> People:
    """Read both periods, of what members did ``only`` this; raises UnknownGuild.

    ``daily``: of the period also messages by day. ``by_day``: all of whole days. Reactions received are kept
    by day: they are always of whole days.
    """
    asked = await place(reader, scope)
    placed = asked.in_days() if by_day else asked
    parts = [PARTS[by] for by in only]
    spans, earlier = await asyncio.gather(
        reader.member_spans(scope.guild_id, placed.ranges, *parts, *((SpanPart.DAILY,) if daily else ())),
        _before(reader, placed, parts),
    )
    now = await asyncio.to_thread(member_activity, spans, only)
    before = None if earlier is None else await asyncio.to_thread(member_activity, earlier, only)
    days = days_of(asked) if RECEIVED in only else None
    if days is not None and not by_day:
        now = with_received(now, await _received(reader, asked, spans))
        if before is not None and asked.in_days().before is not None:
            before = with_received(before, await _received(reader, asked, earlier or (), before=True))
    kinds = {kind: await known_of(reader, asked, kind) for kind in _KINDS}
    known = await _known_from(reader, placed, spans)
    people = People(asked, spans, now, before, known, kinds, days, by_day)
    kept = await restricted_to(reader, scope, by_name=True)
    return people if kept is None else _of(people, kept)


async def _received(
    reader: Reader, placed: Placed, spans: Sequence[MemberSpan], *, before: bool = False
) -> MemberActivity:
    """What members received on the whole days of the period, or of the one before.

    Spans of its hours hold it, as a day that is cut is a span of its own, of which what was received is
    whole; unless none of its days is a whole one, or the time zone changed in it.
    """
    whole = placed.in_days()
    ranges, days = (ranges_before(placed), ranges_before(whole)) if before else (placed.ranges, whole.ranges)
    if len(ranges) == len(days) == 1 and set(days[0].days) <= set(ranges[0].days):
        within = days[0].days
        found = [span for span in spans if within.start <= span.days.start and span.days.stop <= within.stop]
    else:
        found = await reader.member_spans(placed.guild.guild_id, days, PARTS[RECEIVED])
    return await asyncio.to_thread(member_activity, found, (RECEIVED,))


def _of(people: People, kept: Ids) -> People:
    """What some members did."""
    return replace(
        people,
        spans=only_members(people.spans, kept),
        now=of_members(people.now, kept),
        before=None if people.before is None else of_members(people.before, kept),
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


async def _before(reader: Reader, placed: Placed, parts: Sequence[SpanPart]) -> Sequence[MemberSpan] | None:
    """The period before, unless that was not counted or its members are kept no longer."""
    if placed.before is None:
        return None
    ranges = placed.zones.ranges(*placed.before)
    spans = await reader.member_spans(placed.guild.guild_id, ranges, *parts)
    if first_day(spans) is None and await _wrote(reader, placed, ranges):
        return None
    return spans


async def _known_from(reader: Reader, placed: Placed, spans: list[MemberSpan]) -> int | None:
    if placed.first_hour is None:
        return None
    period, day = placed.period, first_day(spans)
    first = period.stop if day is None else day * HOURS_PER_DAY
    start = max(period.start, placed.first_hour)
    if first <= start or not await _wrote(reader, placed, placed.zones.ranges(start, first)):
        return None
    return first


async def _wrote(reader: Reader, placed: Placed, ranges: tuple[HourRange, ...]) -> bool:
    """Whether anybody wrote, as channels know it, which are kept for good."""
    found = await reader.channel_days(placed.guild.guild_id, ranges, ChannelPart.MESSAGES)
    return bool(hourly(found, messages))
