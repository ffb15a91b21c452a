"""Packing months: bring the packs of a month's days into one document, again whenever one of them was.

Whoever packs a day says that its month is stale (``bot.db.member_months``), so nothing has to be looked for.
A month is written only if its mark is still the one from before its days were read: an erasure changes it,
so that nobody comes back who was in a pack that was read before.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analytics.day_columns import DAY_NAMES, DatedMembers
from analytics.day_packs import members_of_pack
from analytics.local_time import HOURS_PER_DAY, HourRange, day_of_midnight
from analytics.member_spans import joined, month_pack
from analytics.months import month_of
from bot.claims import ALL_SERVERS, Claim
from bot.db.database import Handle
from bot.db.directory import Directory
from bot.db.member_months import month_revisions, new_mark
from bot.db.valid_packs import DayMark, days_of, read_marks, read_packs
from bot.db.writes import instant
from schemas.day_packs import MEMBER_PACKS, PACK_FORM
from schemas.day_slices import GUILD_DAYS
from schemas.month_packs import MEMBER_MONTHS, MONTH_FORM

_SHORTEST_MS = 27 * 86_400_000
"""A month that began later is not over anywhere."""


@dataclass(frozen=True, slots=True)
class _Month:
    id: str
    mark: str
    guild: int
    zone: int
    days: range

    @property
    def hours(self) -> HourRange:
        """All of it."""
        return HourRange(self.zone, self.days.start * HOURS_PER_DAY, self.days.stop * HOURS_PER_DAY)


class MonthPacker:
    """Packs the months of the servers claimed that are over and stale."""

    def __init__(self, db: Handle, claim: Claim = ALL_SERVERS) -> None:
        self._db = db
        self._claim = claim
        self._directory = Directory(db)

    async def pack(self, now_ms: int) -> int:
        """Pack what can be packed; returns how many months.

        A month of which a day is not packed yet waits for it. One whose days can no longer be had, since they
        are kept no longer, is left alone until one of them is packed again.
        """
        today: dict[int, tuple[int, int]] = {}
        packed = 0
        for month in await self._stale(now_ms):
            if month.guild not in today:
                today[month.guild] = await self._directory.today(month.guild, now_ms)
            if (month.zone, month.days[-1]) < today[month.guild]:
                packed += await self._pack(month)
        return packed

    async def _stale(self, now_ms: int) -> list[_Month]:
        began = {"stale": True, "day": {"$lt": instant(now_ms - _SHORTEST_MS)}}
        names = {"mark": 1, "guildId": 1, "zone": 1, "day": 1}
        found = await self._db[MEMBER_MONTHS.name].find(began, names).sort("day", 1).to_list(None)
        return [
            _Month(
                stored["_id"], stored["mark"], guild, stored["zone"], month_of(day_of_midnight(stored["day"]))
            )
            for stored in found
            if self._claim.holds(guild := int(stored["guildId"]))
        ]

    async def _pack(self, month: _Month) -> bool:
        marks = await read_marks(self._db, month.guild, month.hours)
        waiting = {**days_of(month.guild, month.hours), "dirty": True}
        if await self._db[GUILD_DAYS.name].find_one(waiting, {"_id": 1}) is not None:
            return False
        packs = await self._packs(month, marks)
        if packs.keys() != marks.keys():
            await self._save(month, {"revisions": []})
            return False
        made = await asyncio.to_thread(_columns, month.days, packs)
        return await self._save(month, {"revisions": month_revisions(month.days, marks), **made})

    async def _packs(self, month: _Month, marks: Mapping[int, DayMark]) -> dict[int, Mapping[str, Any]]:
        """Packs of exactly these revisions that say all that members did."""
        revisions = {day: mark.revision for day, mark in marks.items()}
        server = (month.guild, month.zone)
        found = await read_packs(self._db, MEMBER_PACKS.name, server, revisions, ("form", *DAY_NAMES))
        return {day: pack for day, pack in found.items() if pack.get("form", 1) >= PACK_FORM}

    async def _save(self, month: _Month, fields: Mapping[str, Any]) -> bool:
        """Write what was made, unless the month was written to meanwhile: then it is made again."""
        as_read = {"_id": month.id, "mark": month.mark}
        settled = {"stale": False, "mark": new_mark(), "form": MONTH_FORM}
        done = await self._db[MEMBER_MONTHS.name].update_one(as_read, {"$set": {**settled, **fields}})
        return done.matched_count == 1


def _columns(days: range, packs: Mapping[int, Mapping[str, Any]]) -> dict[str, bytes]:
    members = [DatedMembers(day, members_of_pack(packs[day])) for day in sorted(packs)]
    return month_pack(joined(members, days))
