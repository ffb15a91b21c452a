"""What a vote that counts, or no longer counts, adds."""

from bot.ingest.books.polls import VoteCounted
from bot.ingest.delta import Delta, VoteChannelDayDelta, VoteMemberDayDelta
from schemas.guild_day_names import GuildCount


def fold_vote_counted(delta: Delta, counted: VoteCounted) -> None:
    """Count a vote for its member, the channel and the server."""
    key = (counted.guild, counted.zone, counted.day)
    delta.guild_day(*key).count(GuildCount.POLL_VOTES, counted.hour, counted.by)
    if counted.member:
        member = delta.vote_member_days.setdefault((*key, counted.member), VoteMemberDayDelta())
        member.votes += counted.by
        member.last_at = max(member.last_at, counted.at)
    channel_key = (*key, counted.channel)
    channel = delta.vote_channel_days.setdefault(channel_key, VoteChannelDayDelta(counted.kind))
    channel.votes += counted.by
