"""Which server is meant where somebody asks about oneself: the one asked in, or one of the person's own."""

from discord import app_commands

from bot.members.servers import MOST, MemberServer
from bot.user_errors import Refusal
from bot.wording.format import plain
from cogs.answering import Asked, Suggestions
from texts import tr

NAME_LIMIT = 100
"""Characters of a suggestion and of an entry of a menu, as Discord sets it."""


class UnknownServerError(Refusal):
    """Nothing is counted of the person in that server, or it is none: both are told in the same words."""

    def __init__(self) -> None:
        super().__init__(
            tr(
                "I know no such server in which something of you is counted. Use `/me`, and choose one of "
                "those that are offered while you type."
            )
        )


class NowhereError(Refusal):
    """Nothing is counted of the person anywhere."""

    def __init__(self) -> None:
        super().__init__(
            tr(
                "Nothing of you is counted yet. I count what you do on servers that I am a member of: write, "
                "react or speak on one of them, then ask again. If you opted out there or erased your "
                "figures, there are none to show."
            )
        )


def counted_here(interaction: Asked) -> int | None:
    """The server asked in, if the bot is a member of it; a command on one's own account works anywhere."""
    guild_id = interaction.guild_id
    return guild_id if guild_id is not None and interaction.client.get_guild(guild_id) is not None else None


async def server_meant(interaction: Asked, typed: str | None) -> MemberServer:
    """The server that was chosen or typed, else the one in which the asker was active last.

    Raises UnknownServerError, NowhereError or StoreUnavailable.
    """
    servers, user = interaction.client.services.member_servers, interaction.user.id
    own = await servers.of(user)
    if not own:
        raise NowhereError
    if typed is None:
        return own[0]
    words = typed.strip()
    if words.isdecimal() and len(words) <= len(str(2**64)):
        found = await servers.find(user, int(words))
        if found is not None:
            return found
    named = [server for server in own if server.name.casefold() == words.casefold()]
    if not named:
        raise UnknownServerError
    return named[0]


async def places(interaction: Asked, chosen: int) -> dict[int, str]:
    """The asker's servers to choose from, with their names, ``chosen`` among them.

    Raises UnknownServerError where the asker is not counted there, or StoreUnavailable.
    """
    servers, user = interaction.client.services.member_servers, interaction.user.id
    own = {server.guild_id: server.name for server in await servers.of(user)}
    if chosen in own:
        return own
    found = await servers.find(user, chosen)
    if found is None:
        raise UnknownServerError
    return {chosen: found.name, **dict(list(own.items())[: MOST - 1])}


async def require_place(interaction: Asked, guild_id: int) -> None:
    """Raise UnknownServerError unless something of the asker is counted in the server."""
    if await interaction.client.services.member_servers.find(interaction.user.id, guild_id) is None:
        raise UnknownServerError


async def server_choices(interaction: Asked, typed: str) -> Suggestions:
    """The asker's servers whose name fits what is typed so far, latest activity first."""
    words = typed.strip().casefold()
    return [
        app_commands.Choice(
            name=plain(server.name, NAME_LIMIT) or str(server.guild_id), value=str(server.guild_id)
        )
        for server in await interaction.client.services.member_servers.of(interaction.user.id)
        if words in server.name.casefold() or words == str(server.guild_id)
    ]
