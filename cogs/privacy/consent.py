"""``/privacy opt-out`` and ``/privacy opt-in``."""

from discord import app_commands
from discord.ext import commands

from bot.ingest.decisions import Decided, Decisions
from cogs.answering import Asked
from cogs.privacy.asker import LATER, decide
from texts import LazyText

OUT = LazyText(
    "Nothing of you is counted on this server any more: no messages, no reactions, no time in voice. What "
    "was counted until now is still there; `/privacy erase` removes it. `/privacy opt-in` undoes this."
)
ALREADY_OUT = LazyText("Nothing of you is counted on this server already. `/privacy opt-in` undoes this.")
IN = LazyText(
    "What you do on this server counts again from now on. What you did since you opted out is never counted."
)
ALREADY_IN = LazyText("You are counted on this server already. `/privacy opt-out` stops that.")


class ConsentCommands(commands.Cog):
    """The commands; part of the group ``/privacy``."""

    @app_commands.command(name="opt-out", description="Count nothing of me on this server from now on")
    async def opt_out(self, interaction: Asked) -> None:
        """Count nothing of the asker from now on."""
        await interaction.response.defer(ephemeral=True)
        decided = await decide(interaction, Decisions.opt_out)
        text = _said(decided, OUT if decided.changed else ALREADY_OUT)
        await interaction.edit_original_response(content=text)

    @app_commands.command(name="opt-in", description="Count me on this server again from now on")
    async def opt_in(self, interaction: Asked) -> None:
        """Count what the asker does from now on."""
        await interaction.response.defer(ephemeral=True)
        decided = await decide(interaction, Decisions.opt_in)
        text = _said(decided, IN if decided.changed else ALREADY_IN)
        await interaction.edit_original_response(content=text)


def _said(decided: Decided, what: LazyText) -> str:
    return str(what) if decided.done else f"{what} {LATER}"
