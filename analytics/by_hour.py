"""Numbers by row and hour, sparse: at row * 32 + hour."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from analytics.day_columns import ROW_STEP
from analytics.packs import Counts

Numbers = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]


class Entries(NamedTuple):
    """Numbers by place: a row, or row * 32 + hour; in any order, and perhaps several for a place."""

    at: Numbers
    by: Numbers


def entries_of(at: Counts, by: npt.NDArray[Any]) -> Entries:
    """Two columns as entries."""
    return Entries(at.astype(np.int64), by.astype(np.int64))


def moved(entries: Entries, places: Rows) -> Entries:
    """The entries of each row in the row that ``places`` has for it."""
    row, hour = np.divmod(entries.at, ROW_STEP)
    return Entries(places[row] * ROW_STEP + hour, entries.by)


def ordered(entries: Entries, places: Rows) -> Entries:
    """As ``moved``, ascending; of entries of which a place has one."""
    at, by = moved(entries, places)
    order = np.argsort(at)
    return Entries(at[order], by[order])


def joined(one: Entries, two: Entries) -> Entries:
    """All of both."""
    return Entries(np.concatenate([one.at, two.at]), np.concatenate([one.by, two.by]))


def summed(entries: Entries) -> Entries:
    """One entry a place, ascending; those that come to nothing go."""
    at, place = np.unique(entries.at, return_inverse=True)
    sums = np.zeros(len(at), np.int64)
    np.add.at(sums, place, entries.by)
    return Entries(at[sums != 0], sums[sums != 0])


def cut(at: Counts, by: npt.NDArray[Any], hours: range) -> Entries:
    """Those of two columns that are of some hours."""
    hour = at % ROW_STEP
    within = (hour >= hours.start) & (hour < hours.stop)
    return entries_of(at[within], by[within])


def sums_by_row(entries: Entries, count: int) -> Numbers:
    """Sum of each of ``count`` rows."""
    sums = np.zeros(count, np.int64)
    np.add.at(sums, entries.at // ROW_STEP, entries.by)
    return sums


def masks(entries: Entries, count: int) -> Numbers:
    """Mask of the hours of each row's entries that are not 0."""
    some = entries.by != 0
    row, hour = np.divmod(entries.at[some], ROW_STEP)
    masks = np.zeros(count, np.int64)
    np.bitwise_or.at(masks, row, 1 << hour)
    return masks
