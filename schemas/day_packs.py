"""A closed day packed into one document, so that a year reads 365 of them.

All columns are little-endian and of one length per pack; row i of each speaks of the same member or channel.
A pack is valid while its ``revision`` is that of the day's ``guildDays`` document.
"""

from schemas.collection import Collection, Index, Retention
from schemas.day_slices import DaySlice

_BY_DAY = Index((("guildId", 1), ("zone", 1), ("day", 1)))


class MemberPack(DaySlice):
    """Columns: pseudonyms (u64, ascending), messages (u32), active hours as a 24-bit mask (u32)."""

    revision: int
    members: bytes
    messages: bytes
    hours: bytes


class ChannelPack(DaySlice):
    """Columns: channel ids (u64, ascending), messages (u32); ``hours``: 24 x u32 over all channels."""

    revision: int
    channels: bytes
    messages: bytes
    hours: bytes


MEMBER_PACKS = Collection("memberPacks", MemberPack, (_BY_DAY,), Retention("members", "day"))
CHANNEL_PACKS = Collection("channelPacks", ChannelPack, (_BY_DAY,), Retention("totals", "day"))
