"""Answers forms and menus of warnings, whichever run of the bot sent them."""

from typing import Any

from discord.ext import commands

from bot.views.service import Unavailable
from cogs.access import require_moderator
from cogs.answering import Answering, Asked
from cogs.controls.state import OutdatedControlError
from cogs.controls.used import used
from cogs.warnings.card import warnings_card, warnings_menu
from cogs.warnings.forms import CATEGORY_NAMES, category_of, resolution_of, resolve_form
from cogs.warnings.state import Action, WarningState, decode, is_ours
from texts import inside, tr


class WarningControls(commands.Cog):
    """Takes what carries the mark of warnings; discord.py remembers none of it."""

    @commands.Cog.listener("on_interaction")
    async def answer(self, interaction: Asked) -> None:
        """Answer a form or a menu; leave everything else to others."""
        what = used(interaction, is_ours)
        if what is None:
            return
        async with Answering(interaction):
            state = decode(what.custom_id)
            guild = require_moderator(interaction)
            if state.action is Action.RECORD and what.submitted:
                await _record(interaction, guild, state, what.data.get("components"))
            elif state.action is Action.RESOLVE and what.submitted:
                await _resolve(interaction, guild, state, what.data.get("components"))
            elif state.action is Action.CHOOSE and not what.submitted:
                await interaction.response.send_modal(resolve_form(state.user_id, _case(what.data)))
            else:
                raise OutdatedControlError


async def show_warnings(interaction: Asked, user_id: int) -> None:
    """Put a member's warnings in place of the deferred answer; raises Unavailable."""
    services = interaction.client.services
    guild = require_moderator(interaction)
    cases = await services.warnings.of_member(guild, services.pseudonyms.of(guild, user_id))
    await interaction.edit_original_response(
        embed=warnings_card(user_id, cases), view=warnings_menu(user_id, cases)
    )


async def _record(interaction: Asked, guild: int, state: WarningState, components: object) -> None:
    """Record a warning: it counts from here on, whether or not the database answers."""
    services = interaction.client.services
    of, category = services.pseudonyms.of, category_of(components)
    member = of(guild, state.user_id)
    services.warnings.record(guild, interaction.id, member, of(guild, interaction.user.id), category)
    await interaction.response.defer(ephemeral=True, thinking=True)
    said = tr(
        "Recorded a warning for {member} ({category}).",
        member=f"<@{state.user_id}>",
        category=inside(str(CATEGORY_NAMES[category])),
    )
    try:
        cases = await services.warnings.of_member(guild, member)
    except Unavailable:
        await interaction.edit_original_response(content=said)
    else:
        await interaction.edit_original_response(
            content=said,
            embed=warnings_card(state.user_id, cases),
            view=warnings_menu(state.user_id, cases),
        )


async def _resolve(interaction: Asked, guild: int, state: WarningState, components: object) -> None:
    services = interaction.client.services
    moderator = services.pseudonyms.of(guild, interaction.user.id)
    services.warnings.resolve(guild, state.case, moderator, resolution_of(components))
    await interaction.response.defer()
    await show_warnings(interaction, state.user_id)


def _case(data: dict[str, Any]) -> int:
    """The case that was chosen in the menu."""
    values = data.get("values") or []
    if len(values) != 1 or not str(values[0]).isdecimal():
        raise OutdatedControlError
    return int(values[0])
