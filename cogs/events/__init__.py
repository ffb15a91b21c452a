"""Scheduled events: what Discord tells of them, and who is interested."""

from bot.client import ServerstatsClient
from cogs.events.interest import InterestReader
from cogs.events.listener import EventListener
from cogs.events.raw import hear_interest


async def setup(client: ServerstatsClient) -> None:
    """Load the extension."""
    interest = InterestReader(client)
    await client.add_cog(EventListener(client, interest))
    hear_interest(client, interest.told)
