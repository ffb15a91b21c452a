"""``memberDays`` documents, of which a day may have tens of thousands, brought into columns."""

from collections.abc import Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np

from analytics.by_hour import Entries, Numbers, Rows, masks, summed, sums_by_row
from analytics.day_columns import ID, ROW_STEP, UNKNOWN_HOUR, MemberDayColumns
from analytics.local_time import HOURS_PER_DAY
from analytics.member_days import Gathered, arranged
from analytics.packs import Ids

_BESIDE_MESSAGES = frozenset(("voice", "reactionsGiven", "reactionsReceived", "reactionHours"))
"""Fields that most documents lack: whose member did nothing but write."""
_HOUR_OF = {str(hour): hour for hour in range(HOURS_PER_DAY)}


class MemberSlices:
    """Gathers ``memberDays`` documents, of which there may be tens of thousands, some at a time.

    Nothing here is done row by row in Python that a built-in does for all rows at once.
    """

    def __init__(self) -> None:
        self._members: list[Ids] = []
        self._rows = 0
        self._found: dict[str, list[Entries]] = {}

    def add(self, members: Ids, slices: Sequence[Mapping[str, Any]]) -> None:
        """Take the documents of some members, which need not be kept."""
        self._members.append(members)
        everybody = np.arange(self._rows, self._rows + len(slices))
        self._rows += len(slices)
        self._by_hour("hours", everybody, list(map(itemgetter("hours"), slices)))
        more = [row for row, stored in enumerate(slices) if not _BESIDE_MESSAGES.isdisjoint(stored)]
        self._add_more(everybody[more], [slices[row] for row in more])

    def columns(self) -> MemberDayColumns:
        """Columns of what was gathered."""
        count = self._rows
        wrote, spent, afk = (self._entries(name) for name in ("hours", "voiceHours", "afkHours"))
        known = self._entries("reactionHours")
        unknown = self._sums("reactionsGiven") - sums_by_row(known, count)
        rest = np.flatnonzero(unknown)
        spoke = Entries(np.concatenate([spent.at, afk.at]), np.concatenate([spent.by, -afk.by]))
        return arranged(
            np.concatenate([np.empty(0, ID), *self._members]),
            Gathered(
                messages=sums_by_row(wrote, count),
                hours=masks(wrote, count),
                voice=self._sums("ms") - self._sums("afkMs"),
                voice_hours=self._voice_hours(summed(spoke), sums_by_row(afk, count)),
                received=self._sums("reactionsReceived"),
                given=Entries(
                    np.concatenate([known.at, rest * ROW_STEP + UNKNOWN_HOUR]),
                    np.concatenate([known.by, unknown[rest]]),
                ),
                wrote=wrote,
                spoke=spoke,
            ),
        )

    def _voice_hours(self, spoke: Entries, afk: Numbers) -> Numbers:
        """Hours with time outside the AFK channel; unknown where the hours in it were not kept."""
        mask = masks(spoke, self._rows)
        mask[afk != self._sums("afkMs")] = 1 << UNKNOWN_HOUR
        mask[self._sums("ms") == self._sums("afkMs")] = 0
        return mask

    def _add_more(self, rows: Rows, slices: Sequence[Mapping[str, Any]]) -> None:
        for name in ("reactionsReceived", "reactionsGiven"):
            self._some(name, rows, slices)
        self._some_by_hour("reactionHours", rows, slices)
        spoke = [row for row, stored in enumerate(slices) if "voice" in stored]
        voice = [slices[row]["voice"] for row in spoke]
        for name in ("ms", "afkMs"):
            self._some(name, rows[spoke], voice)
        self._some_by_hour("voiceHours", rows[spoke], voice, "hours")
        self._some_by_hour("afkHours", rows[spoke], voice)

    def _some(self, name: str, rows: Rows, slices: Sequence[Mapping[str, Any]]) -> None:
        """Numbers that not every document has."""
        have = [row for row, stored in enumerate(slices) if name in stored]
        if have:
            self._keep(name, rows[have], [slices[row][name] for row in have])

    def _some_by_hour(
        self, name: str, rows: Rows, slices: Sequence[Mapping[str, Any]], stored_as: str = ""
    ) -> None:
        """Numbers by hour that not every document has."""
        field_name = stored_as or name
        have = [row for row, stored in enumerate(slices) if field_name in stored]
        if have:
            self._by_hour(name, rows[have], [slices[row][field_name] for row in have])

    def _by_hour(self, name: str, rows: Rows, hours: Sequence[Mapping[str, int]]) -> None:
        lengths = np.fromiter(map(len, hours), np.intp, len(hours))
        hour = np.fromiter(map(_HOUR_OF.__getitem__, chain.from_iterable(hours)), np.int64)
        values = list(chain.from_iterable([each.values() for each in hours]))
        self._keep(name, np.repeat(rows, lengths) * ROW_STEP + hour, values)

    def _keep(self, name: str, at: Numbers, values: Sequence[int]) -> None:
        self._found.setdefault(name, []).append(Entries(at, np.array(values, np.int64)))

    def _entries(self, name: str) -> Entries:
        found = self._found.get(name, [])
        nothing = np.empty(0, np.int64)
        return Entries(
            np.concatenate([nothing, *(each.at for each in found)]),
            np.concatenate([nothing, *(each.by for each in found)]),
        )

    def _sums(self, name: str) -> Numbers:
        at, by = self._entries(name)
        sums = np.zeros(self._rows, np.int64)
        sums[at] = by
        return sums
