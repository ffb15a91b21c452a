"""Days as columns: many members' or channels' counters of one day, side by side.

A closed day is stored in this form (``schemas.day_packs``); a day that is not packed yet is brought into it
when it is read, so that everything behind the reader sees columns only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.local_time import HOURS_PER_DAY

Ids = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.uint32]

_IDS = np.dtype("<u8")
_COUNTS = np.dtype("<u4")
ALL_HOURS = range(HOURS_PER_DAY)
_NO_IDS: Ids = np.empty(0, _IDS)
_MOST_BITS = 20


@dataclass(frozen=True, slots=True, eq=False)
class ChannelColumns:
    """A day's channels (ascending ids), their messages, and the messages of all by hour (24)."""

    zone: int
    day: int
    channels: Ids
    messages: Counts
    hours: Counts


def channel_columns(
    zone: int, day: int, rows: Sequence[tuple[int, Mapping[str, int]]], hours: range = ALL_HOURS
) -> ChannelColumns:
    """Columns of the rows (channel id, messages by hour), counting only the given hours."""
    by_hour = np.zeros(HOURS_PER_DAY, _COUNTS)
    totals: dict[int, int] = {}
    for channel, counts in rows:
        for hour in hours:
            count = counts.get(str(hour), 0)
            if count:
                by_hour[hour] += count
                totals[channel] = totals.get(channel, 0) + count
    ids = sorted(totals)
    return ChannelColumns(
        zone, day, np.array(ids, _IDS), np.array([totals[channel] for channel in ids], _COUNTS), by_hour
    )


def cut_channels(zone: int, day: int, channels: Ids, by_hour: Counts, hours: range) -> ChannelColumns:
    """Columns of a day's channels with their messages by hour (24 a row), counting only the given hours."""
    within = np.zeros((len(channels), HOURS_PER_DAY), _COUNTS)
    within[:, hours.start : hours.stop] = by_hour.reshape(-1, HOURS_PER_DAY)[:, hours.start : hours.stop]
    messages = within.sum(axis=1, dtype=_COUNTS)
    there = messages > 0
    return ChannelColumns(zone, day, channels[there], messages[there], within.sum(axis=0, dtype=_COUNTS))


def ids_from_bytes(column: bytes) -> Ids:
    """Read a stored column of ids."""
    return np.frombuffer(column, _IDS)


def ids_to_bytes(ids: Sequence[int] | Ids) -> bytes:
    """Column of ids as it is stored."""
    return np.asarray(ids, _IDS).tobytes()


def counts_from_bytes(column: bytes) -> Counts:
    """Read a stored column of counts or masks."""
    return np.frombuffer(column, _COUNTS)


def distinct(columns: Sequence[Ids]) -> int:
    """How many different ids there are in all columns together; each holds none twice.

    The leading bits of a pseudonym are a place in a table that is hardly filled, so that nearly all ids are
    told apart without sorting: a quarter of the time of ``np.unique``. Those that share a place are sorted.
    """
    if len(columns) == 1:
        return len(columns[0])
    bits = _table_bits(columns)
    table = np.zeros(1 << bits, _IDS)
    taken = np.zeros(1 << bits, np.bool_)
    sharing = [_NO_IDS]
    for ids in columns:
        places = (ids >> np.uint64(64 - bits)).astype(np.intp)
        free = ~taken[places]
        table[places[free]] = ids[free]
        taken[places[free]] = True
        sharing.append(ids[table[places] != ids])
    return int(np.count_nonzero(taken)) + int(np.unique(np.concatenate(sharing)).size)


def rows_of(columns: Sequence[Ids]) -> tuple[Ids, list[npt.NDArray[np.intp]]]:
    """The different ids of all columns together, in no order, and for each column the rows that its ids have.

    Each column holds none twice. As in ``distinct``, nearly all ids are told apart by their leading bits.
    """
    bits = _table_bits(columns)
    table = np.zeros(1 << bits, _IDS)
    taken = np.zeros(1 << bits, np.bool_)
    each_place = [(ids >> np.uint64(64 - bits)).astype(np.intp) for ids in columns]
    for ids, places in zip(columns, each_place, strict=True):
        free = ~taken[places]
        if free.any():
            table[places[free]] = ids[free]
            taken[places[free]] = True
    row_of_place = np.cumsum(taken, dtype=np.intp) - 1
    sharing = [table[places] != ids for ids, places in zip(columns, each_place, strict=True)]
    first = table[taken]
    others = np.unique(
        np.concatenate([_NO_IDS, *(ids[shared] for ids, shared in zip(columns, sharing, strict=True))])
    )
    rows = [row_of_place[places] for places in each_place]
    for row, ids, shared in zip(rows, columns, sharing, strict=True):
        row[shared] = len(first) + np.searchsorted(others, ids[shared])
    return np.concatenate([first, others]), rows


def _table_bits(columns: Sequence[Ids]) -> int:
    """Bits of a place in a table that stays small, for the processor's cache, and is hardly filled."""
    return min(max((len(ids) for ids in columns), default=0).bit_length() + 3, _MOST_BITS)


def totals_by_id(ids: Sequence[Ids], counts: Sequence[Counts]) -> dict[int, int]:
    """Sum of the counts of each id over several columns."""
    if not ids:
        return {}
    unique, position = np.unique(np.concatenate(ids), return_inverse=True)
    sums = np.bincount(position, weights=np.concatenate(counts).astype(np.float64), minlength=unique.size)
    return {int(identity): int(total) for identity, total in zip(unique, sums, strict=True)}
