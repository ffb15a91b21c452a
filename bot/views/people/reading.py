"""What members did in a period and in the one before it.

Reads, over d days and as many before, 2·d ``guildDays`` and 2·d ``memberPacks``; document by document the
``memberDays`` (one an active member) of days without a valid pack and of the days that a period cuts.
"""

import asyncio
from dataclasses import dataclass

from analytics.day_columns import MemberDayColumns
from analytics.local_time import HourRange
from analytics.member_activity import MemberActivity, member_activity
from bot.db.reader import Reader
from bot.views.heads import Placed, place
from bot.views.scope import Scope


@dataclass(frozen=True, slots=True)
class People:
    """``days`` and ``now`` are of the period; ``before`` None: it has no period before that was counted."""

    placed: Placed
    days: list[tuple[int, MemberDayColumns]]
    now: MemberActivity
    before: MemberActivity | None


async def read_people(reader: Reader, scope: Scope) -> People:
    """Read both periods; raises UnknownGuild."""
    placed = await place(reader, scope)
    days, before = await asyncio.gather(
        reader.members_by_day(scope.guild_id, placed.ranges),
        reader.member_days(scope.guild_id, _ranges_before(placed)),
    )
    now = await asyncio.to_thread(member_activity, [columns for _, columns in days])
    if placed.before is None:
        return People(placed, days, now, None)
    return People(placed, days, now, await asyncio.to_thread(member_activity, before))


def _ranges_before(placed: Placed) -> tuple[HourRange, ...]:
    return () if placed.before is None else placed.zones.ranges(*placed.before)
