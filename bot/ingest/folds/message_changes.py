"""What edits, deletions and link previews add."""

from bot.ingest.books.message_changes import DeletionCounted, EditCounted, PreviewCounted
from bot.ingest.delta import ChangeChannelDayDelta, Delta, EditMemberDayDelta
from schemas.guild_day_names import GuildCount

FIRST_OF_BULK = 2


def fold_edit(delta: Delta, counted: EditCounted) -> None:
    """Count an edit for its member (0: nobody), its channel and the server, on the day of the edit."""
    edit = counted.edit
    guild_day = (edit.guild, edit.zone, edit.day)
    delta.guild_day(*guild_day).count(GuildCount.MESSAGES_EDITED, edit.hour)
    if edit.member:
        delta.edit_member_days.setdefault((*guild_day, edit.member), EditMemberDayDelta()).edits += 1
    _channel(delta, guild_day, edit.channel, edit.kind).edits += 1


def fold_deletion(delta: Delta, counted: DeletionCounted) -> None:
    """Count a deletion for its channel and the server, on its own day; the message stays counted."""
    deletion = counted.deletion
    guild_day = (deletion.guild, deletion.zone, deletion.day)
    day = delta.guild_day(*guild_day)
    channel = _channel(delta, guild_day, deletion.channel, deletion.kind)
    if deletion.bulk:
        day.count(GuildCount.MESSAGES_BULK_DELETED, deletion.hour)
        channel.bulk_deletions += 1
        if deletion.bulk == FIRST_OF_BULK:
            day.count(GuildCount.BULK_DELETIONS, deletion.hour)
    else:
        day.count(GuildCount.MESSAGES_DELETED, deletion.hour)
        channel.deletions += 1


def fold_preview(delta: Delta, counted: PreviewCounted) -> None:
    """Count a message with embeds, where the message counts."""
    guild_day = (counted.guild, counted.zone, counted.day)
    delta.guild_day(*guild_day).count(GuildCount.EMBEDS, counted.hour, counted.by)
    _channel(delta, guild_day, counted.channel, counted.kind).embeds += counted.by


def _channel(delta: Delta, guild_day: tuple[int, int, int], channel: int, kind: int) -> ChangeChannelDayDelta:
    key = (*guild_day, channel)
    found = delta.change_channel_days.get(key)
    if found is None:
        found = delta.change_channel_days[key] = ChangeChannelDayDelta(kind)
    return found
