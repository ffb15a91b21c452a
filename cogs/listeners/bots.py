"""Who is a bot, where Discord names a user by id alone."""

import discord


def is_bot(guild: discord.Guild, user_id: int) -> bool:
    """Whether a user is known to be a bot: by the member in memory, or by the role a bot comes with."""
    member = guild.get_member(user_id)
    if member is not None:
        return member.bot
    return any(role.tags is not None and role.tags.bot_id == user_id for role in guild.roles)
