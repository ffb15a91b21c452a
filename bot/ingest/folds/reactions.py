"""What a reaction that counts, or no longer counts, adds.

A clear leaves all that was given: by the member, with the emoji, in the channel. So the sum of one is that of
the others, but for members who opted out or were erased, who are in no ranking.
"""

from bot.ingest.books.reactions import MessageReacted, ReactionCounted
from bot.ingest.delta import ChannelDayKey, Delta, ReactionChannelDayDelta, ReactionMemberDayDelta
from schemas.guild_day_names import GuildCount


def fold_reaction_counted(delta: Delta, counted: ReactionCounted) -> None:
    """Count a reaction for its giver, the message's author, the emoji, the channel and the thread."""
    guild_day = (counted.guild, counted.given.zone, counted.given.day)
    day = delta.guild_day(*guild_day)
    if counted.author:
        _member(delta, (*guild_day, counted.author)).received += counted.by
    if counted.stays:
        return
    given = counted.given
    if counted.member:
        member = _member(delta, (*guild_day, counted.member))
        member.given += counted.by
        member.hours[given.hour] = member.hours.get(given.hour, 0) + counted.by
        member.last_at = max(member.last_at, counted.at)
    day.emoji[given.emoji] = day.emoji.get(given.emoji, 0) + counted.by
    _channel(delta.reaction_channel_days, (*guild_day, counted.channel), counted.kind).reactions += counted.by
    if counted.thread:
        _channel(
            delta.reaction_thread_days, (*guild_day, counted.thread), counted.kind
        ).reactions += counted.by


def fold_message_reacted(delta: Delta, reacted: MessageReacted) -> None:
    """Count a message that has reactions, on the day and hour in which it was sent."""
    day = delta.guild_day(reacted.guild, reacted.zone, reacted.day)
    if reacted.hour >= 0:
        day.count(GuildCount.WITH_REACTIONS, reacted.hour, reacted.by)
    key = (reacted.guild, reacted.zone, reacted.day, reacted.channel)
    _channel(delta.reaction_channel_days, key, reacted.kind).with_reactions += reacted.by


def _member(delta: Delta, key: tuple[int, int, int, int]) -> ReactionMemberDayDelta:
    found = delta.reaction_member_days.get(key)
    if found is None:
        found = delta.reaction_member_days[key] = ReactionMemberDayDelta()
    return found


def _channel(
    days: dict[ChannelDayKey, ReactionChannelDayDelta], key: ChannelDayKey, kind: int
) -> ReactionChannelDayDelta:
    found = days.get(key)
    if found is None:
        found = days[key] = ReactionChannelDayDelta(kind)
    return found
