"""The fold: the one place that says what an activity adds to which counters.

Live events, history, imports and the demo all go through it. It is additive and order-independent.
"""

from collections.abc import Iterable

from bot.ingest.activity import Activity, MembersCounted, MessageFlag, MessageSent
from bot.ingest.delta import ChannelDayDelta, Delta, GuildDayDelta, MemberDayDelta

_FLAG_COUNTERS: tuple[tuple[int, str], ...] = (
    (MessageFlag.FILES.value, "files"),
    (MessageFlag.EMBEDS.value, "embeds"),
    (MessageFlag.STICKERS.value, "stickers"),
    (MessageFlag.POLL.value, "polls"),
    (MessageFlag.REPLY.value, "replies"),
    (MessageFlag.FORWARD.value, "forwards"),
    (MessageFlag.CONTENT_UNKNOWN.value, "content_unknown"),
)


def fold(activities: Iterable[Activity]) -> Delta:
    """Sum of what the activities add."""
    delta = Delta()
    for activity in activities:
        fold_into(delta, activity)
    return delta


def fold_into(delta: Delta, activity: Activity) -> None:
    """Add one activity to a delta."""
    if isinstance(activity, MessageSent):
        _message(delta, activity)
    else:
        _members(delta, activity)


def _message(delta: Delta, sent: MessageSent) -> None:
    guild_day = (sent.guild, sent.zone, sent.day)
    if guild_day not in delta.guild_days:
        delta.guild_days[guild_day] = GuildDayDelta()

    member_key = (*guild_day, sent.member)
    member = delta.member_days.get(member_key)
    if member is None:
        member = delta.member_days[member_key] = MemberDayDelta(sent.at, sent.at)
    member.first_at = min(member.first_at, sent.at)
    member.last_at = max(member.last_at, sent.at)
    member.messages += 1
    member.channels[sent.channel] = member.channels.get(sent.channel, 0) + 1
    member.hours[sent.hour] = member.hours.get(sent.hour, 0) + 1

    _channel(delta.channel_days, (*guild_day, sent.channel), sent)
    if sent.thread:
        member.thread_messages += 1
        _channel(delta.thread_days, (*guild_day, sent.thread), sent)


def _channel(
    days: dict[tuple[int, int, int, int], ChannelDayDelta], key: tuple[int, int, int, int], sent: MessageSent
) -> None:
    channel = days.get(key)
    if channel is None:
        channel = days[key] = ChannelDayDelta(sent.kind, sent.at)
    channel.last_at = max(channel.last_at, sent.at)
    channel.messages += 1
    channel.thread_messages += sent.thread != 0
    channel.hours[sent.hour] = channel.hours.get(sent.hour, 0) + 1
    if sent.flags:
        for flag, counter in _FLAG_COUNTERS:
            if sent.flags & flag:
                setattr(channel, counter, getattr(channel, counter) + 1)


def _members(delta: Delta, counted: MembersCounted) -> None:
    day = delta.guild_days.setdefault((counted.guild, counted.zone, counted.day), GuildDayDelta())
    reading = (counted.at, counted.members)
    day.members[counted.hour] = max(day.members.get(counted.hour, reading), reading)
