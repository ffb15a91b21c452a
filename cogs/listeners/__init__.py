"""Listeners: one file an event family. They translate Discord's objects and record; content stays here."""

from bot.client import ServerstatsClient
from cogs.listeners.guilds import GuildListener
from cogs.listeners.messages import MessageListener
from cogs.listeners.sessions import SessionListener


async def setup(client: ServerstatsClient) -> None:
    """Load all listeners."""
    services = client.services
    await client.add_cog(SessionListener(services.recording))
    await client.add_cog(GuildListener(services.names, services.members))
    await client.add_cog(
        MessageListener(
            services.recording,
            services.calendars,
            services.pseudonyms,
            content_shown=client.intents.message_content,
        )
    )
