"""What uses of invites add: to the server's day, and to the invite's."""

from bot.ingest.books.invites import InviteUsed
from bot.ingest.delta import Delta, InviteDayDelta
from schemas.guild_day_names import GuildCount


def fold_invite_used(delta: Delta, used: InviteUsed) -> None:
    """Add joins by an invite."""
    read = used.read
    name = GuildCount.JOINS_VANITY if read.vanity else GuildCount.JOINS_INVITED
    delta.guild_day(read.guild, read.zone, read.day).count(name, read.hour, used.joins)
    key = (read.guild, read.zone, read.day, read.invite)
    entry = delta.invite_days.get(key)
    if entry is None:
        entry = delta.invite_days[key] = InviteDayDelta(read.code, read.inviter)
    entry.joins += used.joins
