"""Everything that packs hold of a day, as columns: made of the day's slices, or read from a pack.

What members did by hour is kept sparse: one row for each member and hour in which there was any, as row of
the member * 32 + hour.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
import numpy.typing as npt

from analytics.packs import Counts, Ids

Signed = npt.NDArray[np.int32]
Times = npt.NDArray[np.uint64]
ID, COUNT, SIGNED, TIME = (np.dtype(name) for name in ("<u8", "<u4", "<i4", "<u8"))
"""The types of columns, as they are stored."""

UNKNOWN_HOUR = 31
"""Bit of a mask, or hour of a reaction, that stands for an hour which is not known."""
ROW_STEP = 32
"""Places between two rows: one for each hour."""
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
DAY_NAMES = tuple(dict.fromkeys(name for part in MemberPart for name in part.value))
"""The columns of a pack that say what members did on the day."""
HOUR_NAMES = ("messagesBy", "voiceAt", "voiceBy")
"""Those that say besides at which hour."""


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
        rows = (self.given_at // ROW_STEP).astype(np.intp)
        sums = np.bincount(rows, weights=self.given_by, minlength=len(self.members))
        return sums.astype(np.int64)

    @property
    def wrote(self) -> Ids:
        """Who wrote."""
        wrote: Ids = self.members[: self.writers]
        return wrote

    @property
    def active_hours(self) -> Counts:
        """Mask of the hours in which each wrote, was in voice outside the AFK channel, or gave a reaction."""
        mask = self.hours | self.voice_hours
        stand = self.given_by > 0
        rows = (self.given_at[stand] // ROW_STEP).astype(np.intp)
        np.bitwise_or.at(mask, rows, np.uint32(1) << (self.given_at[stand] % ROW_STEP))
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
