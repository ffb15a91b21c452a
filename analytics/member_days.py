"""What members did on a day: brought into columns, added up, cut to some hours, without some members.

Columns of the same day add up, so that what comes late for a day whose slices are in an archive is added to
the pack that was made of them.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from analytics.by_hour import (
    Entries,
    Numbers,
    Rows,
    cut,
    entries_of,
    joined,
    masks,
    moved,
    ordered,
    summed,
    sums_by_row,
)
from analytics.day_columns import COUNT, ROW_STEP, SIGNED, TIME, DatedMembers, MemberDayColumns, MemberHours
from analytics.packs import Counts, Ids, rows_of

Mask = npt.NDArray[np.bool_]


class Gathered(NamedTuple):
    """What members did, a row each in any order; entries are by row and hour, None: not known by hour."""

    messages: Numbers
    hours: Numbers
    voice: Numbers
    voice_hours: Numbers
    received: Numbers
    given: Entries
    wrote: Entries | None
    spoke: Entries | None


def arranged(ids: Ids, found: Gathered) -> MemberDayColumns:
    """Columns of members who did anything: first those who wrote, then the others, both ascending."""
    given = summed(found.given)
    spoke = None if found.spoke is None else summed(found.spoke)
    there = (found.voice != 0) | (found.voice_hours != 0) | (found.received != 0)
    for entries in (given, spoke):
        if entries is not None:
            there[entries.at // ROW_STEP] = True
    wrote = found.messages != 0
    writers, others = np.flatnonzero(wrote), np.flatnonzero(there & ~wrote)
    order = np.concatenate([writers[np.argsort(ids[writers])], others[np.argsort(ids[others])]])
    places = np.zeros(len(ids), np.intp)
    places[order] = np.arange(len(order))
    given = ordered(given, places)
    return MemberDayColumns(
        ids[order],
        len(writers),
        found.messages[order].astype(COUNT),
        found.hours[order].astype(COUNT),
        found.voice[order].astype(TIME),
        found.voice_hours[order].astype(COUNT),
        found.received[order].astype(SIGNED),
        given.at.astype(COUNT),
        given.by.astype(SIGNED),
        None
        if found.wrote is None or spoke is None
        else _hours(summed(moved(found.wrote, places)), ordered(spoke, places)),
    )


def _hours(wrote: Entries, spoke: Entries) -> MemberHours:
    return MemberHours(
        wrote.at.astype(COUNT), wrote.by.astype(COUNT), spoke.at.astype(COUNT), spoke.by.astype(TIME)
    )


def add_members(base: MemberDayColumns, later: MemberDayColumns) -> MemberDayColumns:
    """Sum of two sets of columns of one day; its hours are known where both are."""
    ids, places = rows_of([base.members, later.members])
    several = [
        _gathered(columns, rows, len(ids)) for columns, rows in zip((base, later), places, strict=True)
    ]
    one, two = several
    return arranged(
        ids,
        Gathered(
            messages=one.messages + two.messages,
            hours=one.hours | two.hours,
            voice=one.voice + two.voice,
            voice_hours=one.voice_hours | two.voice_hours,
            received=one.received + two.received,
            given=joined(one.given, two.given),
            wrote=None if one.wrote is None or two.wrote is None else joined(one.wrote, two.wrote),
            spoke=None if one.spoke is None or two.spoke is None else joined(one.spoke, two.spoke),
        ),
    )


def _gathered(columns: MemberDayColumns, places: Rows, count: int) -> Gathered:
    """Columns with their rows in other places, of which there are ``count``."""

    def spread(column: npt.NDArray[Any]) -> Numbers:
        wide = np.zeros(count, np.int64)
        wide[places] = column
        return wide

    known = columns.by_hour
    return Gathered(
        spread(columns.messages),
        spread(columns.hours),
        spread(columns.voice),
        spread(columns.voice_hours),
        spread(columns.received),
        moved(entries_of(columns.given_at, columns.given_by), places),
        None if known is None else moved(entries_of(known.wrote_at, known.wrote_by), places),
        None if known is None else moved(entries_of(known.spoke_at, known.spoke_by), places),
    )


def members_within(columns: MemberDayColumns, hours: range) -> MemberDayColumns:
    """What members did in some hours of a day whose hours are known.

    Reactions received are not kept by hour: they stay. Time in voice of version 0.1, which did not keep the
    hours in the AFK channel, counts as outside it. Raises ValueError where the hours are not known.
    """
    known = columns.by_hour
    if known is None:
        raise ValueError("the hours of this day were not read, or were not kept")
    count = len(columns.members)
    wrote = cut(known.wrote_at, known.wrote_by, hours)
    spoke = cut(known.spoke_at, known.spoke_by, hours)
    return arranged(
        columns.members,
        Gathered(
            messages=sums_by_row(wrote, count),
            hours=masks(wrote, count),
            voice=sums_by_row(spoke, count),
            voice_hours=masks(spoke, count),
            received=columns.received.astype(np.int64),
            given=cut(columns.given_at, columns.given_by, hours),
            wrote=wrote,
            spoke=spoke,
        ),
    )


def without_members(columns: MemberDayColumns, gone: Ids) -> MemberDayColumns:
    """The columns without the rows of some members; all other rows are as they were."""
    return _kept_rows(columns, ~np.isin(columns.members, gone))


def days_with(days: Sequence[DatedMembers], kept: Ids | None) -> Sequence[DatedMembers]:
    """Days with the rows of some members alone, as they were; None: of all."""
    if kept is None:
        return days
    return [
        DatedMembers(dated.day, _kept_rows(dated.columns, np.isin(dated.columns.members, kept)))
        for dated in days
    ]


def _kept_rows(columns: MemberDayColumns, kept: Mask) -> MemberDayColumns:
    rows = (np.cumsum(kept) - 1).astype(COUNT)

    def moved(at: Counts, by: npt.NDArray[Any]) -> tuple[Counts, npt.NDArray[Any]]:
        row, hour = np.divmod(at, COUNT.type(ROW_STEP))
        there = kept[row]
        return rows[row[there]] * COUNT.type(ROW_STEP) + hour[there], by[there]

    known = columns.by_hour
    return MemberDayColumns(
        columns.members[kept],
        int(np.count_nonzero(kept[: columns.writers])),
        columns.messages[kept],
        columns.hours[kept],
        columns.voice[kept],
        columns.voice_hours[kept],
        columns.received[kept],
        *moved(columns.given_at, columns.given_by),
        None
        if known is None
        else MemberHours(*moved(known.wrote_at, known.wrote_by), *moved(known.spoke_at, known.spoke_by)),
    )
