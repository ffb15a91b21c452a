"""Everything that packs hold of a day, as columns: made of the day's slices, or read from a pack.

Columns of the same day add up (``add_members``, ``add_channels``), so that what comes late for a day whose
slices are in an archive is added to the pack that was made of them.

What members did by hour is kept sparse: one row for each member and hour in which there was any, as row of
the member * 32 + hour. So a day is cut to some of its hours (``members_within``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from analytics.local_time import HOURS_PER_DAY
from analytics.packs import Counts, Ids, rows_of
from schemas.day_packs import HOURS_FORM, PACK_FORM

Signed = npt.NDArray[np.int32]
Times = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]

UNKNOWN_HOUR = 31
"""Bit of a mask, or hour of a reaction, that stands for an hour which is not known."""
GIVEN_STEP = 32
CHANNEL_SUMS = ("threadMessages", "files", "embeds", "stickers", "contentUnknown", "withReactions")
"""Counts of ``channelDays`` that a pack keeps as sums over all channels."""
SENTIMENT = ("lookedAt", "scored", "positive", "negative", "hundredths")
"""The columns of a channel's sentiment."""


class MemberPart(Enum):
    """What is read of members; the value are the columns of a pack.

    Columns not asked for are as of nothing; without HOURS the hour in which somebody wrote is unknown.
    """

    WRITERS = ("members",)
    MESSAGES = ("members", "messages")
    HOURS = ("members", "hours")
    PRESENCE = ("members", "others", "voiceHours", "givenAt", "givenBy")
    VOICE = ("members", "others", "voice", "voiceHours")
    GIVEN = ("members", "others", "givenAt", "givenBy")
    RECEIVED = ("members", "others", "received")


ALL_PARTS = tuple(MemberPart)
_ID, _COUNT, _SIGNED, _TIME = (np.dtype(name) for name in ("<u8", "<u4", "<i4", "<u8"))


@dataclass(frozen=True, slots=True, eq=False)
class MemberHours:
    """Messages, and ms in voice outside the AFK channel, by member and hour (row * 32 + hour, ascending)."""

    wrote_at: Counts
    wrote_by: Counts
    spoke_at: Counts
    spoke_by: Times


@dataclass(frozen=True, slots=True, eq=False)
class MemberDayColumns:
    """What members did on a day; ``schemas.day_packs.MemberPack`` says what each column is.

    ``members`` are the ``writers`` first members who wrote and then the others; every column but ``given_at``
    and ``given_by`` has a row for each. ``by_hour`` is None where it was not read, or nobody knows.
    """

    members: Ids
    writers: int
    messages: Counts
    hours: Counts
    voice: Times
    voice_hours: Counts
    received: Signed
    given_at: Counts
    given_by: Signed
    by_hour: MemberHours | None = None

    @property
    def given(self) -> npt.NDArray[np.int64]:
        """Reactions given by each member."""
        rows = (self.given_at // GIVEN_STEP).astype(np.intp)
        sums = np.bincount(rows, weights=self.given_by, minlength=len(self.members))
        return sums.astype(np.int64)

    @property
    def wrote(self) -> Ids:
        """Who wrote."""
        wrote: Ids = self.members[: self.writers]
        return wrote

    @property
    def spoke(self) -> Ids:
        """Who was in voice outside the AFK channel."""
        spoke: Ids = self.members[self.voice_hours != 0]
        return spoke

    @property
    def rows_reacted(self) -> npt.NDArray[np.intp]:
        """Rows of who gave a reaction that stands."""
        return np.unique(self.given_at[self.given_by > 0] // GIVEN_STEP).astype(np.intp)

    @property
    def reacted(self) -> Ids:
        """Who gave a reaction that stands."""
        reacted: Ids = self.members[self.rows_reacted]
        return reacted

    @property
    def active_hours(self) -> Counts:
        """Mask of the hours in which each wrote, was in voice outside the AFK channel, or gave a reaction."""
        mask = self.hours | self.voice_hours
        stand = self.given_by > 0
        rows = (self.given_at[stand] // GIVEN_STEP).astype(np.intp)
        np.bitwise_or.at(mask, rows, np.uint32(1) << (self.given_at[stand] % GIVEN_STEP))
        return mask

    @property
    def active(self) -> Ids:
        """Who wrote, was in voice outside the AFK channel, or gave a reaction that stands."""
        active: Ids = self.members[self.active_hours != 0]
        return active


@dataclass(frozen=True, slots=True, eq=False)
class DatedMembers:
    """What members did on a local day; where the time zone changed, a day may come in two parts."""

    day: int
    columns: MemberDayColumns


@dataclass(frozen=True, slots=True, eq=False)
class ChannelDayColumns:
    """What happened in channels on a day; ``schemas.day_packs.ChannelPack`` says what each column is."""

    channels: Ids
    messages: npt.NDArray[np.uint32]
    voice_channels: Ids
    voice: npt.NDArray[np.uint64]
    reacted_channels: Ids
    reactions: Signed
    sentiment_channels: Ids
    sentiment: Signed
    sums: Mapping[str, int] = field(default_factory=dict)


_BESIDE_MESSAGES = frozenset(("voice", "reactionsGiven", "reactionsReceived", "reactionHours"))
"""Fields that most documents lack: whose member did nothing but write."""
_HOUR_OF = {str(hour): hour for hour in range(HOURS_PER_DAY)}


class _Entries(NamedTuple):
    """Numbers by place: a row, or row * 32 + hour; in any order, and perhaps several for a place."""

    at: Numbers
    by: Numbers


class MemberSlices:
    """Gathers ``memberDays`` documents, of which there may be tens of thousands, some at a time.

    Nothing here is done row by row in Python that a built-in does for all rows at once.
    """

    def __init__(self) -> None:
        self._members: list[Ids] = []
        self._rows = 0
        self._found: dict[str, list[_Entries]] = {}

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
        unknown = self._sums("reactionsGiven") - _sum_by_row(known, count)
        rest = np.flatnonzero(unknown)
        spoke = _Entries(np.concatenate([spent.at, afk.at]), np.concatenate([spent.by, -afk.by]))
        return _arranged(
            np.concatenate([np.empty(0, _ID), *self._members]),
            _Gathered(
                messages=_sum_by_row(wrote, count),
                hours=_masks(wrote, count),
                voice=self._sums("ms") - self._sums("afkMs"),
                voice_hours=self._voice_hours(_summed(spoke), _sum_by_row(afk, count)),
                received=self._sums("reactionsReceived"),
                given=_Entries(
                    np.concatenate([known.at, rest * GIVEN_STEP + UNKNOWN_HOUR]),
                    np.concatenate([known.by, unknown[rest]]),
                ),
                wrote=wrote,
                spoke=spoke,
            ),
        )

    def _voice_hours(self, spoke: _Entries, afk: Numbers) -> Numbers:
        """Hours with time outside the AFK channel; unknown where the hours in it were not kept."""
        mask = _masks(spoke, self._rows)
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
        self._keep(name, np.repeat(rows, lengths) * GIVEN_STEP + hour, values)

    def _keep(self, name: str, at: Numbers, values: Sequence[int]) -> None:
        self._found.setdefault(name, []).append(_Entries(at, np.array(values, np.int64)))

    def _entries(self, name: str) -> _Entries:
        found = self._found.get(name, [])
        nothing = np.empty(0, np.int64)
        return _Entries(
            np.concatenate([nothing, *(each.at for each in found)]),
            np.concatenate([nothing, *(each.by for each in found)]),
        )

    def _sums(self, name: str) -> Numbers:
        at, by = self._entries(name)
        sums = np.zeros(self._rows, np.int64)
        sums[at] = by
        return sums


def members_within(columns: MemberDayColumns, hours: range) -> MemberDayColumns:
    """What members did in some hours of a day whose hours are known.

    Reactions received are not kept by hour: they stay. Time in voice of version 0.1, which did not keep the
    hours in the AFK channel, counts as outside it. Raises ValueError where the hours are not known.
    """
    known = columns.by_hour
    if known is None:
        raise ValueError("the hours of this day were not read, or were not kept")
    count = len(columns.members)
    wrote = _cut(known.wrote_at, known.wrote_by, hours)
    spoke = _cut(known.spoke_at, known.spoke_by, hours)
    return _arranged(
        columns.members,
        _Gathered(
            messages=_sum_by_row(wrote, count),
            hours=_masks(wrote, count),
            voice=_sum_by_row(spoke, count),
            voice_hours=_masks(spoke, count),
            received=columns.received.astype(np.int64),
            given=_cut(columns.given_at, columns.given_by, hours),
            wrote=wrote,
            spoke=spoke,
        ),
    )


def channels_of_slices(slices: Iterable[tuple[int, Mapping[str, Any]]]) -> ChannelDayColumns:
    """Columns of ``channelDays`` documents, by channel id."""
    messages: dict[int, list[int]] = {}
    voice: dict[int, list[int]] = {}
    reactions: dict[int, int] = {}
    sentiment: dict[int, list[int]] = {}
    sums = dict.fromkeys(CHANNEL_SUMS, 0)
    for channel, stored in slices:
        if stored["hours"]:
            messages[channel] = _by_hour(stored["hours"])
        times = stored.get("voice", {}).get("hours", {})
        if times:
            voice[channel] = _by_hour(times)
        if stored.get("reactions", 0):
            reactions[channel] = stored["reactions"]
        scored = stored.get("sentiment")
        if scored:
            sentiment[channel] = [scored.get(name, 0) for name in SENTIMENT]
        for name in CHANNEL_SUMS:
            sums[name] += stored.get(name, 0)
    return ChannelDayColumns(
        *_matrix(messages, _COUNT),
        *_matrix(voice, _TIME),
        np.array(sorted(reactions), _ID),
        np.array([reactions[channel] for channel in sorted(reactions)], _SIGNED),
        *_matrix(sentiment, _SIGNED, len(SENTIMENT)),
        sums,
    )


def add_members(base: MemberDayColumns, later: MemberDayColumns) -> MemberDayColumns:
    """Sum of two sets of columns of one day; its hours are known where both are."""
    ids, places = rows_of([base.members, later.members])
    several = [
        _gathered(columns, rows, len(ids)) for columns, rows in zip((base, later), places, strict=True)
    ]
    one, two = several
    return _arranged(
        ids,
        _Gathered(
            messages=one.messages + two.messages,
            hours=one.hours | two.hours,
            voice=one.voice + two.voice,
            voice_hours=one.voice_hours | two.voice_hours,
            received=one.received + two.received,
            given=_joined(one.given, two.given),
            wrote=None if one.wrote is None or two.wrote is None else _joined(one.wrote, two.wrote),
            spoke=None if one.spoke is None or two.spoke is None else _joined(one.spoke, two.spoke),
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
    rows = (np.cumsum(kept) - 1).astype(_COUNT)

    def moved(at: Counts, by: npt.NDArray[Any]) -> tuple[Counts, npt.NDArray[Any]]:
        row, hour = np.divmod(at, _COUNT.type(GIVEN_STEP))
        there = kept[row]
        return rows[row[there]] * _COUNT.type(GIVEN_STEP) + hour[there], by[there]

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


def add_channels(base: ChannelDayColumns, later: ChannelDayColumns) -> ChannelDayColumns:
    """Sum of two sets of columns of one day."""
    reacted = _sum_rows(
        (base.reacted_channels, base.reactions[:, None]), (later.reacted_channels, later.reactions[:, None])
    )
    return ChannelDayColumns(
        *_sum_rows((base.channels, base.messages), (later.channels, later.messages)),
        *_sum_rows((base.voice_channels, base.voice), (later.voice_channels, later.voice)),
        reacted[0],
        reacted[1][:, 0],
        *_sum_rows((base.sentiment_channels, base.sentiment), (later.sentiment_channels, later.sentiment)),
        {name: base.sums.get(name, 0) + later.sums.get(name, 0) for name in CHANNEL_SUMS},
    )


def member_pack(columns: MemberDayColumns) -> dict[str, Any]:
    """Columns as a pack's fields; a pack without hours is of form 2."""
    known = columns.by_hour
    hours = (
        {}
        if known is None
        else {
            "messagesBy": known.wrote_by.tobytes(),
            "voiceAt": known.spoke_at.tobytes(),
            "voiceBy": known.spoke_by.tobytes(),
        }
    )
    return {
        "form": PACK_FORM if known is None else HOURS_FORM,
        "members": columns.members[: columns.writers].tobytes(),
        "messages": columns.messages[: columns.writers].tobytes(),
        "hours": columns.hours[: columns.writers].tobytes(),
        "others": columns.members[columns.writers :].tobytes(),
        "voice": columns.voice.tobytes(),
        "voiceHours": columns.voice_hours.tobytes(),
        "received": columns.received.tobytes(),
        "givenAt": columns.given_at.tobytes(),
        "givenBy": columns.given_by.tobytes(),
        **hours,
    }


def channel_pack(columns: ChannelDayColumns) -> dict[str, Any]:
    """Columns as a pack's fields."""
    return {
        "form": PACK_FORM,
        "channels": columns.channels.tobytes(),
        "messages": columns.messages.sum(axis=1, dtype=_COUNT).tobytes(),
        "hours": columns.messages.sum(axis=0, dtype=_COUNT).tobytes(),
        "channelHours": columns.messages.tobytes(),
        "voiceChannels": columns.voice_channels.tobytes(),
        "voiceHours": columns.voice.tobytes(),
        "reactedChannels": columns.reacted_channels.tobytes(),
        "reactions": columns.reactions.tobytes(),
        "sentimentChannels": columns.sentiment_channels.tobytes(),
        "sentiment": columns.sentiment.tobytes(),
        "sums": dict(columns.sums),
    }


def members_of_pack(pack: Mapping[str, Any]) -> MemberDayColumns:
    """Read a ``memberPacks`` document of form 2 or 3; columns that were not read are as of nothing."""
    writers = np.frombuffer(pack["members"], _ID)
    others = np.frombuffer(pack.get("others", b""), _ID)
    members = np.concatenate([writers, others]) if len(others) else writers
    rest = np.zeros(len(others), _COUNT)

    def of_writers(name: str, unread: int = 0) -> npt.NDArray[Any]:
        known = name in pack
        column = np.frombuffer(pack[name], _COUNT) if known else np.full(len(writers), unread, _COUNT)
        return np.concatenate([column, rest]) if len(others) else column

    def of_all(name: str, kind: np.dtype[Any]) -> npt.NDArray[Any]:
        return np.frombuffer(pack[name], kind) if name in pack else np.zeros(len(members), kind)

    return MemberDayColumns(
        members,
        len(writers),
        of_writers("messages"),
        of_writers("hours", 1 << UNKNOWN_HOUR),
        of_all("voice", _TIME),
        of_all("voiceHours", _COUNT),
        of_all("received", _SIGNED),
        np.frombuffer(pack.get("givenAt", b""), _COUNT),
        np.frombuffer(pack.get("givenBy", b""), _SIGNED),
        _hours_of_pack(pack),
    )


def _hours_of_pack(pack: Mapping[str, Any]) -> MemberHours | None:
    """The hours that messages were written in are the bits of the masks."""
    if "messagesBy" not in pack:
        return None
    masks = np.frombuffer(pack["hours"], _COUNT)
    row, hour = np.nonzero(masks[:, None] >> np.arange(HOURS_PER_DAY, dtype=_COUNT) & _COUNT.type(1))
    return MemberHours(
        (row * GIVEN_STEP + hour).astype(_COUNT),
        np.frombuffer(pack["messagesBy"], _COUNT),
        np.frombuffer(pack["voiceAt"], _COUNT),
        np.frombuffer(pack["voiceBy"], _TIME),
    )


def channels_of_pack(pack: Mapping[str, Any]) -> ChannelDayColumns:
    """Read a ``channelPacks`` document of form 2."""
    return ChannelDayColumns(
        np.frombuffer(pack["channels"], _ID),
        np.frombuffer(pack["channelHours"], _COUNT).reshape(-1, HOURS_PER_DAY),
        np.frombuffer(pack["voiceChannels"], _ID),
        np.frombuffer(pack["voiceHours"], _TIME).reshape(-1, HOURS_PER_DAY),
        np.frombuffer(pack["reactedChannels"], _ID),
        np.frombuffer(pack["reactions"], _SIGNED),
        np.frombuffer(pack.get("sentimentChannels", b""), _ID),
        np.frombuffer(pack.get("sentiment", b""), _SIGNED).reshape(-1, len(SENTIMENT)),
        pack["sums"],
    )


def _by_hour(hours: Mapping[str, int]) -> list[int]:
    return [hours.get(str(hour), 0) for hour in range(HOURS_PER_DAY)]


class _Gathered(NamedTuple):
    """What members did, a row each in any order; entries are by row and hour, None: not known by hour."""

    messages: Numbers
    hours: Numbers
    voice: Numbers
    voice_hours: Numbers
    received: Numbers
    given: _Entries
    wrote: _Entries | None
    spoke: _Entries | None


def _gathered(columns: MemberDayColumns, places: Rows, count: int) -> _Gathered:
    """Columns with their rows in other places, of which there are ``count``."""

    def spread(column: npt.NDArray[Any]) -> Numbers:
        wide = np.zeros(count, np.int64)
        wide[places] = column
        return wide

    known = columns.by_hour
    return _Gathered(
        spread(columns.messages),
        spread(columns.hours),
        spread(columns.voice),
        spread(columns.voice_hours),
        spread(columns.received),
        _moved(_as_entries(columns.given_at, columns.given_by), places),
        None if known is None else _moved(_as_entries(known.wrote_at, known.wrote_by), places),
        None if known is None else _moved(_as_entries(known.spoke_at, known.spoke_by), places),
    )


def _arranged(ids: Ids, found: _Gathered) -> MemberDayColumns:
    """Columns of members who did anything: first those who wrote, then the others, both ascending."""
    given = _summed(found.given)
    spoke = None if found.spoke is None else _summed(found.spoke)
    there = (found.voice != 0) | (found.voice_hours != 0) | (found.received != 0)
    for entries in (given, spoke):
        if entries is not None:
            there[entries.at // GIVEN_STEP] = True
    wrote = found.messages != 0
    writers, others = np.flatnonzero(wrote), np.flatnonzero(there & ~wrote)
    order = np.concatenate([writers[np.argsort(ids[writers])], others[np.argsort(ids[others])]])
    places = np.zeros(len(ids), np.intp)
    places[order] = np.arange(len(order))
    given = _ordered(given, places)
    return MemberDayColumns(
        ids[order],
        len(writers),
        found.messages[order].astype(_COUNT),
        found.hours[order].astype(_COUNT),
        found.voice[order].astype(_TIME),
        found.voice_hours[order].astype(_COUNT),
        found.received[order].astype(_SIGNED),
        given.at.astype(_COUNT),
        given.by.astype(_SIGNED),
        None
        if found.wrote is None or spoke is None
        else _hours(_summed(_moved(found.wrote, places)), _ordered(spoke, places)),
    )


def _hours(wrote: _Entries, spoke: _Entries) -> MemberHours:
    return MemberHours(
        wrote.at.astype(_COUNT), wrote.by.astype(_COUNT), spoke.at.astype(_COUNT), spoke.by.astype(_TIME)
    )


def _ordered(entries: _Entries, places: Rows) -> _Entries:
    at, by = _moved(entries, places)
    order = np.argsort(at)
    return _Entries(at[order], by[order])


def _as_entries(at: Counts, by: npt.NDArray[Any]) -> _Entries:
    return _Entries(at.astype(np.int64), by.astype(np.int64))


def _moved(entries: _Entries, places: Rows) -> _Entries:
    row, hour = np.divmod(entries.at, GIVEN_STEP)
    return _Entries(places[row] * GIVEN_STEP + hour, entries.by)


def _joined(one: _Entries, two: _Entries) -> _Entries:
    return _Entries(np.concatenate([one.at, two.at]), np.concatenate([one.by, two.by]))


def _summed(entries: _Entries) -> _Entries:
    """One entry a place, ascending; those that come to nothing go."""
    at, place = np.unique(entries.at, return_inverse=True)
    sums = np.zeros(len(at), np.int64)
    np.add.at(sums, place, entries.by)
    return _Entries(at[sums != 0], sums[sums != 0])


def _cut(at: Counts, by: npt.NDArray[Any], hours: range) -> _Entries:
    hour = at % GIVEN_STEP
    within = (hour >= hours.start) & (hour < hours.stop)
    return _as_entries(at[within], by[within])


def _sum_by_row(entries: _Entries, count: int) -> Numbers:
    sums = np.zeros(count, np.int64)
    np.add.at(sums, entries.at // GIVEN_STEP, entries.by)
    return sums


def _masks(entries: _Entries, count: int) -> Numbers:
    """Mask of the hours of each row's entries that are not 0."""
    some = entries.by != 0
    row, hour = np.divmod(entries.at[some], GIVEN_STEP)
    masks = np.zeros(count, np.int64)
    np.bitwise_or.at(masks, row, 1 << hour)
    return masks


def _matrix(
    rows: Mapping[int, list[int]], kind: np.dtype[Any], width: int = HOURS_PER_DAY
) -> tuple[Ids, npt.NDArray[Any]]:
    ids = sorted(rows)
    values = np.array([rows[identity] for identity in ids], kind).reshape(-1, width)
    return np.array(ids, _ID), values


def _sum_rows(
    base: tuple[Ids, npt.NDArray[Any]], later: tuple[Ids, npt.NDArray[Any]]
) -> tuple[Ids, npt.NDArray[Any]]:
    """Rows by id, those of the same id added; rows without any value go."""
    ids, place = np.unique(np.concatenate([base[0], later[0]]), return_inverse=True)
    values = np.concatenate([base[1], later[1]])
    sums = np.zeros((len(ids), values.shape[1]), values.dtype)
    np.add.at(sums, place, values)
    kept = sums.any(axis=1)
    return ids[kept], sums[kept]
