"""`/admin history` as Discord's users meet it."""

import discord
import simcord

from tests.discord.stage import MemoryCharts, MemoryReader, fresh_client


async def test_an_admin_sees_how_far_history_is_read_and_nobody_else_does() -> None:
    client = fresh_client(MemoryReader(), MemoryCharts(), extensions=("cogs.admin",))
    async with simcord.run(client) as env:
        guild = env.create_guild("The Lighthouse")
        channel = guild.create_text_channel("general")
        role = guild.create_role("Admin", permissions=discord.Permissions(manage_guild=True))
        admin = guild.add_member(env.create_user("admiral"), roles=[role])

        result = await admin.slash(channel, "admin history")

        assert result.ephemeral
        (embed,) = result.response.embeds
        assert embed.title == "Reading back history"
        assert embed.description == "All that I may read is counted."

        (command,) = await env.bot.tree.fetch_commands()
        assert command.default_member_permissions == discord.Permissions(manage_guild=True)
        assert not command.dm_permission
