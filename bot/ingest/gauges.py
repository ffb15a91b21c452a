"""Gauges: readings of a level at an instant."""

from collections.abc import Callable

from bot.clock import Clock
from bot.ingest.activities.levels import MembersCounted
from bot.ingest.activity import Activity
from bot.ingest.calendars import Calendars


class MemberGauge:
    """Records how many members a server has."""

    def __init__(self, record: Callable[[Activity], None], calendars: Calendars, clock: Clock) -> None:
        self._record = record
        self._calendars = calendars
        self._clock = clock

    def read(self, guild_id: int, members: int) -> None:
        """Record a reading of now."""
        at = self._clock.now_ms()
        zone, day, hour = self._calendars.label(guild_id, at)
        self._record(MembersCounted(guild_id, at, zone, day, hour, members))
