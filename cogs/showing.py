"""Showing a view as the answer to an interaction."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import discord

from bot.views.naming import members_of
from bot.views.scope import Scope
from bot.views.service import Shown
from cogs.access import require_access
from cogs.answering import Asked
from cogs.cards.board import board_card, table_card
from cogs.cards.card import Surroundings
from cogs.controls.panel import panel
from cogs.controls.state import ViewState
from schemas.results.board import Board


async def show(interaction: Asked, state: ViewState) -> None:
    """Load a view and put it in place of the deferred answer, with its controls."""
    services = interaction.client.services
    scope = scope_of(interaction, state)
    if state.table:
        board = await services.views.board(state.kind, scope)
        card = table_card(board, _surroundings(interaction, board, None), state.page)
        files = []
    else:
        shown = await services.views.show(state.kind, scope)
        picture = None if shown.png is None else f"{state.kind.replace('/', '-')}.png"
        card = board_card(shown.board, _surroundings(interaction, shown.board, picture))
        files = _files(shown, picture, card.picture_text)
    await interaction.edit_original_response(
        content=None,
        embed=card.embed,
        attachments=files,
        view=panel(replace(state, page=card.page), card.pages),
    )


def scope_of(interaction: Asked, state: ViewState) -> Scope:
    """What a control's state asks of the views now; raises NotAllowedError for who may not see it."""
    return Scope(
        require_access(interaction, state.kind),
        state.timeframe,
        interaction.client.services.clock.now_ms(),
        state.subject,
        state.channels,
        state.roles,
        compare=state.compare,
    )


def _surroundings(interaction: Asked, board: Board, picture: str | None) -> Surroundings:
    guild = interaction.guild
    return Surroundings(
        now=datetime.fromtimestamp(interaction.client.services.clock.now_ms() / 1000, UTC),
        channels=frozenset() if guild is None else frozenset(channel.id for channel in guild.channels),
        icon_url=None if guild is None or guild.icon is None else guild.icon.url,
        picture=picture,
        members=interaction.client.services.present.ids(board.head.guild_id, members_of(board)),
    )


def _files(shown: Shown, picture: str | None, description: str) -> list[discord.File]:
    if shown.png is None or picture is None:
        return []
    return [discord.File(BytesIO(shown.png), picture, description=description)]
