"""Showing a view as the answer to an interaction."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import discord

from bot.views.naming import members_of
from bot.views.registry import VIEWS
from bot.views.scope import Scope
from bot.views.service import Shown
from bot.views.view import Restriction
from cogs.access import SEEN_BY, elsewhere, require_access
from cogs.answering import Asked
from cogs.cards.board import board_card, table_card
from cogs.cards.card import Surroundings
from cogs.categories import channels_in
from cogs.controls.panel import panel
from cogs.controls.state import ViewState
from cogs.languages import language_for_all
from cogs.places import places, require_place
from cogs.sight import sight_of
from schemas.results.board import Board
from texts import speaking, spoken, tr


async def show(interaction: Asked, state: ViewState, *, ephemeral: bool = False) -> None:
    """Load a view and put it in place of the deferred answer, with its controls.

    What everybody reads is in the server's language; what the asker alone sees, in the asker's.
    """
    message = interaction.message
    private = ephemeral or (message is not None and message.flags.ephemeral)
    with speaking(spoken() if private else language_for_all(interaction)):
        await _show(interaction, state, private=private)


async def _show(interaction: Asked, state: ViewState, *, private: bool) -> None:
    services = interaction.client.services
    scope = await scope_of(interaction, state, private=private)
    other = elsewhere(state.kind, state.subject)
    own = await places(interaction, other) if other else {}
    if state.table:
        board = await services.views.board(state.kind, scope)
        card = table_card(board, _surroundings(interaction, board, None), state.page)
        files = []
    else:
        theme = services.preferences.present(scope.guild_id).theme
        shown = await services.views.show(state.kind, scope, theme)
        picture = None if shown.png is None else f"{state.kind.replace('/', '-')}.png"
        card = board_card(shown.board, _surroundings(interaction, shown.board, picture))
        files = _files(shown, picture)
    await interaction.edit_original_response(
        content=_said_before(interaction, state, scope),
        embed=card.embed,
        attachments=files,
        view=panel(replace(state, page=card.page), card.pages, await _servers(interaction, state), own),
    )


async def _servers(interaction: Asked, state: ViewState) -> dict[int, str]:
    """The servers that a view can set beside this one, with their names."""
    if interaction.guild_id is None or VIEWS[state.kind].compares is not Restriction.SERVERS:
        return {}
    offers = await interaction.client.services.agreements.offers(interaction.guild_id)
    return {offer.other: offer.name for offer in offers if offer.in_force}


async def scope_of(
    interaction: Asked, state: ViewState, *, private: bool, taken_as: str | None = None
) -> Scope:
    """What a control's state asks of the views now; a reading that has to be noted is noted first.

    ``private``: the asker alone reads the answer. ``taken_as`` is the form in which figures are taken away:
    that is noted, unless they are one's own.
    Raises NotAllowedError for who may not see it, UnknownServerError for a server in which the person is not
    counted, StoreUnavailable where it cannot be noted or found.
    """
    services = interaction.client.services
    guild_id, audience = require_access(interaction, state.kind, state.subject), SEEN_BY[state.kind]
    if elsewhere(state.kind, state.subject):
        await require_place(interaction, guild_id)
    asker, now_ms = _pseudonym(interaction, guild_id), services.clock.now_ms()
    if taken_as is not None and not audience.oneself:
        member = state.subject if audience.noted else None
        await services.audit.note_export(guild_id, asker, member, f"{state.kind} {taken_as}", now_ms)
    elif audience.noted:
        await services.audit.note_reading(guild_id, asker, state.subject, state.kind, now_ms)
    sight = sight_of(interaction, guild_id, private=private)
    channels = channels_in(interaction.guild, state.channels, sight)
    return Scope(
        guild_id,
        state.timeframe,
        now_ms,
        asker if audience.oneself else state.subject,
        channels.seen,
        state.roles,
        compare=state.compare,
        chosen=state.channels,
        servers=state.servers,
        sight=sight,
        unseen=channels.unseen,
    )


def _pseudonym(interaction: Asked, guild_id: int) -> int:
    """The asker's; who asks from elsewhere may have left, and is not taken for present."""
    pseudonyms = interaction.client.services.pseudonyms
    here = interaction.guild_id == guild_id
    return (pseudonyms.of if here else pseudonyms.once)(guild_id, interaction.user.id)


def _said_before(interaction: Asked, state: ViewState, scope: Scope) -> str | None:
    """What somebody has to know about the figures first: that there are no new ones."""
    gate = interaction.client.services.gate
    if not SEEN_BY[state.kind].oneself or gate.counts_received(scope.guild_id, scope.subject):
        return None
    return tr("You opted out: nothing of you is counted on this server. `/privacy opt-in` there undoes this.")


def _surroundings(interaction: Asked, board: Board, picture: str | None) -> Surroundings:
    guild = interaction.client.get_guild(board.head.guild_id)
    near = guild is not None and guild.id == interaction.guild_id
    return Surroundings(
        now=datetime.fromtimestamp(interaction.client.services.clock.now_ms() / 1000, UTC),
        channels=frozenset(channel.id for channel in guild.channels)
        if guild is not None and near
        else frozenset(),
        icon_url=None if guild is None or guild.icon is None else guild.icon.url,
        picture=picture,
        members=interaction.client.services.present.ids(board.head.guild_id, members_of(board)),
    )


def _files(shown: Shown, picture: str | None) -> list[discord.File]:
    if shown.png is None or picture is None:
        return []
    return [discord.File(BytesIO(shown.png), picture, description=shown.words)]
