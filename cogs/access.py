"""Who may see what: one table for commands and controls."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import discord

from bot.user_errors import Refusal
from bot.views.registry import VIEWS
from texts import tr

INSIGHTS = discord.Permissions(view_guild_insights=True, manage_guild=True)


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may see a view, in words; any one of the ``permissions`` opens it.

    ``oneself``: every member sees what is about the member alone. ``noted``: each reading is written into the
    audit log.
    """

    words: str
    permissions: discord.Permissions
    oneself: bool = False
    noted: bool = False


_INSIGHTS = "View Server Insights or Manage Server"
MODERATORS = Audience(_INSIGHTS, INSIGHTS)
NOTED_MODERATORS = Audience(f"{_INSIGHTS}; noted in the audit log", INSIGHTS, noted=True)
ONESELF = Audience("every member, about oneself", discord.Permissions.none(), oneself=True)
_OTHERS = {"me": ONESELF, "member": NOTED_MODERATORS}

SEEN_BY: Mapping[str, Audience] = MappingProxyType({kind: _OTHERS.get(kind, MODERATORS) for kind in VIEWS})
"""Who may see each view; `docs/permissions.md` says the same."""


class NotAllowedError(Refusal):
    """The person may not see the view."""

    def __init__(self) -> None:
        super().__init__(
            tr(
                "These figures are for people with the permission View Server Insights or Manage Server. "
                "Ask an admin of this server if you should have it."
            )
        )


def may_see(kind: str, permissions: discord.Permissions) -> bool:
    """Whether someone with these permissions may see a view."""
    audience = SEEN_BY[kind]
    return audience.oneself or permissions.administrator or bool(permissions & audience.permissions)


def require_admin(interaction: discord.Interaction) -> int:
    """Return the server's id; raises Refusal unless the person may manage the server."""
    if interaction.guild_id is None or not interaction.permissions.manage_guild:
        raise Refusal(
            tr("This is for people with the permission Manage Server. Ask an admin of this server.")
        )
    return interaction.guild_id


def require_moderator(interaction: discord.Interaction) -> int:
    """Return the server's id; raises Refusal unless the person may time members out."""
    permissions = interaction.permissions
    if interaction.guild_id is None or not (permissions.moderate_members or permissions.administrator):
        raise Refusal(
            tr("This is for people with the permission Time out members. Ask an admin of this server.")
        )
    return interaction.guild_id


def require_access(interaction: discord.Interaction, kind: str) -> int:
    """Return the server's id; raises NotAllowedError unless the person may see the view there."""
    if interaction.guild_id is None or not may_see(kind, interaction.permissions):
        raise NotAllowedError
    return interaction.guild_id
