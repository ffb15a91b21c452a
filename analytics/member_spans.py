"""What members did on a few days in a row: on one day, or in a month that is packed into one document.

Everything behind the reader that is about members over more than an hour sees spans, whatever they were read
from. Bit i of a mask stands for the local day ``days.start + i``, so a span has 32 days at most.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.day_columns import GIVEN_STEP, DatedMembers, MemberDayColumns, MemberPart
from analytics.packs import Counts, Ids

Flags = npt.NDArray[np.bool_]
Times = npt.NDArray[np.uint64]
Signed = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]

MANY = 255
"""Of as many messages or more on a day a packed month keeps the number elsewhere; interactions end there."""
_ID, _MASK, _COUNT, _SIGNED, _TIME, _SMALL = (
    np.dtype(name) for name in ("<u8", "<u4", "<u4", "<i4", "<u8", "u1")
)


class SpanPart(Enum):
    """What is read of members. Columns not asked for are as of nothing, or there nevertheless."""

    WROTE = "wrote"
    PRESENCE = "presence"
    SPOKE = "spoke"
    MESSAGES = "messages"
    DAILY = "daily messages"
    VOICE = "voice"
    GIVEN = "given"
    RECEIVED = "received"
    INTERACTIONS = "interactions"


@dataclass(frozen=True, slots=True)
class _Read:
    """What is read for a part: columns of a day's pack, and of a month's besides ``members``."""

    day: tuple[MemberPart, ...]
    month: tuple[str, ...]


_READ: Mapping[SpanPart, _Read] = MappingProxyType(
    {
        SpanPart.WROTE: _Read((MemberPart.WRITERS,), ("wrote",)),
        SpanPart.PRESENCE: _Read((MemberPart.PRESENCE,), ("there", "wrote", "spoke", "reacted")),
        SpanPart.SPOKE: _Read((MemberPart.VOICE,), ("there", "spoke")),
        SpanPart.MESSAGES: _Read((MemberPart.MESSAGES,), ("wrote", "messages")),
        SpanPart.DAILY: _Read((MemberPart.MESSAGES,), ("wrote", "daily", "many")),
        SpanPart.VOICE: _Read((MemberPart.VOICE,), ("there", "voice")),
        SpanPart.GIVEN: _Read((MemberPart.GIVEN,), ("there", "given")),
        SpanPart.RECEIVED: _Read((MemberPart.RECEIVED,), ("there", "received")),
        SpanPart.INTERACTIONS: _Read(
            (MemberPart.MESSAGES, MemberPart.PRESENCE, MemberPart.RECEIVED),
            ("there", "wrote", "spoke", "reacted", "interactions"),
        ),
    }
)


def day_parts(parts: Sequence[SpanPart]) -> tuple[MemberPart, ...]:
    """What has to be read of days for some parts."""
    return tuple(dict.fromkeys(each for part in parts for each in _READ[part].day))


def month_columns(parts: Sequence[SpanPart]) -> tuple[str, ...]:
    """Which columns of a packed month have to be read for some parts."""
    return tuple(dict.fromkeys(("members", *(name for part in parts for name in _READ[part].month))))


@dataclass(frozen=True, slots=True, eq=False)
class MemberSpan:
    """What members did on some days in a row.

    ``there`` are the days on which a member has a row at all, ``wrote``, ``spoke`` (outside the AFK channel)
    and ``reacted`` (by a reaction that stands) those on which they did so. ``messages``, ``voice`` (ms
    outside the AFK channel), ``given`` and ``received`` are sums of all days. ``daily`` are messages by day:
    for the first day one number for each who wrote on it, in the order of the rows, and so on;
    ``interactions`` are the same for each who is there.
    """

    days: range
    members: Ids
    there: Counts
    wrote: Counts
    spoke: Counts
    reacted: Counts
    messages: Counts
    voice: Times
    given: Signed
    received: Signed
    daily: Counts
    interactions: Counts

    @property
    def active(self) -> Counts:
        """Days on which each wrote, was in voice outside the AFK channel, or gave a reaction."""
        return self.wrote | self.spoke | self.reacted

    def of_days(self, days: range) -> np.uint32:
        """Bits of those days of the span that are among some days."""
        first = min(max(days.start - self.days.start, 0), len(self.days))
        stop = min(max(days.stop - self.days.start, first), len(self.days))
        return np.uint32((1 << stop) - (1 << first))

    def days_of(self, masks: Counts) -> list[int]:
        """Days of which any of some masks of the span has the bit."""
        together = int(np.bitwise_or.reduce(masks)) if len(masks) else 0
        return [day for place, day in enumerate(self.days) if together >> place & 1]

    def messages_by_day(self) -> Iterator[tuple[int, Rows, Counts]]:
        """Each day with the rows of those who wrote on it, and how many messages each."""
        return _by_day(self.days, self.wrote, self.daily)

    def interactions_by_day(self) -> Iterator[tuple[int, Rows, Counts]]:
        """Each day with the rows of those there, and how many interactions each had."""
        return _by_day(self.days, self.there, self.interactions)


def interactions_of(columns: MemberDayColumns) -> npt.NDArray[np.int64]:
    """Messages, reactions given and received, and hours with time in voice, of each member on a day."""
    hours = np.bitwise_count(columns.voice_hours).astype(np.int64)
    received = np.maximum(columns.received, 0).astype(np.int64)
    return columns.messages.astype(np.int64) + np.maximum(columns.given, 0) + received + hours


def span_of_day(dated: DatedMembers, parts: Sequence[SpanPart] = tuple(SpanPart)) -> MemberSpan:
    """A day as a span."""
    columns = dated.columns
    count = len(columns.members)
    wrote = np.zeros(count, _MASK)
    wrote[: columns.writers] = 1
    reacted = np.zeros(count, _MASK)
    reacted[(columns.given_at[columns.given_by > 0] // GIVEN_STEP).astype(np.intp)] = 1
    there = np.ones(count, _MASK)
    wanted = SpanPart.INTERACTIONS in parts
    return MemberSpan(
        range(dated.day, dated.day + 1),
        columns.members,
        there,
        wrote,
        (columns.voice_hours != 0).astype(_MASK),
        reacted,
        columns.messages,
        columns.voice,
        columns.given if SpanPart.GIVEN in parts else np.zeros(count, np.int64),
        columns.received.astype(np.int64),
        columns.messages[: columns.writers],
        interactions_of(columns).astype(_COUNT) if wanted else np.empty(0, _COUNT),
    )


def joined(days: Sequence[DatedMembers], over: range) -> MemberSpan:
    """The days that lie in ``over``, each once and in their order, as one span of all of it."""
    spans = [span_of_day(dated) for dated in days]
    members = np.unique(np.concatenate([np.empty(0, _ID), *(span.members for span in spans)]))
    masks = {name: np.zeros(len(members), _MASK) for name in ("there", "wrote", "spoke", "reacted")}
    sums = {name: np.zeros(len(members), np.int64) for name in ("messages", "voice", "given", "received")}
    daily, interactions = [np.empty(0, _COUNT)], [np.empty(0, _COUNT)]
    for span in spans:
        rows = np.searchsorted(members, span.members)
        bit = np.uint32(1 << (span.days.start - over.start))
        for name, mask in masks.items():
            mask[rows] |= getattr(span, name) * bit
        for name, total in sums.items():
            total[rows] += getattr(span, name).astype(np.int64)
        daily.append(span.daily[np.argsort(rows[: len(span.daily)])])
        interactions.append(span.interactions[np.argsort(rows)])
    return MemberSpan(
        over,
        members,
        masks["there"],
        masks["wrote"],
        masks["spoke"],
        masks["reacted"],
        sums["messages"].astype(_COUNT),
        sums["voice"].astype(_TIME),
        sums["given"],
        sums["received"],
        np.concatenate(daily),
        np.concatenate(interactions),
    )


def only_rows(span: MemberSpan, kept: Flags) -> MemberSpan:
    """A span with some of its rows alone."""
    return replace(
        span,
        members=span.members[kept],
        there=span.there[kept],
        wrote=span.wrote[kept],
        spoke=span.spoke[kept],
        reacted=span.reacted[kept],
        messages=span.messages[kept],
        voice=span.voice[kept],
        given=span.given[kept],
        received=span.received[kept],
        daily=_only(span.messages_by_day(), kept, span.daily),
        interactions=_only(span.interactions_by_day(), kept, span.interactions),
    )


def only_members(spans: Sequence[MemberSpan], kept: Ids | None) -> Sequence[MemberSpan]:
    """Spans with the rows of some members alone, as they were; None: of all."""
    if kept is None:
        return spans
    return [only_rows(span, np.isin(span.members, kept)) for span in spans]


def first_day(spans: Sequence[MemberSpan]) -> int | None:
    """The first day on which any member is there; None: there is none."""
    return min((day for span in spans for day in span.days_of(span.there)), default=None)


def month_pack(span: MemberSpan) -> dict[str, bytes]:
    """A span as the columns of a packed month; ``schemas.month_packs`` says what each is."""
    many = span.daily >= MANY
    return {
        "members": span.members.tobytes(),
        "there": span.there.tobytes(),
        "wrote": span.wrote.tobytes(),
        "spoke": span.spoke.tobytes(),
        "reacted": span.reacted.tobytes(),
        "messages": span.messages.tobytes(),
        "voice": span.voice.tobytes(),
        "given": span.given.astype(_SIGNED).tobytes(),
        "received": span.received.astype(_SIGNED).tobytes(),
        "daily": np.minimum(span.daily, MANY).astype(_SMALL).tobytes(),
        "many": span.daily[many].tobytes(),
        "interactions": np.minimum(span.interactions, MANY).astype(_SMALL).tobytes(),
    }


def span_of_month(days: range, pack: Mapping[str, Any]) -> MemberSpan:
    """Read the columns of a packed month; those that were not read are as of nothing."""
    members = np.frombuffer(pack["members"], _ID)

    def column(name: str, kind: np.dtype[Any]) -> npt.NDArray[Any]:
        return np.frombuffer(pack[name], kind) if name in pack else np.zeros(len(members), kind)

    wrote = column("wrote", _MASK)
    return MemberSpan(
        days,
        members,
        column("there", _MASK) if "there" in pack else wrote,
        wrote,
        column("spoke", _MASK),
        column("reacted", _MASK),
        column("messages", _COUNT),
        column("voice", _TIME),
        column("given", _SIGNED).astype(np.int64),
        column("received", _SIGNED).astype(np.int64),
        _daily(pack),
        np.frombuffer(pack.get("interactions", b""), _SMALL).astype(_COUNT),
    )


def _daily(pack: Mapping[str, Any]) -> Counts:
    daily = np.frombuffer(pack.get("daily", b""), _SMALL).astype(_COUNT)
    daily[daily == MANY] = np.frombuffer(pack.get("many", b""), _COUNT)
    return daily


def _by_day(days: range, masks: Counts, numbers: Counts) -> Iterator[tuple[int, Rows, Counts]]:
    at = 0
    for place, day in enumerate(days):
        rows = np.flatnonzero(masks & np.uint32(1 << place) != 0)
        yield day, rows, numbers[at : at + len(rows)]
        at += len(rows)


def _only(by_day: Iterator[tuple[int, Rows, Counts]], kept: Flags, read: Counts) -> Counts:
    """The numbers of some rows; none where the numbers were not read."""
    if not len(read):
        return read
    return np.concatenate([numbers[kept[rows]] for _, rows, numbers in by_day])
