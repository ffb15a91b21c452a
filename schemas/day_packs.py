"""A closed day packed into one document, so that a year reads 365 of them.

All columns are little-endian; row i of those that belong together speaks of the same member or channel. A
pack is valid while its ``revision`` is that of the day's ``guildDays`` document. Form 1, of version 0.1, has
only what is required here; form 2 has all that was done; form 3, of members alone, has their hours besides.

When a day of an archived month gets more, its pack can no longer be made of its slices alone: the pack as it
was when the month was archived is kept in ``memberBases`` and ``channelBases``, and what came later is added
to it (``bot.db.packing``).
"""

import msgspec

from schemas.collection import Collection, Index, Retention
from schemas.day_slices import DaySlice

PACK_FORM = 2
"""The form of packs of channels, and the first one of members that says all that they did."""
HOURS_FORM = 3
"""The form of packs of members who are known by hour."""
_BY_DAY = Index((("guildId", 1), ("zone", 1), ("day", 1)))


class MemberPack(DaySlice):
    """Writers, and then the others who did anything.

    ``members``: pseudonyms (u64, ascending) of those who wrote; ``messages`` (u32) and ``hours`` (u32, a mask
    of the hours they wrote in) are of the same length. ``others``: pseudonyms (u64, ascending) of the rest.

    ``voice``: ms outside the AFK channel (u64), ``voiceHours``: a mask of the hours (u32), ``received``:
    reactions (i32): one row each of ``members`` and then ``others``.

    ``givenAt`` (u32) and ``givenBy`` (i32): reactions given, one row for each row of the former and hour in
    which there were any, as row * 32 + hour. Bit or hour 31: in an hour that is not known.

    Form 3, so that a day that a period cuts is one document, too: ``messagesBy`` (u32) are the messages in
    each hour that is set in ``hours``, member by member; ``voiceAt`` (u32) and ``voiceBy`` (u64) the ms
    outside the AFK channel, as row * 32 + hour.
    """

    revision: int
    members: bytes
    messages: bytes
    hours: bytes
    form: int = 1
    others: bytes = b""
    voice: bytes = b""
    voice_hours: bytes = b""
    received: bytes = b""
    given_at: bytes = b""
    given_by: bytes = b""
    messages_by: bytes = b""
    voice_at: bytes = b""
    voice_by: bytes = b""


class ChannelPack(DaySlice):
    """Channels with messages; channels with voice; channels with reactions; channels with sentiment.

    ``channels``: ids (u64, ascending), ``messages`` (u32), ``channelHours``: messages by hour (24 x u32 a
    row); ``hours``: 24 x u32 over all channels. ``voiceChannels``: ids, ``voiceHours``: ms by hour outside
    the AFK channel (24 x u64 a row). ``reactedChannels``: ids, ``reactions`` (i32). ``sentimentChannels``:
    ids, ``sentiment``: the sums of ``schemas.day_slices.SentimentSums`` in their order (5 x i32 a row); packs
    of before there was any lack both. ``sums``: other counts of all channels together.
    """

    revision: int
    channels: bytes
    messages: bytes
    hours: bytes
    form: int = 1
    channel_hours: bytes = b""
    voice_channels: bytes = b""
    voice_hours: bytes = b""
    reacted_channels: bytes = b""
    reactions: bytes = b""
    sentiment_channels: bytes = b""
    sentiment: bytes = b""
    sums: dict[str, int] = msgspec.field(default_factory=dict)


MEMBER_PACKS = Collection("memberPacks", MemberPack, (_BY_DAY,), Retention("members", "day"))
CHANNEL_PACKS = Collection("channelPacks", ChannelPack, (_BY_DAY,), Retention("totals", "day"))
MEMBER_BASES = Collection("memberBases", MemberPack, (_BY_DAY,), Retention("members", "day"))
CHANNEL_BASES = Collection("channelBases", ChannelPack, (_BY_DAY,), Retention("totals", "day"))
