"""What every view begins with: the server, the period that is meant, and the head of its board."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from analytics.local_time import (
    HOURS_PER_DAY,
    HourRange,
    ZoneHistory,
    clock_number,
    clock_reading,
    instant_of_hour,
)
from analytics.timeframes import Period, describe, resolve
from bot.db.directory import GuildRecord
from bot.db.reader import Reader
from bot.views.scope import Scope
from schemas.results.board import Head, Subject, SubjectKind


@dataclass(frozen=True, slots=True)
class Placed:
    """A question on a server's calendar; ``first_day`` is the first with anything counted (None: none).

    ``first_hour`` is the hour number from which on what is asked for is known (None: it is not):
    ``bot.views.known_from`` says which that is, kind by kind. ``filters`` as in
    ``schemas.results.board.Head``.
    """

    guild: GuildRecord
    period: Period
    first_day: int | None
    first_hour: int | None
    filters: tuple[Subject, ...] = ()

    @property
    def zones(self) -> ZoneHistory:
        """The server's time zones."""
        return self.guild.zones

    @property
    def ranges(self) -> tuple[HourRange, ...]:
        """Hours of the period."""
        return self.period.ranges(self.zones)

    @property
    def counted_hour(self) -> int | None:
        """Hour number with which counting began; None: it has not."""
        return begin_of_day(self.first_day)

    @property
    def known(self) -> bool:
        """Whether anything is known of what is asked for in the period."""
        return self.first_hour is not None and self.first_hour < self.period.stop

    @property
    def before(self) -> tuple[int, int] | None:
        """The period before, if all of it is known."""
        previous = self.period.previous
        if previous is None or self.first_hour is None or previous[0] < self.first_hour:
            return None
        return previous if self.period.open_until is None else None

    def in_days(self) -> Self:
        """The question asked of whole days, for what is kept by day."""
        period = self.period.in_days()
        return replace(self, period=period if self.before else replace(period, previous=None))

    def with_days(self) -> tuple[tuple[HourRange, ...], tuple[HourRange, ...]]:
        """Hours that hold the period and its whole days, and those before; for what is read once for both."""
        days = self.in_days()
        start, stop = min(self.period.start, days.period.start), max(self.period.stop, days.period.stop)
        before = [hours for hours in (self.before, days.before) if hours is not None]
        if not before:
            return self.zones.ranges(start, stop), ()
        first, last = min(hours[0] for hours in before), max(hours[1] for hours in before)
        return self.zones.ranges(start, stop), self.zones.ranges(first, last)


async def place(reader: Reader, scope: Scope, *, closed: bool = False) -> Placed:
    """Put a scope onto the calendar of its server; raises UnknownGuild.

    ``closed``: without the running hour, if any other is in it.
    """
    guild = await reader.guild(scope.guild_id)
    counted = await reader.counted_days(scope.guild_id)
    first_day = counted.start if counted else None
    live = guild.discord_since is not None
    now_ms = scope.now_ms if live else _end_of_data(scope.now_ms, guild.zones, counted)
    told = _told_from(guild)

    def meant(*, closed: bool) -> Period:
        return resolve(scope.timeframe, now_ms, guild.zones, first_day, over=not live, closed=closed)

    period = meant(closed=closed)
    if period.previous is not None and told is not None and told <= period.previous[0]:
        period = meant(closed=True)
    if not scope.compare:
        period = replace(period, previous=None)
    return Placed(guild, period, first_day, begin_of_day(first_day), _filters(scope))


def begin_of_day(day: int | None) -> int | None:
    """The first hour of a day; None: there is none."""
    return None if day is None else day * HOURS_PER_DAY


def head_of(placed: Placed, *, compared: bool | None = None) -> Head:
    """Head of a board; ``compared`` None: wherever the period before is known in full."""
    period, zone = placed.period, placed.zones.current.zone
    before = period.before(zone)
    apart = placed.first_hour != placed.counted_hour

    def clock(hour: int | None) -> datetime | None:
        return None if hour is None else clock_reading(hour, zone)

    return Head(
        guild_id=placed.guild.guild_id,
        guild_name=placed.guild.name,
        timeframe=str(period.timeframe),
        timeframe_name=describe(period.timeframe),
        zone=zone.key,
        zone_changed=len({span.zone for span in placed.ranges}) > 1,
        start=clock_reading(period.start, zone),
        stop=period.end(zone),
        running=period.running,
        counted_since=clock(placed.counted_hour),
        comparable=period.previous is not None,
        compared=placed.before is not None if compared is None else compared,
        previous_start=before and before[0],
        previous_stop=before and before[1],
        filters=placed.filters,
        known_apart=apart,
        known_since=clock(placed.first_hour) if apart else None,
    )


def counted_in(head: Head) -> bool:
    """Whether any of a board's period was counted."""
    return head.counted_since is not None and head.counted_since < head.stop


def _told_from(guild: GuildRecord) -> int | None:
    """Hour number from which on all that happened was told, even if there was nothing to count."""
    if guild.discord_since is None:
        return None
    at_ms = round(guild.discord_since.timestamp() * 1000)
    return clock_number(at_ms, guild.zones.current.zone) + 1


def _filters(scope: Scope) -> tuple[Subject, ...]:
    channels = scope.chosen or scope.channels
    return (
        *(Subject(SubjectKind.CHANNEL, channel) for channel in channels),
        *(Subject(SubjectKind.ROLE, role) for role in scope.roles),
    )


def _end_of_data(now_ms: int, zones: ZoneHistory, counted: range) -> int:
    """Last instant of which anything is known, for a server that files alone have fed."""
    if not counted:
        return now_ms
    return min(now_ms, instant_of_hour(counted.stop * HOURS_PER_DAY, zones.current.zone) - 1)
