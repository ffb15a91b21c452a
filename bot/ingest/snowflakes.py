"""Discord's ids tell when they were made."""

EPOCH_MS = 1_420_070_400_000
_SHIFT = 22


def time_of(snowflake: int) -> int:
    """Instant at which an id was made, in ms since 1970."""
    return (snowflake >> _SHIFT) + EPOCH_MS


def id_at(ms: int) -> int:
    """The least id of an instant; 0 for one before Discord."""
    return max(0, ms - EPOCH_MS) << _SHIFT
