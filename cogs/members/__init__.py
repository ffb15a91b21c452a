"""Discord's lists of members and invites, where joins and leaves that nobody told of are found; names."""

from bot.client import ServerstatsClient
from cogs.members.invites import DiscordInvites, InviteListener
from cogs.members.names import DiscordNames
from cogs.members.source import DiscordMembers


async def setup(client: ServerstatsClient) -> None:
    """Load the extension; without the members intent there is no list to read, and no join is heard of."""
    client.services.people.attach(DiscordNames(client))
    if client.intents.members:
        client.services.comparer.attach(DiscordMembers(client))
        client.services.invites.attach(DiscordInvites(client))
        InviteListener(client).install()
