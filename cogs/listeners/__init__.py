"""Listeners: one file an event family. They translate Discord's objects and record; content stays here."""

from bot.client import ServerstatsClient
from cogs.listeners.channels import ChannelListener
from cogs.listeners.gateway_silence import GatewaySilence
from cogs.listeners.guilds import GuildListener
from cogs.listeners.lost_events import LostEvents
from cogs.listeners.members import MemberListener
from cogs.listeners.message_changes import MessageChangeListener, MessageChanges
from cogs.listeners.messages import MessageListener, Translator
from cogs.listeners.moderation import ModerationListener
from cogs.listeners.places import Places
from cogs.listeners.polls import PollListener
from cogs.listeners.raw_gateway import RawGateway
from cogs.listeners.raw_guilds import RawGuilds
from cogs.listeners.raw_updates import RawUpdates
from cogs.listeners.reactions import ReactionListener
from cogs.listeners.sessions import SessionListener
from cogs.listeners.threads import ThreadListener, thread_translator
from cogs.listeners.voice import VoiceListener


async def setup(client: ServerstatsClient) -> None:
    """Load all listeners."""
    services = client.services
    translator = Translator(
        services.recording,
        services.calendars,
        services.pseudonyms,
        services.gate,
        services.sentiment,
        content_shown=client.intents.message_content,
    )
    LostEvents(client).install()
    await client.add_cog(GuildListener(services.names, services.members))
    places = Places(client)
    places.install()
    MessageListener(services.recording, translator, places).install(client)
    await client.add_cog(ReactionListener(client, places))
    await client.add_cog(ModerationListener(client))
    await client.add_cog(PollListener(client, places))
    voice = VoiceListener(client)
    voice.install()
    await client.add_cog(voice)
    await client.add_cog(ThreadListener(client, thread_translator(services)))
    await client.add_cog(ChannelListener(client))
    changes = MessageChanges(client, places)
    await client.add_cog(MessageChangeListener(changes))
    RawUpdates(client, changes).install()
    members = MemberListener(client)
    members.install()
    await client.add_cog(members)
    await client.add_cog(GatewaySilence(client))
    RawGuilds(client).install()
    if not RawGateway(client, services.recording, translator, places).install():
        SessionListener(services.recording).install(client)
