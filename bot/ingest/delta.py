"""What a batch of activities adds to the counters, per local day.

Each family of activities has entries of its own, so that a message costs nothing for what voice counts. Where
each field goes in the database is a row in ``bot.db.counters``.
"""

import msgspec

from schemas.guild_day_names import GuildCount, GuildLevel, GuildTally

MemberDayKey = tuple[int, int, int, int]
"""guild, zone epoch, day, member"""
ChannelDayKey = tuple[int, int, int, int]
"""guild, zone epoch, day, channel"""
InviteDayKey = tuple[int, int, int, int]
"""guild, zone epoch, day, invite (hashed)"""
GuildDayKey = tuple[int, int, int]
"""guild, zone epoch, day"""
ModerationDays = dict[MemberDayKey, dict[str, int]]
"""what each moderator did on a day"""


class MemberDayDelta(msgspec.Struct):
    """Messages of one member's day; ``first_at`` and ``last_at`` are their times (ms)."""

    first_at: int
    last_at: int
    messages: int = 0
    thread_messages: int = 0
    channels: dict[int, int] = msgspec.field(default_factory=dict)
    hours: dict[int, int] = msgspec.field(default_factory=dict)


class ChannelDayDelta(msgspec.Struct):
    """Messages of one channel's or thread's day; what of them was scored is counted for channels alone."""

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
    looked_at: int = 0
    scored: int = 0
    positive: int = 0
    negative: int = 0
    sentiment: int = 0
    hours: dict[int, int] = msgspec.field(default_factory=dict)


class VoiceMemberDayDelta(msgspec.Struct):
    """Voice time of one member's day in ms; ``last_at`` is 0 if it was all in the AFK channel."""

    last_at: int = 0
    ms: int = 0
    visits: int = 0
    afk_ms: int = 0
    deafened_ms: int = 0
    alone_ms: int = 0
    streaming_ms: int = 0
    stage_ms: int = 0
    channels: dict[int, int] = msgspec.field(default_factory=dict)
    hours: dict[int, int] = msgspec.field(default_factory=dict)
    afk_hours: dict[int, int] = msgspec.field(default_factory=dict)


class VoiceChannelDayDelta(msgspec.Struct):
    """Voice time of one channel's day in ms, summed over members; the most people at once."""

    kind: int
    last_at: int = 0
    peak: int = 0
    ms: int = 0
    visits: int = 0
    afk_ms: int = 0
    deafened_ms: int = 0
    alone_ms: int = 0
    streaming_ms: int = 0
    stage_ms: int = 0
    hours: dict[int, int] = msgspec.field(default_factory=dict)
    afk_hours: dict[int, int] = msgspec.field(default_factory=dict)


class ReactionMemberDayDelta(msgspec.Struct):
    """Reactions a member gave on a day, and those given on that day to the member's messages.

    What was taken back is less here: on the day on which it was given. ``hours`` are those of what was given.
    ``last_at`` is 0 if nothing was given.
    """

    last_at: int = 0
    given: int = 0
    received: int = 0
    hours: dict[int, int] = msgspec.field(default_factory=dict)


class ReactionChannelDayDelta(msgspec.Struct):
    """Reactions given on a day in a channel or thread; messages of that day that have any."""

    kind: int
    reactions: int = 0
    with_reactions: int = 0


class VoteMemberDayDelta(msgspec.Struct):
    """Votes that a member gave on a day, less those taken back; ``last_at`` is 0 if none was given."""

    last_at: int = 0
    votes: int = 0


class VoteChannelDayDelta(msgspec.Struct):
    """Votes given on a day in polls of a channel and its threads."""

    kind: int
    votes: int = 0


class EditMemberDayDelta(msgspec.Struct):
    """Messages that a member changed on a day."""

    edits: int = 0


class ChangeChannelDayDelta(msgspec.Struct):
    """What became on a day of messages in a channel; ``embeds``: messages of that day that got a preview."""

    kind: int
    embeds: int = 0
    edits: int = 0
    deletions: int = 0
    bulk_deletions: int = 0


class ThreadMemberDayDelta(msgspec.Struct):
    """Threads that a member created or joined on a day; ``last_at`` is when."""

    last_at: int = 0
    created: int = 0
    joined: int = 0


class ThreadChannelDayDelta(msgspec.Struct):
    """Threads created on a day in a channel."""

    kind: int
    threads: int = 0


class InviteDayDelta(msgspec.Struct):
    """Joins by one invite on a day; ``inviter`` 0: unknown."""

    code: str
    inviter: int
    joins: int = 0


class GuildDayDelta(msgspec.Struct):
    """Additions to the server's day.

    ``levels``: per level and hour the latest reading, as (at, value). ``counts``: per count and hour the sum.
    ``emoji`` are the reactions given with each. ``voice_peaks`` are by hour.
    """

    voice_peak: int = 0
    voice_peaks: dict[int, int] = msgspec.field(default_factory=dict)
    levels: dict[GuildLevel, dict[int, tuple[int, int]]] = msgspec.field(default_factory=dict)
    counts: dict[GuildCount, dict[int, int]] = msgspec.field(default_factory=dict)
    emoji: dict[str, int] = msgspec.field(default_factory=dict)
    tallies: dict[GuildTally, dict[int, int]] = msgspec.field(default_factory=dict)

    def count(self, name: GuildCount, hour: int, by: int = 1) -> None:
        """Add to a count."""
        hours = self.counts.setdefault(name, {})
        hours[hour] = hours.get(hour, 0) + by

    def tally(self, name: GuildTally, key: int) -> None:
        """Add one to a map of sums."""
        sums = self.tallies.setdefault(name, {})
        sums[key] = sums.get(key, 0) + 1

    def read(self, name: GuildLevel, hour: int, at: int, value: int) -> None:
        """Note a reading of a level at an instant (ms); the latest stands."""
        readings = self.levels.setdefault(name, {})
        readings[hour] = max(readings.get(hour, (at, value)), (at, value))


class Delta(msgspec.Struct):
    """All additions of a batch. Deltas of disjoint batches add up in any order to that of the whole."""

    member_days: dict[MemberDayKey, MemberDayDelta] = msgspec.field(default_factory=dict)
    channel_days: dict[ChannelDayKey, ChannelDayDelta] = msgspec.field(default_factory=dict)
    thread_days: dict[ChannelDayKey, ChannelDayDelta] = msgspec.field(default_factory=dict)
    guild_days: dict[GuildDayKey, GuildDayDelta] = msgspec.field(default_factory=dict)
    voice_member_days: dict[MemberDayKey, VoiceMemberDayDelta] = msgspec.field(default_factory=dict)
    voice_channel_days: dict[ChannelDayKey, VoiceChannelDayDelta] = msgspec.field(default_factory=dict)
    reaction_member_days: dict[MemberDayKey, ReactionMemberDayDelta] = msgspec.field(default_factory=dict)
    reaction_channel_days: dict[ChannelDayKey, ReactionChannelDayDelta] = msgspec.field(default_factory=dict)
    reaction_thread_days: dict[ChannelDayKey, ReactionChannelDayDelta] = msgspec.field(default_factory=dict)
    vote_member_days: dict[MemberDayKey, VoteMemberDayDelta] = msgspec.field(default_factory=dict)
    vote_channel_days: dict[ChannelDayKey, VoteChannelDayDelta] = msgspec.field(default_factory=dict)
    edit_member_days: dict[MemberDayKey, EditMemberDayDelta] = msgspec.field(default_factory=dict)
    change_channel_days: dict[ChannelDayKey, ChangeChannelDayDelta] = msgspec.field(default_factory=dict)
    thread_member_days: dict[MemberDayKey, ThreadMemberDayDelta] = msgspec.field(default_factory=dict)
    thread_channel_days: dict[ChannelDayKey, ThreadChannelDayDelta] = msgspec.field(default_factory=dict)
    invite_days: dict[InviteDayKey, InviteDayDelta] = msgspec.field(default_factory=dict)
    moderation_days: ModerationDays = msgspec.field(default_factory=dict)

    @property
    def documents(self) -> int:
        """How many documents a commit of this delta writes, at most: a day and a lifetime document each."""
        return (
            2 * (len(self.member_days) + len(self.channel_days))
            + 2 * (len(self.reaction_member_days) + len(self.reaction_channel_days))
            + 2 * (len(self.vote_member_days) + len(self.vote_channel_days))
            + 3 * (len(self.voice_member_days) + len(self.voice_channel_days))
            + 2 * (len(self.edit_member_days) + len(self.change_channel_days))
            + 2 * (len(self.thread_member_days) + len(self.thread_channel_days))
            + len(self.thread_days)
            + len(self.reaction_thread_days)
            + len(self.moderation_days)
            + len(self.guild_days)
            + len(self.invite_days)
        )

    def guild_day(self, guild: int, zone: int, day: int) -> GuildDayDelta:
        """The server's day, which every activity touches."""
        key = (guild, zone, day)
        found = self.guild_days.get(key)
        if found is None:
            found = self.guild_days[key] = GuildDayDelta()
        return found

    def moderate(  # noqa: PLR0913, PLR0917 - one value of each kind
        self, guild: int, zone: int, day: int, moderator: int, name: GuildCount, by: int = 1
    ) -> None:
        """Add to what a moderator did on a day."""
        counts = self.moderation_days.setdefault((guild, zone, day, moderator), {})
        counts[name] = counts.get(name, 0) + by
