"""Showing a view as the answer to an interaction."""

from datetime import UTC, datetime
from io import BytesIO

import discord

from bot.views.service import Shown
from cogs.access import require_access
from cogs.answering import Asked
from cogs.cards.card import Surroundings
from cogs.cards.registry import CARDS
from cogs.controls.panel import panel
from cogs.controls.state import ViewState


async def show(interaction: Asked, state: ViewState) -> None:
    """Load a view and put it in place of the deferred answer, with its controls."""
    services = interaction.client.services
    guild_id = require_access(interaction, state.kind)
    shown = await services.views.show(state.kind, guild_id, state.timeframe)
    picture = None if shown.png is None else f"{state.kind}.png"
    card = CARDS[state.kind](shown.result, _surroundings(interaction, picture))
    await interaction.edit_original_response(
        content=None,
        embed=card.embed,
        attachments=_files(shown, picture, card.picture_text),
        view=panel(state),
    )


def _surroundings(interaction: Asked, picture: str | None) -> Surroundings:
    guild = interaction.guild
    return Surroundings(
        now=datetime.fromtimestamp(interaction.client.services.clock.now_ms() / 1000, UTC),
        channels=frozenset() if guild is None else frozenset(channel.id for channel in guild.channels),
        icon_url=None if guild is None or guild.icon is None else guild.icon.url,
        picture=picture,
    )


def _files(shown: Shown, picture: str | None, description: str) -> list[discord.File]:
    if shown.png is None:
        return []
    return [discord.File(BytesIO(shown.png), picture, description=description)]
