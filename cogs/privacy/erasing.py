"""``/privacy erase``: asked again before it happens, since nothing brings it back."""

from typing import Any, Self

import discord
from discord import app_commands
from discord.ext import commands

from bot.ingest.decisions import Decisions
from cogs.answering import Answering, Asked
from cogs.privacy.asker import LATER, decide, guild_of
from texts import LazyText, tr

BUTTON = "privacy:erase"
QUESTION = LazyText(
    "**Erase everything that is counted about you on this server?** Your messages, reactions and time in "
    "voice disappear from all figures that are about you, for good, and are not counted again from the past. "
    "Sums of the server and its channels stay; nobody can tell your part in them. Your messages on Discord "
    "stay, too."
)
COUNTED_ON = LazyText("What you do from now on is counted; `/privacy opt-out` stops that.")
ERASED = LazyText("Everything about you on this server is erased.")
BEGUN = LazyText("It is noted that everything about you on this server is to be erased.")


class EraseCommand(commands.Cog):
    """The command; part of the group ``/privacy``."""

    @app_commands.command(
        name="erase", description="Erase everything that is counted about me on this server"
    )
    async def erase(self, interaction: Asked) -> None:
        """Ask whether the asker is sure."""
        guild_id = guild_of(interaction)
        out = interaction.client.services.decisions.consent(guild_id, interaction.user.id).opted_out
        view = discord.ui.View(timeout=None)
        view.add_item(
            discord.ui.Button(
                label=tr("Erase everything"), style=discord.ButtonStyle.danger, custom_id=BUTTON
            )
        )
        view.stop()  # the button is answered by EraseButton, in this run of the bot or a later one
        text = str(QUESTION) if out else f"{QUESTION} {COUNTED_ON}"
        await interaction.response.send_message(text, view=view, ephemeral=True)


class EraseButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=BUTTON):
    """Erases who presses it; only the asker sees it."""

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - discord.py's signature
        item: discord.ui.Item[Any],
        match: Any,  # noqa: ANN401, ARG003 - same
        /,
    ) -> Self:
        """Wrap the button, which carries no state."""
        if not isinstance(item, discord.ui.Button):
            raise TypeError(f"{BUTTON} is no button")
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Erase, then say so in place of the question."""
        async with Answering(interaction):
            await interaction.response.defer()
            decided = await decide(interaction, Decisions.erase)
            text = str(ERASED) if decided.done else f"{BEGUN} {LATER}"
            await interaction.edit_original_response(content=text, view=None)
