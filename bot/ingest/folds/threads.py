"""What threads and channels add: created, joined, changed, and how many there are."""

from collections import Counter

from bot.ingest.activities.channels import CATEGORY, ChannelsListed
from bot.ingest.activities.levels import ThreadsCounted
from bot.ingest.activities.messages import ChannelKind
from bot.ingest.books.channel_lists import ChannelEvent
from bot.ingest.books.threads import JoinCounted, ThreadCreated, ThreadEvent
from bot.ingest.delta import Delta, ThreadChannelDayDelta, ThreadMemberDayDelta
from schemas.guild_day_names import GuildCount, GuildLevel

_LEVELS: tuple[tuple[GuildLevel, tuple[int, ...]], ...] = (
    (GuildLevel.CATEGORIES, (CATEGORY,)),
    (GuildLevel.TEXT_CHANNELS, (ChannelKind.TEXT.value, ChannelKind.ANNOUNCEMENT.value)),
    (GuildLevel.VOICE_CHANNELS, (ChannelKind.VOICE.value,)),
    (GuildLevel.STAGE_CHANNELS, (ChannelKind.STAGE.value,)),
    (GuildLevel.FORUM_CHANNELS, (ChannelKind.FORUM.value, ChannelKind.MEDIA.value)),
)
"""Which kinds of channel each level counts."""


def fold_thread_created(delta: Delta, created: ThreadCreated) -> None:
    """Count a thread where and when it was created."""
    zone, day, hour = created.label
    guild_day = (created.guild, zone, day)
    delta.guild_day(*guild_day).count(GuildCount.THREADS_CREATED, hour)
    if created.member:
        member = _member(delta, (*guild_day, created.member))
        member.created += 1
        member.last_at = max(member.last_at, created.at)
    key = (*guild_day, created.channel)
    channel = delta.thread_channel_days.get(key)
    if channel is None:
        channel = delta.thread_channel_days[key] = ThreadChannelDayDelta(created.kind)
    channel.threads += 1


def fold_join(delta: Delta, counted: JoinCounted) -> None:
    """Count who joined a thread (0: nobody)."""
    joined = counted.joined
    guild_day = (joined.guild, joined.zone, joined.day)
    delta.guild_day(*guild_day).count(GuildCount.THREADS_JOINED, joined.hour)
    if joined.member:
        member = _member(delta, (*guild_day, joined.member))
        member.joined += 1
        member.last_at = max(member.last_at, joined.at)


def fold_event(delta: Delta, event: ThreadEvent | ChannelEvent) -> None:
    """Count what has happened to a thread or a channel on the server's day."""
    zone, day, hour = event.label
    by = event.by if isinstance(event, ChannelEvent) else 1
    delta.guild_day(event.guild, zone, day).count(event.count, hour, by)


def fold_threads_counted(delta: Delta, counted: ThreadsCounted) -> None:
    """Keep a reading of the number of active threads."""
    day = delta.guild_day(counted.guild, counted.zone, counted.day)
    day.read(GuildLevel.ACTIVE_THREADS, counted.hour, counted.at, counted.active)


def fold_channels_listed(delta: Delta, listed: ChannelsListed) -> None:
    """Keep a reading of the number of channels by type."""
    day = delta.guild_day(listed.guild, listed.zone, listed.day)
    kinds = Counter(each.kind for each in listed.channels)
    for level, of in _LEVELS:
        day.read(level, listed.hour, listed.at, sum(kinds[kind] for kind in of))


def _member(delta: Delta, key: tuple[int, int, int, int]) -> ThreadMemberDayDelta:
    found = delta.thread_member_days.get(key)
    if found is None:
        found = delta.thread_member_days[key] = ThreadMemberDayDelta()
    return found
