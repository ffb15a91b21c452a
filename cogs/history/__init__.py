"""Reading Discord's history: where it comes from, and what opens and closes it."""

from bot.client import ServerstatsClient
from cogs.history.sight import SightListener
from cogs.history.source import DiscordHistory
from cogs.listeners.messages import Translator


async def setup(client: ServerstatsClient) -> None:
    """Load the extension."""
    services = client.services
    translator = Translator(
        services.recording,
        services.calendars,
        services.pseudonyms,
        services.gate,
        content_shown=client.intents.message_content,
    )
    services.history.attach(DiscordHistory(client, translator, services.recording.sessions))
    await client.add_cog(SightListener(services.history, services.recording.sessions))
