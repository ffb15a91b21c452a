"""What a message adds."""

from bot.ingest.activities.messages import UNSCORED, MessageFlag, MessageSent
from bot.ingest.delta import ChannelDayDelta, Delta, MemberDayDelta
from schemas.guild_day_names import GuildCount

_FLAG_COUNTERS: tuple[tuple[int, str, GuildCount], ...] = (
    (MessageFlag.FILES.value, "files", GuildCount.FILES),
    (MessageFlag.EMBEDS.value, "embeds", GuildCount.EMBEDS),
    (MessageFlag.STICKERS.value, "stickers", GuildCount.STICKERS),
    (MessageFlag.POLL.value, "polls", GuildCount.POLLS),
    (MessageFlag.REPLY.value, "replies", GuildCount.REPLIES),
    (MessageFlag.FORWARD.value, "forwards", GuildCount.FORWARDS),
    (MessageFlag.CONTENT_UNKNOWN.value, "content_unknown", GuildCount.CONTENT_UNKNOWN),
)
POSITIVE_FROM, NEGATIVE_FROM = 5, -5
"""Hundredths; what lies between is neutral. Those who made the list of words say where to draw the line."""


def fold_message(delta: Delta, sent: MessageSent) -> None:
    """Count a message for its member (0: nobody), its channel and its thread."""
    guild_day = (sent.guild, sent.zone, sent.day)
    day = delta.guild_day(*guild_day)
    if sent.member:
        _member(delta, guild_day, sent)
    channel = _channel(delta.channel_days, (*guild_day, sent.channel), sent)
    if sent.sentiment is not None:
        _sentiment(channel, sent.sentiment)
    if sent.flags:
        for flag, _, name in _FLAG_COUNTERS:
            if sent.flags & flag:
                day.count(name, sent.hour)
    if sent.thread:
        day.count(GuildCount.THREAD_MESSAGES, sent.hour)
        _channel(delta.thread_days, (*guild_day, sent.thread), sent)


def _member(delta: Delta, guild_day: tuple[int, int, int], sent: MessageSent) -> None:
    key = (*guild_day, sent.member)
    member = delta.member_days.get(key)
    if member is None:
        member = delta.member_days[key] = MemberDayDelta(sent.at, sent.at)
    member.first_at = min(member.first_at, sent.at)
    member.last_at = max(member.last_at, sent.at)
    member.messages += 1
    member.thread_messages += sent.thread != 0
    member.channels[sent.channel] = member.channels.get(sent.channel, 0) + 1
    member.hours[sent.hour] = member.hours.get(sent.hour, 0) + 1


def _channel(
    days: dict[tuple[int, int, int, int], ChannelDayDelta], key: tuple[int, int, int, int], sent: MessageSent
) -> ChannelDayDelta:
    channel = days.get(key)
    if channel is None:
        channel = days[key] = ChannelDayDelta(sent.kind, sent.at)
    channel.last_at = max(channel.last_at, sent.at)
    channel.messages += 1
    channel.thread_messages += sent.thread != 0
    channel.hours[sent.hour] = channel.hours.get(sent.hour, 0) + 1
    if sent.flags:
        for flag, counter, _ in _FLAG_COUNTERS:
            if sent.flags & flag:
                setattr(channel, counter, getattr(channel, counter) + 1)
    return channel


def _sentiment(channel: ChannelDayDelta, hundredths: int) -> None:
    channel.looked_at += 1
    if hundredths == UNSCORED:
        return
    channel.scored += 1
    channel.positive += hundredths >= POSITIVE_FROM
    channel.negative += hundredths <= NEGATIVE_FROM
    channel.sentiment += hundredths
