"""Discord's permission bits, and who has which in a channel."""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.discord_server.model import FakeChannel, FakeMember


class Permission(IntFlag):
    """The bits that the fake itself looks at, and a few that commands ask for."""

    KICK_MEMBERS = 1 << 1
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    VIEW_GUILD_INSIGHTS = 1 << 19
    CONNECT = 1 << 20
    SPEAK = 1 << 21
    MANAGE_THREADS = 1 << 34
    SEND_MESSAGES_IN_THREADS = 1 << 38


EVERYTHING = (1 << 53) - 1
EVERYONE = int(
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.ADD_REACTIONS
    | Permission.CONNECT
    | Permission.SPEAK
    | Permission.SEND_MESSAGES_IN_THREADS,
)
BOT = EVERYONE | Permission.VIEW_AUDIT_LOG | Permission.VIEW_GUILD_INSIGHTS | Permission.MANAGE_GUILD


def guild_permissions(member: FakeMember) -> int:
    """Return what the member's roles give, before any channel's overwrites."""
    guild = member.guild
    if member.id == guild.owner_id:
        return EVERYTHING
    bits = guild.everyone.permissions
    for role in member.roles:
        bits |= role.permissions
    return EVERYTHING if bits & Permission.ADMINISTRATOR else bits


def channel_permissions(member: FakeMember, channel: FakeChannel) -> int:
    """Return what the member may do in a channel; a thread has its parent's overwrites."""
    bits = guild_permissions(member)
    if bits == EVERYTHING:
        return bits
    overwrites = (channel.parent if channel.is_thread and channel.parent else channel).overwrites
    groups = [[member.guild.everyone.id], [role.id for role in member.roles], [member.id]]
    for ids in groups:
        found = [overwrites[i] for i in ids if i in overwrites]
        for overwrite in found:
            bits &= ~overwrite.deny
        for overwrite in found:
            bits |= overwrite.allow
    return bits if bits & Permission.VIEW_CHANNEL else 0
