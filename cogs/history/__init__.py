"""Reading Discord's history and audit logs: where they come from, and what opens and closes them."""

from bot.client import ServerstatsClient
from cogs.history.audit_log import AuditLogSight, DiscordAuditLog
from cogs.history.sight import SightListener
from cogs.history.source import DiscordHistory
from cogs.listeners.messages import Translator
from cogs.listeners.moderation import translator_of
from cogs.listeners.threads import thread_translator


async def setup(client: ServerstatsClient) -> None:
    """Load the extension."""
    services = client.services
    translator = Translator(
        services.recording,
        services.calendars,
        services.pseudonyms,
        services.gate,
        services.sentiment,
        content_shown=client.intents.message_content,
    )
    services.history.attach(DiscordHistory(client, translator, thread_translator(services)))
    SightListener(services.history, services.recording.sessions).install(client)
    services.audit_logs.attach(DiscordAuditLog(client, translator_of(services)))
    await client.add_cog(AuditLogSight(services.audit_logs))
