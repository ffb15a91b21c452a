"""What members did in a range of hours: out of packed months, the packs of days, or slices."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from analytics.day_columns import DAY_NAMES, HOUR_NAMES, DatedMembers, MemberDayColumns, MemberPart
from analytics.day_packs import members_of_pack
from analytics.local_time import HourRange
from analytics.member_days import members_within
from analytics.member_spans import MemberSpan, SpanPart, day_parts, month_columns, span_of_day, span_of_month
from analytics.months import whole_months
from bot.db.database import Handle
from bot.db.member_months import Months, read_months, valid_months
from bot.db.slices import ServerDay, member_slices
from bot.db.valid_packs import (
    DayMark,
    Revisions,
    hours_within,
    read_marks,
    read_packs,
    read_revisions,
    revisions_of,
)
from schemas.day_packs import HOURS_FORM, MEMBER_PACKS, PACK_FORM


@dataclass(frozen=True, slots=True)
class MemberReading:
    """Reads what members of a server did in a range of hours."""

    db: Handle
    guild_id: int
    span: HourRange

    async def spans(self, parts: tuple[SpanPart, ...]) -> list[MemberSpan]:
        """Months that lie whole in the range out of one document each, the rest by day."""
        marks, months = await asyncio.gather(
            read_marks(self.db, self.guild_id, self.span), self.months(parts)
        )
        return await self.spans_of(marks, months, parts)

    async def months(self, parts: tuple[SpanPart, ...]) -> Months:
        """The packed months of the range, valid or not."""
        server = (self.guild_id, self.span.zone)
        return await read_months(self.db, server, whole_months(self.span.whole_days), month_columns(parts))

    async def spans_of(
        self, marks: Mapping[int, DayMark], months: Months, parts: tuple[SpanPart, ...]
    ) -> list[MemberSpan]:
        """Months as far as they are valid by the marks of their days; the other days out of their packs."""
        packed = valid_months(months, marks)
        in_months = {day for days in packed for day in days}
        by_day = {day: revision for day, revision in revisions_of(marks).items() if day not in in_months}
        days = await self._days(by_day, day_parts(parts))

        def spans() -> list[MemberSpan]:
            return [
                *(span_of_month(each, month) for each, month in packed.items()),
                *(span_of_day(dated, parts) for dated in days),
            ]

        return await asyncio.to_thread(spans)

    async def days(self, parts: tuple[MemberPart, ...]) -> list[DatedMembers]:
        """Each day that has anything."""
        return await self._days(await read_revisions(self.db, self.guild_id, self.span), parts)

    async def _days(self, revisions: Revisions, parts: tuple[MemberPart, ...]) -> list[DatedMembers]:
        """Those days of which revisions are given."""
        cut = {day: revision for day, revision in revisions.items() if day not in self.span.whole_days}
        whole = {day: revision for day, revision in revisions.items() if day not in cut}
        columns = [name for part in parts for name in part.value]
        of_whole, of_cut = await asyncio.gather(
            self._from_packs(whole, parts, columns),
            self._from_packs(cut, parts, (*DAY_NAMES, *HOUR_NAMES)),
        )
        found = of_whole | of_cut
        return [DatedMembers(day, found[day]) for day in sorted(found)]

    async def _from_packs(
        self, days: Revisions, parts: Collection[MemberPart], columns: Iterable[str]
    ) -> dict[int, MemberDayColumns]:
        """Days out of their packs, as far as these say enough of them, and else out of their slices."""
        server = (self.guild_id, self.span.zone)
        packs = await read_packs(self.db, MEMBER_PACKS.name, server, days, (*columns, "form"))
        enough = {
            day: pack
            for day, pack in packs.items()
            if pack.get("form", 1)
            >= (PACK_FORM if day in self.span.whole_days or days[day] is None else HOURS_FORM)
        }
        packed = await asyncio.to_thread(self._cut_packs, enough)
        return packed | await self._from_slices(days.keys() - packed.keys(), parts)

    async def _from_slices(
        self, days: Collection[int], parts: Collection[MemberPart]
    ) -> dict[int, MemberDayColumns]:
        found = await asyncio.gather(
            *(
                member_slices(self.db, ServerDay(self.guild_id, self.span.zone, day), parts=parts)
                for day in days
            )
        )
        read = dict(zip(days, found, strict=True))
        return await asyncio.to_thread(
            lambda: {day: self._within(day, columns) for day, columns in read.items()}
        )

    def _cut_packs(self, packs: Mapping[int, Mapping[str, Any]]) -> dict[int, MemberDayColumns]:
        return {day: self._within(day, members_of_pack(pack)) for day, pack in packs.items()}

    def _within(self, day: int, columns: MemberDayColumns) -> MemberDayColumns:
        """A day as far as it lies in the range; whole where its hours are not known."""
        if day in self.span.whole_days or columns.by_hour is None:
            return columns
        return members_within(columns, hours_within(self.span, day))
