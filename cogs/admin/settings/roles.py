"""Who may see what, besides those whom Discord's permissions allow it: two lists of roles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import discord

from bot.preferences import Preferences
from bot.services import Services
from bot.user_errors import Refusal
from cogs.admin.settings.setting import Change, Choices, Menu, Setting
from cogs.answering import Asked
from cogs.controls.state import OutdatedControlError
from texts import LazyText, tr

MOST = 25
"""Discord lets nobody choose more at once."""


def ids_of(value: str) -> frozenset[int]:
    """The roles that a value names."""
    return frozenset(int(role) for role in value.split(",") if role)


def _written(roles: frozenset[int]) -> str:
    return ",".join(str(role) for role in sorted(roles))


def _chosen(values: Sequence[str]) -> str:
    if not all(value.isdecimal() for value in values):
        raise OutdatedControlError
    return _written(frozenset(map(int, values)))


def _shown(value: str) -> str:
    return ", ".join(f"<@&{role}>" for role in sorted(ids_of(value))) or tr("nobody besides")


def _menu(asked: Asked, custom_id: str, present: str) -> Menu:
    known = () if asked.guild is None else {role.id for role in asked.guild.roles}
    return discord.ui.RoleSelect(
        custom_id=custom_id,
        placeholder=tr("Choose roles; none: nobody besides"),
        min_values=0,
        max_values=MOST,
        default_values=[
            discord.SelectDefaultValue(id=role, type=discord.SelectDefaultValueType.role)
            for role in sorted(ids_of(present))
            if role in known
        ],
    )


def _not_everybody(asked: Asked, value: str) -> None:
    """Refuse what would let every member look at every other."""
    if asked.guild_id in ids_of(value):
        raise Refusal(
            tr(
                "Not everybody may look at single members: choose roles of people who have to. What "
                "everybody may see is set by the roles for statistics, and one's own figures are shown by "
                "`/me`."
            )
        )


@dataclass(frozen=True, slots=True)
class _List:
    """One of the lists of roles among the preferences."""

    present: Callable[[Preferences], frozenset[int]]
    become: Callable[[Preferences, frozenset[int]], Preferences]

    def read(self, services: Services, guild: int) -> str:
        """See ``Setting``."""
        return _written(self.present(services.preferences.present(guild)))

    async def keep(self, services: Services, change: Change) -> None:
        """See ``Setting``."""
        roles = ids_of(change.values.after)
        await services.preferences.change(
            change.guild, change.actor, change.values, lambda preferences: self.become(preferences, roles)
        )


_STATISTICS = _List(
    lambda preferences: preferences.statistics_roles,
    lambda preferences, roles: replace(preferences, statistics_roles=roles),
)
_MEMBERS = _List(
    lambda preferences: preferences.member_roles,
    lambda preferences, roles: replace(preferences, member_roles=roles),
)
STATISTICS = Setting(
    key="statistics",
    title=LazyText("Who may see statistics"),
    help=LazyText(
        "Roles that may see figures of the server and its channels, besides its moderators and admins."
    ),
    read=_STATISTICS.read,
    shown=_shown,
    keep=_STATISTICS.keep,
    choices=Choices(_menu, _chosen),
)
MEMBERS = Setting(
    key="members",
    title=LazyText("Who may see single members"),
    help=LazyText(
        "Roles that may see everything, rankings and members by name included; who looks at whom is noted."
    ),
    read=_MEMBERS.read,
    shown=_shown,
    keep=_MEMBERS.keep,
    choices=Choices(_menu, _chosen),
    check=_not_everybody,
)
