"""Who asks, where and when, as a decision needs it."""

from collections.abc import Awaitable, Callable

from bot.ingest.decisions import Decided, Decisions
from bot.user_errors import Refusal
from cogs.answering import Asked
from texts import LazyText, tr

Decide = Callable[[Decisions, int, int, int], Awaitable[Decided]]
LATER = LazyText(
    "What is stored cannot be changed just now, because the database does not answer; that is done by "
    "itself as soon as it does."
)


def guild_of(interaction: Asked) -> int:
    """Return the server's id; raises Refusal outside of a server."""
    if interaction.guild_id is None:
        raise Refusal(tr("Use this command on the server that it is about."))
    return interaction.guild_id


async def decide(interaction: Asked, how: Decide) -> Decided:
    """Let the asker decide as of the interaction, and the listeners hear of it."""
    client = interaction.client
    decided = await how(client.services.decisions, guild_of(interaction), interaction.user.id, interaction.id)
    if decided.changed and interaction.guild is not None:
        client.dispatch("counting_changed", interaction.guild)
    return decided
