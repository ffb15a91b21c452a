"""The local days of thousands of instants at once."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from analytics.local_time import ZoneHistory

_DAY_SECONDS = 86_400

_Numbers = npt.NDArray[np.int64]


def local_days(at_ms: _Numbers, zones: ZoneHistory) -> _Numbers:
    """The days with which ``ZoneHistory.label`` labels instants (ms since 1970 UTC)."""
    days = np.empty(len(at_ms), np.int64)
    begins = [span.since_ms for span in zones.spans if span.since_ms is not None]
    which = np.searchsorted(np.array(begins, np.int64), at_ms, side="right")
    for number, span in enumerate(zones.spans):
        here = which == number
        days[here] = _days_in(at_ms[here] // 1000, span.zone)
    return days


def _days_in(seconds: _Numbers, zone: ZoneInfo) -> _Numbers:
    """The clock is looked at once a day of UTC, and for each instant of a day on which it is changed."""
    dates, place = np.unique(seconds // _DAY_SECONDS, return_inverse=True)
    offsets = {at: _offset(at * _DAY_SECONDS, zone) for at in {*dates.tolist(), *(dates + 1).tolist()}}
    ahead = np.array([offsets[at] for at in dates.tolist()], np.int64)[place]
    changed = np.array([offsets[at] != offsets[at + 1] for at in dates.tolist()], np.bool_)[place]
    for each in np.flatnonzero(changed).tolist():
        ahead[each] = _offset(int(seconds[each]), zone)
    return (seconds + ahead) // _DAY_SECONDS


def _offset(seconds: int, zone: ZoneInfo) -> int:
    """By how many seconds the clock of a zone is ahead of UTC."""
    local = datetime.fromtimestamp(seconds, zone)
    return int((local.replace(tzinfo=UTC) - datetime.fromtimestamp(seconds, UTC)).total_seconds())
