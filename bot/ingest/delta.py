"""What a batch of activities adds to the counters, per local day."""

from collections.abc import Iterator

import msgspec

from bot.ingest.activity import ChannelKind
from schemas.channel_stats import ChannelType

MemberDayKey = tuple[int, int, int, int]
"""guild, zone epoch, day, member"""
ChannelDayKey = tuple[int, int, int, int]
"""guild, zone epoch, day, channel"""
GuildDayKey = tuple[int, int, int]
"""guild, zone epoch, day"""


class MemberDayDelta(msgspec.Struct):
    """Additions to one member's day; ``first_at`` and ``last_at`` are the times (ms) of messages."""

    first_at: int
    last_at: int
    messages: int = 0
    thread_messages: int = 0
    channels: dict[int, int] = msgspec.field(default_factory=dict)
    hours: dict[int, int] = msgspec.field(default_factory=dict)


class ChannelDayDelta(msgspec.Struct):
    """Additions to one channel's day."""

    kind: int
    last_at: int
    messages: int = 0
    thread_messages: int = 0
    files: int = 0
    embeds: int = 0
    stickers: int = 0
    polls: int = 0
    replies: int = 0
    forwards: int = 0
    content_unknown: int = 0
    hours: dict[int, int] = msgspec.field(default_factory=dict)


class GuildDayDelta(msgspec.Struct):
    """Additions to the server's day: per hour the latest reading of the number of members, as (at, value)."""

    members: dict[int, tuple[int, int]] = msgspec.field(default_factory=dict)


class Delta(msgspec.Struct):
    """All additions of a batch. Deltas of disjoint batches add up in any order to that of the whole."""

    member_days: dict[MemberDayKey, MemberDayDelta] = msgspec.field(default_factory=dict)
    channel_days: dict[ChannelDayKey, ChannelDayDelta] = msgspec.field(default_factory=dict)
    thread_days: dict[ChannelDayKey, ChannelDayDelta] = msgspec.field(default_factory=dict)
    guild_days: dict[GuildDayKey, GuildDayDelta] = msgspec.field(default_factory=dict)

    @property
    def documents(self) -> int:
        """How many documents a commit of this delta writes, at most: a day and a lifetime document each."""
        return (
            2 * len(self.member_days)
            + 2 * len(self.channel_days)
            + len(self.thread_days)
            + len(self.guild_days)
        )

    def channel_totals(
        self,
    ) -> Iterator[tuple[tuple[int, int], ChannelType, list[tuple[int, ChannelDayDelta]]]]:
        """Group the channels' and threads' days for their lifetime documents.

        Yields ((guild, channel), S2 type, [(day, additions)]).
        """
        for days, thread in ((self.channel_days, False), (self.thread_days, True)):
            grouped: dict[tuple[int, int], list[tuple[int, ChannelDayDelta]]] = {}
            for (guild, _, day, channel), added in days.items():
                grouped.setdefault((guild, channel), []).append((day, added))
            for key, additions in grouped.items():
                yield key, "THREAD" if thread else ChannelKind(additions[-1][1].kind).stored, additions

    def member_totals(self) -> dict[tuple[int, int], list[tuple[int, MemberDayDelta]]]:
        """Group the members' days for their lifetime documents: (guild, member) to [(day, additions)]."""
        grouped: dict[tuple[int, int], list[tuple[int, MemberDayDelta]]] = {}
        for (guild, _, day, member), added in self.member_days.items():
            grouped.setdefault((guild, member), []).append((day, added))
        return grouped
