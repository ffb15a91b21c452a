"""What the commands share that show a view over a timeframe."""

from discord import app_commands

from bot.views.registry import VIEWS
from cogs.access import is_allowed, require_access
from cogs.answering import Answering, Asked, Suggestions, suggested
from cogs.asking import MAX_TYPED, read_timeframe, suggestions, today
from cogs.controls.state import ViewState
from cogs.places import counted_here, server_meant
from cogs.showing import show

TIMEFRAME_HELP = "24h, 14d, last month, 2026-01-01..2026-02-01 … (30 days if left out)"
Typed = app_commands.Range[str, 1, MAX_TYPED]
Choice = app_commands.Choice[str]
"""An option of which Discord offers all values; discord.py refuses any other."""


def choices_of(group: str) -> list[app_commands.Choice[str]]:
    """The views of a command to choose from, in the registry's order."""
    return [
        app_commands.Choice(name=view.title.message, value=kind)
        for kind, view in VIEWS.items()
        if view.group == group
    ]


def chosen(choice: Choice | None, usual: str) -> str:
    """The value that was chosen, or the usual one where the option was left out."""
    return usual if choice is None else choice.value


async def answer(  # noqa: PLR0913 - all of it is what is asked
    interaction: Asked,
    kind: str,
    timeframe: str | None,
    *,
    subject: int = 0,
    channels: tuple[int, ...] = (),
    roles: tuple[int, ...] = (),
    servers: tuple[int, ...] = (),
    ephemeral: bool = False,
) -> None:
    """Show a view over a timeframe as typed, or say what is wrong with it."""
    async with Answering(interaction):
        guild_id = require_access(interaction, kind)
        services = interaction.client.services
        asked = read_timeframe(timeframe, today(guild_id, services), services.languages)
        await interaction.response.defer(thinking=True, ephemeral=ephemeral)
        state = ViewState(kind, asked, subject, channels, roles, servers=servers)
        await show(interaction, state, ephemeral=ephemeral)


async def answer_about(interaction: Asked, kind: str, timeframe: str | None, server: str | None) -> None:
    """Show somebody's own figures of one of the person's servers: of the one that is typed, or the last."""
    async with Answering(interaction):
        await interaction.response.defer(thinking=True, ephemeral=True)
        meant = (await server_meant(interaction, server)).guild_id
        services = interaction.client.services
        asked = read_timeframe(timeframe, today(meant, services), services.languages)
        await show(interaction, ViewState(kind, asked, meant), ephemeral=True)


def timeframes(interaction: Asked, kind: str, typed: str) -> Suggestions:
    """Timeframes that fit what is typed so far; nothing to who may not see the view.

    Where the place is no server of the bot's, today is that of the host's time zone.
    """

    def offer() -> Suggestions:
        if not is_allowed(interaction, kind):
            return []
        services = interaction.client.services
        offered = suggestions(typed, today(counted_here(interaction) or 0, services), services.languages)
        return [app_commands.Choice(name=name, value=value) for name, value in offered]

    return suggested(interaction, typed, offer)
