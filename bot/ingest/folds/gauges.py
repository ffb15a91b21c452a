"""What a reading of a level adds: of several in an hour the latest stands."""

from bot.ingest.activities.levels import MembersCounted
from bot.ingest.activities.voice import VoiceLevel
from bot.ingest.delta import Delta, VoiceChannelDayDelta
from schemas.guild_day_names import GuildLevel


def fold_members_counted(delta: Delta, counted: MembersCounted) -> None:
    """Keep a reading of the number of members."""
    day = delta.guild_day(counted.guild, counted.zone, counted.day)
    day.read(GuildLevel.MEMBERS, counted.hour, counted.at, counted.members)


def fold_voice_level(delta: Delta, level: VoiceLevel) -> None:
    """Keep a reading of how many are in voice, and the peak of the day and hour, or of the channel's day."""
    day = delta.guild_day(level.guild, level.zone, level.day)
    if level.channel:
        key = (level.guild, level.zone, level.day, level.channel)
        channel = delta.voice_channel_days.get(key)
        if channel is None:
            channel = delta.voice_channel_days[key] = VoiceChannelDayDelta(level.kind)
        channel.peak = max(channel.peak, level.people)
    else:
        day.read(GuildLevel.VOICE, level.hour, level.at, level.people)
        day.voice_peak = max(day.voice_peak, level.people)
        day.voice_peaks[level.hour] = max(day.voice_peaks.get(level.hour, 0), level.people)
