"""What time in voice adds."""

from bot.ingest.activities.voice import VoiceFlag, VoiceTime
from bot.ingest.delta import Delta, VoiceChannelDayDelta, VoiceMemberDayDelta

_FLAG_COUNTERS: tuple[tuple[int, str], ...] = (
    (VoiceFlag.AFK.value, "afk_ms"),
    (VoiceFlag.DEAFENED.value, "deafened_ms"),
    (VoiceFlag.ALONE.value, "alone_ms"),
    (VoiceFlag.STREAMING.value, "streaming_ms"),
    (VoiceFlag.STAGE.value, "stage_ms"),
)


def fold_voice_time(delta: Delta, spent: VoiceTime) -> None:
    """Count time in voice for the member and the channel. Who is in the AFK channel is not active."""
    delta.guild_day(spent.guild, spent.zone, spent.day)
    member_key = (spent.guild, spent.zone, spent.day, spent.member)
    member = delta.voice_member_days.get(member_key)
    if member is None:
        member = delta.voice_member_days[member_key] = VoiceMemberDayDelta()
    channel_key = (spent.guild, spent.zone, spent.day, spent.channel)
    channel = delta.voice_channel_days.get(channel_key)
    if channel is None:
        channel = delta.voice_channel_days[channel_key] = VoiceChannelDayDelta(spent.kind)
    member.channels[spent.channel] = member.channels.get(spent.channel, 0) + spent.ms
    for entry in (member, channel):
        _add(entry, spent)


def _add(entry: VoiceMemberDayDelta | VoiceChannelDayDelta, spent: VoiceTime) -> None:
    entry.ms += spent.ms
    entry.hours[spent.hour] = entry.hours.get(spent.hour, 0) + spent.ms
    entry.visits += bool(spent.flags & VoiceFlag.BEGAN.value)
    if spent.flags & VoiceFlag.AFK.value:
        entry.afk_hours[spent.hour] = entry.afk_hours.get(spent.hour, 0) + spent.ms
    else:
        entry.last_at = max(entry.last_at, spent.at + spent.ms)
    for flag, counter in _FLAG_COUNTERS:
        if spent.flags & flag:
            setattr(entry, counter, getattr(entry, counter) + spent.ms)
