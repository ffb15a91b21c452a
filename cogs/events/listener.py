"""Events as they are planned, begin, end and go. Names, descriptions and places stay here."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

import discord
import structlog
from discord.ext import commands

from bot.client import ServerstatsClient
from bot.ingest.activities.events import EventSeen, EventStage, EventWhere
from bot.ingest.store import StoreUnavailable
from cogs.events.interest import InterestReader

_STAGES: Mapping[discord.EventStatus, EventStage] = MappingProxyType(
    {
        discord.EventStatus.scheduled: EventStage.SCHEDULED,
        discord.EventStatus.active: EventStage.ACTIVE,
        discord.EventStatus.completed: EventStage.COMPLETED,
        discord.EventStatus.cancelled: EventStage.CANCELLED,
    }
)
_WHERE: Mapping[discord.EntityType, EventWhere] = MappingProxyType(
    {
        discord.EntityType.stage_instance: EventWhere.STAGE,
        discord.EntityType.voice: EventWhere.VOICE,
        discord.EntityType.external: EventWhere.EXTERNAL,
    }
)

_log = structlog.get_logger(__name__)


class EventListener(commands.Cog):
    """Records how far events are, and follows who is present at those that are on."""

    def __init__(self, client: ServerstatsClient, interest: InterestReader) -> None:
        services = client.services
        self._recording = services.recording
        self._calendars = services.calendars
        self._clock = services.clock
        self._attendance = services.attendance
        self._voice = services.voice
        self._stored = services.events
        self._interest = interest

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Discord sent a server after READY, with its events."""
        await self._arrive(guild)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was added to a server."""
        await self._arrive(guild)

    @commands.Cog.listener()
    async def on_scheduled_event_create(self, event: discord.ScheduledEvent) -> None:
        """An event was planned."""
        self._see(event, _STAGES[event.status], live=True)

    @commands.Cog.listener()
    async def on_scheduled_event_update(
        self, before: discord.ScheduledEvent, after: discord.ScheduledEvent
    ) -> None:
        """An event changed, perhaps it began or ended."""
        stage = _STAGES[after.status]
        self._see(after, stage, live=True)
        if before.status != after.status and stage is EventStage.ACTIVE:
            await self._interest.read(after.guild_id, [after.id])

    @commands.Cog.listener()
    async def on_scheduled_event_delete(self, event: discord.ScheduledEvent) -> None:
        """An event was deleted."""
        self._see(event, EventStage.DELETED, live=True)

    async def _arrive(self, guild: discord.Guild) -> None:
        """Note what there is, and what of the events known before has gone; then read who is interested."""
        there = list(guild.scheduled_events)
        for event in there:
            self._see(event, _STAGES[event.status], live=False)
        try:
            known = await self._stored.unfinished(guild.id)
        except StoreUnavailable as error:
            _log.warning("events that are gone are looked for later", guild=guild.id, cause=str(error))
            known = []
        for event_id in known:
            if guild.get_scheduled_event(event_id) is None:
                self._lose(guild.id, event_id)
        await self._interest.read(guild.id, [event.id for event in there])

    def _see(self, event: discord.ScheduledEvent, stage: EventStage, *, live: bool) -> None:
        at = self._clock.now_ms()
        zone, day, hour = self._calendars.label(event.guild_id, at)
        if stage is EventStage.ACTIVE and event.channel_id is not None:
            self._attendance.begin(event.guild_id, event.channel_id, event.id, at)
        else:
            self._stop(event.guild_id, event.id)
        seen = EventSeen(
            guild=event.guild_id,
            event=event.id,
            where=_WHERE.get(event.entity_type, EventWhere.UNKNOWN),
            stage=stage,
            channel=event.channel_id or 0,
            starts=_ms(event.start_time),
            ends=0 if event.end_time is None else _ms(event.end_time),
            live=live,
            at=at,
            zone=zone,
            day=day,
            hour=hour,
        )
        self._recording.record(seen)

    def _lose(self, guild_id: int, event_id: int) -> None:
        """An event ended while nobody listened."""
        self._stop(guild_id, event_id)
        at = self._clock.now_ms()
        zone, day, hour = self._calendars.label(guild_id, at)
        lost = EventSeen(guild_id, event_id, 0, EventStage.GONE, 0, 0, 0, False, at, zone, day, hour)  # noqa: FBT003
        self._recording.record(lost)

    def _stop(self, guild_id: int, event_id: int) -> None:
        """Have presence up to now told while the event still is on."""
        if self._attendance.is_on(guild_id, event_id):
            self._voice.tick()
            self._attendance.end(guild_id, event_id)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
