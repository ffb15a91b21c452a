"""Times and ids as files write them."""

from datetime import UTC, datetime, timedelta

# The year in which IRC began: nothing that is imported can be older.
EARLIEST_MS = 567_993_600_000
LATEST_MS = 4_102_444_800_000
LARGEST_ID = (1 << 63) - 1

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def epoch_ms(moment: datetime) -> int:
    """Milliseconds since 1970 UTC; a time without an offset is UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // _MS


def snowflake(value: int | str) -> int:
    """An id from an integer or its decimal digits; ``ValueError`` if it is none."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= len(str(LARGEST_ID)):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= LARGEST_ID:
        raise ValueError("not an id")
    return value
