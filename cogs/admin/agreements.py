"""``/admin agreements``: with which servers this one is compared, if both want it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.agreements import MOST, Offer, Step, TooManyOffers
from bot.ingest.snowflakes import id_at
from bot.user_errors import Refusal
from bot.wording.format import escaped, plain
from cogs.access import require_admin
from cogs.answering import Answering, Asked
from cogs.cards.card import COLOUR
from cogs.controls.custom_range import field_value
from cogs.controls.panel import LABEL_LIMIT
from cogs.controls.state import MAX_ID, OutdatedControlError
from texts import LazyText, tr, tr_n

PREFIX = "agreements:"
OFFER, TYPED, TAKE_BACK = (f"{PREFIX}{action}" for action in ("offer", "typed", "back"))
FIELD = "server"
OLDEST_SERVER = id_at(1_422_748_800_000)
"""Discord's first servers are of the spring of 2015."""
_NAME_LIMIT, _ID_DIGITS = 32, 20
_EXPLAINED = LazyText(
    "Two servers are compared if an admin of each offers it to the other, by its id. Whoever may see "
    "statistics on either server then sees sums of both: members, members who wrote, messages, joins, time "
    "in voice, reactions and threads. Nothing is shown of the other one's channels and members. As soon as "
    "one side takes its offer back, neither sees anything any more."
)


class AgreementsCommand(commands.Cog):
    """The command; part of the group ``/admin``."""

    @app_commands.command(
        name="agreements",
        description="Servers that agree to be compared with this one: offer it, take it back",
    )
    async def agreements(self, interaction: Asked) -> None:
        """Answer the asker alone with the offers that stand."""
        async with Answering(interaction):
            guild_id = require_admin(interaction)
            await interaction.response.defer(ephemeral=True, thinking=True)
            await _show(interaction, guild_id)


class AgreementControls(commands.Cog):
    """Takes what carries the mark of agreements; discord.py remembers none of it."""

    @commands.Cog.listener("on_interaction")
    async def answer(self, interaction: Asked) -> None:
        """Answer the button, the menu or the form; leave everything else to others."""
        data: Any = interaction.data or {}
        custom_id = data.get("custom_id", "")
        if not custom_id.startswith(PREFIX):
            return
        async with Answering(interaction):
            guild_id = require_admin(interaction)
            submitted = interaction.type is discord.InteractionType.modal_submit
            act = _ACTIONS.get(custom_id)
            if act is None or submitted is not (custom_id == TYPED):
                raise OutdatedControlError
            await act(interaction, guild_id, data)


async def _ask(interaction: Asked, _guild_id: int, _data: Mapping[str, Any]) -> None:
    await interaction.response.send_modal(offer_form())


async def _offer(interaction: Asked, guild_id: int, data: Mapping[str, Any]) -> None:
    """Note the offer, in the same words whether or not anybody there will ever read it."""
    other = _server(field_value(data.get("components"), FIELD), guild_id)
    await interaction.response.defer()
    try:
        await _take(interaction, guild_id, other, offers=True)
    except TooManyOffers:
        raise Refusal(
            tr_n(
                "A server may have {count} offer at a time: take one back first.",
                "A server may have {count} offers at a time: take one back first.",
                MOST,
            )
        ) from None
    await _show(
        interaction,
        guild_id,
        lambda offers: (
            tr("Both sides have offered it: the agreement is in force.")
            if any(each.in_force for each in offers if each.other == other)
            else tr("Your offer is noted. It holds once the other side offers it, too.")
        ),
    )


async def _take_back(interaction: Asked, guild_id: int, data: Mapping[str, Any]) -> None:
    values = [str(value) for value in data.get("values", ())]
    if len(values) != 1 or not values[0].isdecimal():
        raise OutdatedControlError
    await interaction.response.defer()
    changed = await _take(interaction, guild_id, int(values[0]), offers=False)
    said = tr("Taken back.") if changed else tr("Nothing has changed.")
    await _show(interaction, guild_id, lambda _offers: said)


async def _take(interaction: Asked, guild_id: int, other: int, *, offers: bool) -> bool:
    services = interaction.client.services
    actor = services.pseudonyms.of(guild_id, interaction.user.id)
    return await services.agreements.take(Step(guild_id, other, offers, actor))


def _server(typed: str, here: int) -> int:
    text = typed.strip()
    if not text.isdecimal() or not OLDEST_SERVER <= int(text) <= MAX_ID:
        raise Refusal(
            tr(
                "That is no id of a server. Ask an admin of the other server for it: `/admin agreements` "
                "shows it there."
            )
        )
    if int(text) == here:
        raise Refusal(tr("That is the id of this server: ask an admin of the other server for theirs."))
    return int(text)


async def _show(
    interaction: Asked, guild_id: int, said: Callable[[Sequence[Offer]], str] = lambda _offers: ""
) -> None:
    """Show what holds, and what ``said`` makes of it."""
    offers = await interaction.client.services.agreements.offers(guild_id)
    await interaction.edit_original_response(
        embed=agreements_card(guild_id, offers, said(offers)), view=agreements_panel(offers)
    )


def agreements_card(guild_id: int, offers: Sequence[Offer], said: str = "") -> discord.Embed:
    """What holds and what is offered; ``said`` is what has just happened."""
    agreed = [f"{escaped(each.name, _NAME_LIMIT)} `{each.other}`" for each in offers if each.in_force]
    waiting = [f"`{each.other}`" for each in offers if not each.in_force]
    nothing = tr("none")
    embed = discord.Embed(
        title=tr("Comparison with other servers"),
        description="\n".join(
            (
                str(_EXPLAINED),
                "",
                tr("Id of this server, for the other side: {id}", id=f"`{guild_id}`"),
                "",
                f"**{tr('Agreements in force')}**",
                *(agreed or [nothing]),
                "",
                f"**{tr('Offered, without an answer')}**",
                ", ".join(waiting) or nothing,
            )
        ),
        colour=COLOUR,
    )
    if said:
        embed.set_footer(text=said)
    return embed


def agreements_panel(offers: Sequence[Offer]) -> discord.ui.View:
    """The controls. They are finished at once: discord.py need not remember them."""
    view = discord.ui.View(timeout=None)
    if offers:
        view.add_item(
            discord.ui.Select(
                custom_id=TAKE_BACK,
                placeholder=tr("Take an offer back, and so end the agreement"),
                options=[
                    discord.SelectOption(
                        label=plain(each.name, LABEL_LIMIT) or str(each.other),
                        value=str(each.other),
                        description=tr("in force · {id}", id=each.other)
                        if each.in_force
                        else tr("without an answer"),
                    )
                    for each in offers
                ],
            )
        )
    view.add_item(discord.ui.Button(label=tr("Offer…"), style=discord.ButtonStyle.primary, custom_id=OFFER))
    view.stop()
    return view


def offer_form() -> discord.ui.Modal:
    """The form that asks for a server; finished at once, as ``cogs.controls.custom_range`` says."""
    form = discord.ui.Modal(title=tr("Offer a comparison"), custom_id=TYPED)
    line: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id=FIELD, max_length=_ID_DIGITS, required=True
    )
    form.add_item(
        discord.ui.Label(
            text=tr("Id of the other server"),
            description=tr("An admin there finds it with /admin agreements."),
            component=line,
        )
    )
    form.stop()
    return form


_ACTIONS: Mapping[str, Callable[[Asked, int, Mapping[str, Any]], Awaitable[None]]] = MappingProxyType(
    {OFFER: _ask, TYPED: _offer, TAKE_BACK: _take_back}
)
