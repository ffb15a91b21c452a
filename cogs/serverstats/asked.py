"""What the commands have in common: the choice of a view, the timeframe, the answer."""

from discord import app_commands

from bot.views.registry import VIEWS
from cogs.access import may_see, require_access
from cogs.answering import Answering, Asked
from cogs.asking import read_timeframe, suggestions, today
from cogs.controls.state import ViewState
from cogs.showing import show


def variant_choices(group: str) -> list[app_commands.Choice[str]]:
    """The views of a command, as the choices of its option; the first is shown if none is chosen."""
    return [
        app_commands.Choice(name=view.kind.partition("/")[2], value=view.kind)
        for view in VIEWS.values()
        if view.group == group
    ]


async def answer(interaction: Asked, kind: str, timeframe: str | None) -> None:
    """Show a view over a timeframe as typed, or say what is wrong with it."""
    async with Answering(interaction):
        guild_id = require_access(interaction, kind)
        asked = read_timeframe(timeframe, today(guild_id, interaction.client.services))
        await interaction.response.defer(thinking=True)
        await show(interaction, ViewState(kind, asked))


def offered_timeframes(interaction: Asked, kind: str, typed: str) -> list[app_commands.Choice[str]]:
    """Timeframes that fit what is typed so far; nothing to who may not see the view."""
    if interaction.guild_id is None or not may_see(kind, interaction.permissions):
        return []
    offered = suggestions(typed, today(interaction.guild_id, interaction.client.services))
    return [app_commands.Choice(name=name, value=value) for name, value in offered]
