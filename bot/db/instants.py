"""Instants that may be missing: 0 ms here, None in the database."""

from datetime import UTC, datetime, timedelta

from bot.db.writes import instant

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def optional_instant(ms: int) -> datetime | None:
    """Date of a number of milliseconds since 1970; None for 0."""
    return instant(ms) if ms else None


def optional_milliseconds(date: datetime | None) -> int:
    """Milliseconds since 1970 of a date, exactly; 0 for None."""
    return 0 if date is None else (date - _EPOCH) // _MILLISECOND
