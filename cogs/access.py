"""Who may see what: one table for commands, controls, suggestions and exports."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

import discord

from bot.preferences import Preferences
from bot.user_errors import Refusal
from bot.views.registry import VIEWS
from cogs.answering import Asked
from texts import tr

INSIGHTS = discord.Permissions(view_guild_insights=True, manage_guild=True)


class Circle(Enum):
    """Whom an admin of the server lets in by role, besides those with the permissions."""

    STATISTICS = "statistics"
    MEMBERS = "members"

    def roles(self, preferences: Preferences) -> frozenset[int]:
        """The roles of it: who may see single members may see everything."""
        if self is Circle.MEMBERS:
            return preferences.member_roles
        return preferences.statistics_roles | preferences.member_roles


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may see or use something, in words; any one of the ``permissions`` opens it, and the ``circle``.

    ``oneself``: every member sees what is about the member alone. ``noted``: each reading is written into the
    audit log.
    """

    words: str
    permissions: discord.Permissions
    circle: Circle | None = None
    oneself: bool = False
    noted: bool = False


STATISTICS = Audience(
    "View Server Insights, Manage Server, a role for statistics", INSIGHTS, Circle.STATISTICS
)
MEMBERS = Audience("View Server Insights, Manage Server, a role for members", INSIGHTS, Circle.MEMBERS)
NOTED_MEMBERS = Audience(f"{MEMBERS.words}; noted in the audit log", INSIGHTS, Circle.MEMBERS, noted=True)
ONESELF = Audience("every member, about oneself", discord.Permissions.none(), oneself=True)
ADMINS = Audience("Manage Server", discord.Permissions(manage_guild=True))
WARDENS = Audience("Time out members", discord.Permissions(moderate_members=True))
_OTHERS = {"me": ONESELF, "member": NOTED_MEMBERS, "compare/member": NOTED_MEMBERS, "leaderboard": MEMBERS}

SEEN_BY: Mapping[str, Audience] = MappingProxyType(
    {kind: _OTHERS.get(view.group, STATISTICS) for kind, view in VIEWS.items()}
)
"""Who may see each view; `docs/permissions.md` says the same."""


class NotAllowedError(Refusal):
    """The person may not see the view."""

    def __init__(self) -> None:
        super().__init__(
            tr(
                "These figures are for people with the permission View Server Insights or Manage Server, or "
                "with a role that an admin of this server chose for them. Ask an admin if you should have it."
            )
        )


@dataclass(frozen=True, slots=True)
class Asker:
    """What somebody has: permissions, and the circles that the server's admins let the person into."""

    permissions: discord.Permissions
    circles: frozenset[Circle] = frozenset()

    def belongs_to(self, audience: Audience) -> bool:
        """Whether the person is among those."""
        return (
            audience.oneself
            or self.permissions.administrator
            or bool(self.permissions & audience.permissions)
            or audience.circle in self.circles
        )


def asker_of(interaction: Asked) -> Asker:
    """Who asks, as of now: controls of old messages are judged anew each time."""
    guild_id, user = interaction.guild_id, interaction.user
    if guild_id is None or not isinstance(user, discord.Member):
        return Asker(interaction.permissions)
    preferences = interaction.client.services.preferences.present(guild_id)
    return Asker(
        interaction.permissions,
        frozenset(circle for circle in Circle if _has_one(user, circle.roles(preferences))),
    )


def may_see(kind: str, asker: Asker) -> bool:
    """Whether somebody may see a view."""
    return asker.belongs_to(SEEN_BY[kind])


def is_allowed(interaction: Asked, kind: str) -> bool:
    """Whether the asker may see a view where it is asked for."""
    if SEEN_BY[kind].oneself:
        return True
    return interaction.guild_id is not None and may_see(kind, asker_of(interaction))


def require_admin(interaction: Asked) -> int:
    """Return the server's id; raises Refusal unless the person may manage the server."""
    refusal = tr("This is for people with the permission Manage Server. Ask an admin of this server.")
    return _require(interaction, ADMINS, refusal)


def require_moderator(interaction: Asked) -> int:
    """Return the server's id; raises Refusal unless the person may time members out."""
    refusal = tr("This is for people with the permission Time out members. Ask an admin of this server.")
    return _require(interaction, WARDENS, refusal)


def elsewhere(kind: str, subject: int) -> int:
    """The server of which somebody asks about oneself, where that is not the place asked in; else 0.

    Whether the person is counted there has to be asked besides: ``cogs.places``.
    """
    return subject if SEEN_BY[kind].oneself else 0


def require_access(interaction: Asked, kind: str, subject: int = 0) -> int:
    """Return the id of the server asked about; raises NotAllowedError unless the person may see the view.

    ``subject`` is that of the view's state.
    """
    guild_id = elsewhere(kind, subject) or interaction.guild_id
    if guild_id is None or not is_allowed(interaction, kind):
        raise NotAllowedError
    return guild_id


def _require(interaction: Asked, audience: Audience, refusal: str) -> int:
    if interaction.guild_id is None or not asker_of(interaction).belongs_to(audience):
        raise Refusal(refusal)
    return interaction.guild_id


def _has_one(member: discord.Member, roles: frozenset[int]) -> bool:
    """Whether a member has one of the roles; the one that everybody has bears the server's id."""
    return member.guild.id in roles or any(member.get_role(role) is not None for role in roles)
