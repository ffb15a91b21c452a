"""Everything that packs hold of a day, as columns: made of the day's slices, or read from a pack.

Columns of the same day add up (``add_members``, ``add_channels``), so that what comes late for a day whose
slices are in an archive is added to the pack that was made of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.local_time import HOURS_PER_DAY
from analytics.packs import ALL_HOURS, Counts, Ids

Signed = npt.NDArray[np.int32]
Times = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

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

    MESSAGES = ("members", "messages")
    HOURS = ("members", "hours")
    PRESENCE = ("members", "others", "voiceHours", "givenAt", "givenBy")
    VOICE = ("members", "others", "voice", "voiceHours")
    GIVEN = ("members", "others", "givenAt", "givenBy")
    RECEIVED = ("members", "others", "received")


ALL_PARTS = tuple(MemberPart)
_ID, _COUNT, _SIGNED, _TIME = (np.dtype(name) for name in ("<u8", "<u4", "<i4", "<u8"))


@dataclass(frozen=True, slots=True, eq=False)
class MemberDayColumns:
    """What members did on a day; ``schemas.day_packs.MemberPack`` says what each column is.

    ``members`` are the ``writers`` first members who wrote and then the others; every column but ``given_at``
    and ``given_by`` has a row for each.
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


_ONLY_WRITES = frozenset(("voice", "reactionsGiven", "reactionsReceived", "reactionHours"))
"""Fields that a document lacks whose member did nothing but write."""


@dataclass(slots=True)
class _Member:
    messages: int = 0
    hours: int = 0
    voice: int = 0
    voice_hours: int = 0
    received: int = 0
    given: dict[int, int] = field(default_factory=dict)


class MemberSlices:
    """Gathers ``memberDays`` documents, of which there may be tens of thousands, one after the other.

    ``hours``: only what happened in these hours of the day. Most members do nothing but write: their
    documents take a shorter way.
    """

    def __init__(self, hours: range = ALL_HOURS) -> None:
        self._hours = hours
        self._bits = {str(hour): 1 << hour for hour in hours}
        self._found: dict[int, _Member] = {}
        self._writers: list[tuple[int, int, int]] = []

    def add(self, who: int, stored: Mapping[str, Any]) -> None:
        """Take a member's document, which need not be kept."""
        if not _ONLY_WRITES.isdisjoint(stored):
            whole = self._hours == ALL_HOURS
            self._found[who] = _member(stored if whole else slice_within(stored, self._hours))
            return
        messages = mask = 0
        for hour, number in stored["hours"].items():
            bit = self._bits.get(hour)
            if bit is not None and number:
                messages += number
                mask |= bit
        if messages:
            self._writers.append((who, messages, mask))

    def columns(self) -> MemberDayColumns:
        """Columns of what was gathered."""
        several = _member_columns(self._found)
        if not self._writers:
            return several
        who, messages, hours = zip(*self._writers, strict=True)
        return _with_writers(several, np.array(who, _ID), np.array(messages, _COUNT), np.array(hours, _COUNT))


def slice_within(stored: Mapping[str, Any], hours: range) -> dict[str, Any]:
    """A ``memberDays`` document cut to some hours. Reactions received are not kept by hour: they stay."""

    def cut(by_hour: Mapping[str, int]) -> dict[str, int]:
        return {hour: number for hour, number in by_hour.items() if int(hour) in hours}

    voice = stored.get("voice", {})
    spent, afk = cut(voice.get("hours", {})), cut(voice.get("afkHours", {}))
    given = cut(stored.get("reactionHours", {}))
    return {
        "hours": cut(stored["hours"]),
        "voice": {"ms": sum(spent.values()), "afkMs": sum(afk.values()), "hours": spent, "afkHours": afk},
        "reactionsGiven": sum(given.values()),
        "reactionHours": given,
        "reactionsReceived": stored.get("reactionsReceived", 0),
    }


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
    """Sum of two sets of columns of one day."""
    found = _members(base)
    for who, more in _members(later).items():
        entry = found.setdefault(who, _Member())
        entry.messages += more.messages
        entry.hours |= more.hours
        entry.voice += more.voice
        entry.voice_hours |= more.voice_hours
        entry.received += more.received
        for hour, number in more.given.items():
            entry.given[hour] = entry.given.get(hour, 0) + number
    return _member_columns(found)


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
    row, hour = np.divmod(columns.given_at, _COUNT.type(GIVEN_STEP))
    given = kept[row]
    return MemberDayColumns(
        columns.members[kept],
        int(np.count_nonzero(kept[: columns.writers])),
        columns.messages[kept],
        columns.hours[kept],
        columns.voice[kept],
        columns.voice_hours[kept],
        columns.received[kept],
        rows[row[given]] * _COUNT.type(GIVEN_STEP) + hour[given],
        columns.given_by[given],
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


def member_pack(columns: MemberDayColumns) -> dict[str, bytes]:
    """Columns as a pack's fields."""
    return {
        "members": columns.members[: columns.writers].tobytes(),
        "messages": columns.messages[: columns.writers].tobytes(),
        "hours": columns.hours[: columns.writers].tobytes(),
        "others": columns.members[columns.writers :].tobytes(),
        "voice": columns.voice.tobytes(),
        "voiceHours": columns.voice_hours.tobytes(),
        "received": columns.received.tobytes(),
        "givenAt": columns.given_at.tobytes(),
        "givenBy": columns.given_by.tobytes(),
    }


def channel_pack(columns: ChannelDayColumns) -> dict[str, Any]:
    """Columns as a pack's fields."""
    return {
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
    """Read a ``memberPacks`` document of form 2; columns that were not read are as of nothing."""
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


def _member(stored: Mapping[str, Any]) -> _Member:
    voice = stored.get("voice", {})
    known = stored.get("reactionHours", {})
    given = {int(hour): number for hour, number in known.items() if number}
    unknown = stored.get("reactionsGiven", 0) - sum(known.values())
    if unknown:
        given[UNKNOWN_HOUR] = unknown
    return _Member(
        messages=sum(stored["hours"].values()),
        hours=_mask(stored["hours"]),
        voice=voice.get("ms", 0) - voice.get("afkMs", 0),
        voice_hours=_voice_hours(voice),
        received=stored.get("reactionsReceived", 0),
        given=given,
    )


def _voice_hours(voice: Mapping[str, Any]) -> int:
    """Hours with time outside the AFK channel."""
    afk = voice.get("afkHours", {})
    if voice.get("ms", 0) == voice.get("afkMs", 0):
        return 0
    if sum(afk.values()) != voice.get("afkMs", 0):
        return 1 << UNKNOWN_HOUR
    return _mask({hour: ms - afk.get(hour, 0) for hour, ms in voice["hours"].items()})


def _mask(hours: Mapping[str, int]) -> int:
    return sum(1 << int(hour) for hour, number in hours.items() if number)


def _by_hour(hours: Mapping[str, int]) -> list[int]:
    return [hours.get(str(hour), 0) for hour in range(HOURS_PER_DAY)]


def _members(columns: MemberDayColumns) -> dict[int, _Member]:
    found = [
        _Member(*row)
        for row in zip(
            columns.messages.tolist(),
            columns.hours.tolist(),
            columns.voice.tolist(),
            columns.voice_hours.tolist(),
            columns.received.tolist(),
            strict=True,
        )
    ]
    for at, number in zip(columns.given_at.tolist(), columns.given_by.tolist(), strict=True):
        row, hour = divmod(at, GIVEN_STEP)
        found[row].given[hour] = number
    return dict(zip(columns.members.tolist(), found, strict=True))


def _member_columns(found: Mapping[int, _Member]) -> MemberDayColumns:
    writers = sorted(who for who, entry in found.items() if entry.messages)
    others = sorted(
        who
        for who, entry in found.items()
        if not entry.messages
        and (entry.voice or entry.voice_hours or entry.received or any(entry.given.values()))
    )
    ordered = [found[who] for who in (*writers, *others)]
    given = [
        (row * GIVEN_STEP + hour, entry.given[hour])
        for row, entry in enumerate(ordered)
        for hour in sorted(entry.given)
        if entry.given[hour]
    ]
    return MemberDayColumns(
        np.array([*writers, *others], _ID),
        len(writers),
        np.array([entry.messages for entry in ordered], _COUNT),
        np.array([entry.hours for entry in ordered], _COUNT),
        np.array([entry.voice for entry in ordered], _TIME),
        np.array([entry.voice_hours for entry in ordered], _COUNT),
        np.array([entry.received for entry in ordered], _SIGNED),
        np.array([at for at, _ in given], _COUNT),
        np.array([number for _, number in given], _SIGNED),
    )


def _with_writers(columns: MemberDayColumns, who: Ids, messages: Counts, hours: Counts) -> MemberDayColumns:
    """Add members who did nothing but write, in any order, none of whom is there yet."""
    first = columns.writers
    writers = np.concatenate([columns.members[:first], who])
    order = np.argsort(writers)
    places = np.empty(len(columns.members), _COUNT)
    place = np.empty(len(writers), _COUNT)
    place[order] = np.arange(len(writers), dtype=_COUNT)
    places[:first] = place[:first]
    places[first:] = np.arange(len(writers), len(writers) + len(places) - first, dtype=_COUNT)

    def joined(column: npt.NDArray[Any], of_writers: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.concatenate([np.concatenate([column[:first], of_writers])[order], column[first:]])

    def nothing(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return joined(column, np.zeros(len(who), column.dtype))

    row, hour = np.divmod(columns.given_at, _COUNT.type(GIVEN_STEP))
    given_at = places[row] * _COUNT.type(GIVEN_STEP) + hour
    given = np.argsort(given_at)
    return MemberDayColumns(
        joined(columns.members, who),
        len(writers),
        joined(columns.messages, messages),
        joined(columns.hours, hours),
        nothing(columns.voice),
        nothing(columns.voice_hours),
        nothing(columns.received),
        given_at[given],
        columns.given_by[given],
    )


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
