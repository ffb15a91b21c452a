"""The days of a period: what was written in channels, and who wrote."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from analytics.local_time import HourRange
from analytics.member_spans import MemberSpan
from analytics.packs import ChannelColumns, distinct


@dataclass(frozen=True)
class PeriodDays:
    """Its ranges of hours, and cut to them its channels by day, and for each range the spans of who wrote."""

    ranges: tuple[HourRange, ...]
    channels: Sequence[ChannelColumns]
    wrote: Sequence[Sequence[MemberSpan]]

    @cached_property
    def forgotten(self) -> frozenset[int]:
        """Days that have messages, but whose members are kept no longer."""
        known = {
            (span.zone, day)
            for span, members in zip(self.ranges, self.wrote, strict=True)
            for each in members
            for day in each.days_of(each.wrote)
        }
        return frozenset(
            day.day for day in self.channels if day.messages.any() and (day.zone, day.day) not in known
        )

    def writers(self, days: range | None = None) -> int | None:
        """How many members wrote on some days (None: all), each once; None where one of them is forgotten."""
        if any(days is None or day in days for day in self.forgotten):
            return None
        return distinct(
            [
                each.members[each.wrote & each.of_days(each.days if days is None else days) != 0]
                for members in self.wrote
                for each in members
                if days is None or (each.days.start < days.stop and days.start < each.days.stop)
            ]
        )
