"""Message objects, and what the message content intent hides of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.discord_server.payloads import Json, channel, member_without_user, user
from tests.support.discord_server.snowflakes import timestamp_of

if TYPE_CHECKING:
    from tests.support.discord_server.messages import FakeMessage


def message(one: FakeMessage, *, content: bool) -> Json:
    """Return a message object; without `content`, what the intent hides is missing."""
    shown = content or not _hides_content(one)
    made: Json = {
        "id": str(one.id),
        "channel_id": str(one.channel.id),
        "type": one.message_type,
        "author": user(one.author.user),
        "content": one.content if shown else "",
        "timestamp": timestamp_of(one.id),
        "edited_timestamp": one.edited_timestamp,
        "tts": False,
        "mention_everyone": one.mention_everyone,
        "mentions": [user(each.user) for each in one.mentions],
        "mention_roles": [str(each.id) for each in one.mention_roles],
        "attachments": list(one.attachments) if shown else [],
        "embeds": list(one.embeds) if shown else [],
        "components": list(one.components) if shown else [],
        "pinned": one.pinned,
        "flags": one.flags,
    }
    if one.poll is not None and shown:
        made["poll"] = one.poll
    if one.stickers:
        made["sticker_items"] = [
            {"id": str(at), "name": name, "format_type": 1} for at, name in enumerate(one.stickers, start=1)
        ]
    if one.webhook_id is not None:
        made["webhook_id"] = str(one.webhook_id)
    if one.reactions:
        made["reactions"] = list(one.reactions)
    if one.thread is not None:
        made["thread"] = channel(one.thread)
    if one.reply_to is not None:
        made |= _reference(one.reply_to, content=content)
    return made


def _reference(to: FakeMessage, *, content: bool) -> Json:
    made: Json = {"type": 0, "message_id": str(to.id), "channel_id": str(to.channel.id)}
    if to.channel.guild is not None:
        made["guild_id"] = str(to.channel.guild.id)
    return {"message_reference": made, "referenced_message": message(to, content=content)}


def _hides_content(one: FakeMessage) -> bool:
    if one.channel.guild is None:
        return False
    own = one.channel.guild.world.bot.id
    return one.author.id != own and all(each.id != own for each in one.mentions)


def with_guild(one: FakeMessage, made: Json) -> Json:
    """Return a message object with what the gateway adds: server, channel type, the author's membership."""
    made = {**made, "channel_type": one.channel.kind}
    if one.channel.guild is not None:
        made["guild_id"] = str(one.channel.guild.id)
    if one.author.membership is not None and one.webhook_id is None:
        made["member"] = member_without_user(one.author.membership)
    made["mentions"] = [{**user(each.user), "member": member_without_user(each)} for each in one.mentions]
    return made
