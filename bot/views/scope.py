"""What a view is asked for."""

from dataclasses import dataclass

from analytics.timeframes import Timeframe


@dataclass(frozen=True, slots=True)
class Scope:
    """One server, one timeframe, as of one instant (ms since 1970 UTC)."""

    guild_id: int
    timeframe: Timeframe
    now_ms: int
