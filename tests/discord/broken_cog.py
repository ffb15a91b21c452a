"""An extension whose command and listener fail."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands


class Broken(commands.Cog):
    @app_commands.command(name="broken", description="Fails")
    async def broken(self, _interaction: discord.Interaction[Any]) -> None:
        raise ZeroDivisionError("the command's own fault")

    @commands.Cog.listener("on_message")
    async def fail(self, _message: discord.Message) -> None:
        raise ZeroDivisionError("the listener's own fault")


async def setup(client: commands.Bot) -> None:
    await client.add_cog(Broken())
