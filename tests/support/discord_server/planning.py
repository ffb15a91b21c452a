"""Scheduled events of a fake server: planned, begun, ended, and who is interested."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.discord_server.model import FakeChannel, FakeGuild
    from tests.support.discord_server.payloads import Json
    from tests.support.discord_server.server import DiscordServer

SCHEDULED, ACTIVE, COMPLETED = 1, 2, 3
_VOICE = 2


@dataclass(slots=True, eq=False)
class FakeEvent:
    """An event in a voice channel."""

    id: int
    channel: FakeChannel
    starts: datetime
    status: int = SCHEDULED
    interested: set[int] = field(default_factory=set)

    def payload(self, guild: FakeGuild) -> Json:
        """Return it as Discord does."""
        return {
            "id": str(self.id),
            "guild_id": str(guild.id),
            "channel_id": str(self.channel.id),
            "creator_id": None,
            "name": "an event",
            "description": None,
            "scheduled_start_time": self.starts.isoformat(),
            "scheduled_end_time": None,
            "privacy_level": 2,
            "status": self.status,
            "entity_type": _VOICE,
            "entity_id": None,
            "entity_metadata": None,
            "recurrence_rule": None,
        }


@dataclass(slots=True, eq=False)
class Planning:
    """Plans events, and tells of them."""

    server: DiscordServer
    guild: FakeGuild

    def plan(self, channel: FakeChannel) -> FakeEvent:
        """Plan an event, untold."""
        event = FakeEvent(self.guild.world.ids.next(), channel, datetime.now(UTC) + timedelta(hours=1))
        self.guild.events[event.id] = event
        return event

    async def turn(self, event: FakeEvent, status: int) -> None:
        """Begin or end an event; one that is over is listed no longer."""
        event.status = status
        if status == COMPLETED:
            del self.guild.events[event.id]
        await self.server.dispatch(self.guild, "GUILD_SCHEDULED_EVENT_UPDATE", event.payload(self.guild))

    async def interest(self, event: FakeEvent, user: int, *, interested: bool = True) -> None:
        """Let somebody be interested, or no longer."""
        (event.interested.add if interested else event.interested.discard)(user)
        name = f"GUILD_SCHEDULED_EVENT_USER_{'ADD' if interested else 'REMOVE'}"
        told = {
            "guild_scheduled_event_id": str(event.id),
            "user_id": str(user),
            "guild_id": str(self.guild.id),
        }
        await self.server.dispatch(self.guild, name, told)
