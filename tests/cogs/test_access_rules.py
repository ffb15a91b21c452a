"""The table of who may see what, asked directly: any permissions, roles and settings, without a bot.

``docs/permissions.md`` is the judge: its words say whom a row lets in, and nothing else does.
"""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import discord
import pytest
from discord.utils import SnowflakeList
from hypothesis import example, given
from hypothesis import strategies as st

from bot.preferences import Preferences
from bot.user_errors import Refusal
from bot.views.registry import VIEWS
from cogs.access import (
    Asker,
    Circle,
    NotAllowedError,
    asker_of,
    elsewhere,
    is_allowed,
    may_see,
    require_access,
    require_admin,
    require_moderator,
)
from cogs.answering import Asked
from tests.cogs.test_access import ROWS

if TYPE_CHECKING:
    from collections.abc import Callable

GUILD = 9
"""Also the id of the role that everybody has."""
ROLES = (11, 12, 13)
BITS = {
    "View Server Insights": discord.Permissions(view_guild_insights=True).value,
    "Manage Server": discord.Permissions(manage_guild=True).value,
    "Time out members": discord.Permissions(moderate_members=True).value,
}
ADMINISTRATOR = discord.Permissions(administrator=True).value
STATISTICS, MEMBERS = "a role for statistics", "a role for members"


@dataclass(frozen=True)
class Case:
    """Somebody who asks: where, with which permissions and roles, and which roles admins have chosen."""

    permissions: int = 0
    roles: frozenset[int] = frozenset()
    statistics: frozenset[int] = frozenset()
    members: frozenset[int] = frozenset()
    guild: int | None = GUILD
    is_member: bool = True

    def interaction(self) -> Asked:
        """What discord.py hands to a command."""
        preferences = Preferences(statistics_roles=self.statistics, member_roles=self.members)
        desk = SimpleNamespace(present={GUILD: preferences}.__getitem__)
        made = SimpleNamespace(
            guild_id=self.guild,
            user=member(self.roles) if self.is_member else SimpleNamespace(id=1),
            permissions=discord.Permissions(self.permissions),
            client=SimpleNamespace(services=SimpleNamespace(preferences=desk)),
        )
        return cast("Asked", made)

    def is_let_in_by(self, words: str) -> bool:
        """What the documentation says of somebody like this."""
        if "every member" in words:
            return True
        if self.permissions & ADMINISTRATOR:
            return True
        if any(name in words and self.permissions & bit for name, bit in BITS.items()):
            return True
        if not self.is_member:
            return False
        held = self.roles | {GUILD}
        if STATISTICS in words and held & (self.statistics | self.members):
            return True
        return MEMBERS in words and bool(held & self.members)


def member(roles: frozenset[int]) -> discord.Member:
    """A member with these roles, in a server that has all of ``ROLES``."""
    made = discord.Member.__new__(discord.Member)
    there = {role: SimpleNamespace(id=role) for role in ROLES}
    made.guild = cast("discord.Guild", SimpleNamespace(id=GUILD, get_role=there.get))
    made._roles = SnowflakeList(sorted(roles))
    return made


some_roles = st.frozensets(st.sampled_from(ROLES))
chosen = st.frozensets(st.sampled_from((*ROLES, GUILD)))
permissions = st.one_of(
    st.integers(0, discord.Permissions.all().value),
    st.sampled_from([*BITS.values(), ADMINISTRATOR, 0]),
    st.builds(
        lambda value: value & ~(ADMINISTRATOR | sum(BITS.values())),
        st.integers(0, discord.Permissions.all().value),
    ),
)
cases = st.builds(Case, permissions, some_roles, chosen, chosen)
anywhere = st.one_of(
    cases, st.builds(Case, permissions, some_roles, chosen, chosen, st.none(), st.booleans())
)
every_row = pytest.mark.parametrize("kind", list({view.group: kind for kind, view in VIEWS.items()}.values()))
"""A view of each row: drawn by chance, a row of one view would hardly be tried."""


@every_row
@given(case=cases)
@example(case=Case(roles=frozenset({11}), statistics=frozenset({11})))
@example(case=Case(roles=frozenset({11}), members=frozenset({11})))
@example(case=Case(statistics=frozenset({GUILD})))
@example(case=Case(BITS["Time out members"]))
def test_a_row_lets_in_whom_its_words_name_and_nobody_else(kind: str, case: Case) -> None:
    allowed = case.is_let_in_by(ROWS[VIEWS[kind].group])
    interaction = case.interaction()

    assert may_see(kind, asker_of(interaction)) is allowed
    assert is_allowed(interaction, kind) is allowed
    if allowed:
        assert require_access(interaction, kind) == GUILD
    else:
        with pytest.raises(NotAllowedError, match="View Server Insights or Manage Server"):
            require_access(interaction, kind)


@every_row
@given(held=permissions)
@example(held=ADMINISTRATOR)
def test_outside_a_server_there_are_only_ones_own_figures(kind: str, held: int) -> None:
    """An administrator somewhere is nobody here."""
    own = "about oneself" in ROWS[VIEWS[kind].group]
    interaction = Case(held, guild=None, is_member=False).interaction()

    assert is_allowed(interaction, kind) is own
    with pytest.raises(NotAllowedError):
        require_access(interaction, kind)
    if own:
        assert require_access(interaction, kind, 77) == 77
    else:
        with pytest.raises(NotAllowedError):
            require_access(interaction, kind, 77)


@every_row
@given(case=cases, subject=st.integers(1, 2**64 - 1))
def test_the_subject_is_a_server_in_ones_own_figures_alone(kind: str, case: Case, subject: int) -> None:
    own = "about oneself" in ROWS[VIEWS[kind].group]
    assert elsewhere(kind, subject) == (subject if own else 0)
    assert elsewhere(kind, 0) == 0
    if case.is_let_in_by(ROWS[VIEWS[kind].group]):
        assert require_access(case.interaction(), kind, subject) == (subject if own else GUILD)


@given(anywhere)
def test_what_admins_and_moderators_use_asks_for_their_permission_alone(case: Case) -> None:
    """No role for figures opens it."""
    doors: tuple[tuple[Callable[[Asked], int], str], ...] = (
        (require_admin, "Manage Server"),
        (require_moderator, "Time out members"),
    )
    for require, permission in doors:
        if case.guild is not None and case.permissions & (BITS[permission] | ADMINISTRATOR):
            assert require(case.interaction()) == GUILD
        else:
            with pytest.raises(Refusal, match=f"with the permission {permission}"):
                require(case.interaction())


@given(chosen, chosen, some_roles)
def test_a_circle_holds_who_has_one_of_its_roles(
    statistics: frozenset[int], members: frozenset[int], held: frozenset[int]
) -> None:
    """Who may see members may see statistics, never the other way round; the server's id is a role, too."""
    asker = asker_of(Case(0, held, statistics, members).interaction())
    everybody = held | {GUILD}
    assert (Circle.MEMBERS in asker.circles) is bool(everybody & members)
    assert (Circle.STATISTICS in asker.circles) is bool(everybody & (statistics | members))
    assert Circle.MEMBERS not in asker.circles or Circle.STATISTICS in asker.circles


def test_a_role_that_is_gone_opens_nothing() -> None:
    """A member may still be said to have it; the server has it no more."""
    gone = 99
    case = Case(roles=frozenset({gone}), statistics=frozenset({gone}), members=frozenset({gone}))
    assert asker_of(case.interaction()).circles == frozenset()


@given(cases)
def test_roles_count_for_members_alone(case: Case) -> None:
    """Who is no member in the server's memory has what Discord says of permissions, and no circle."""
    stranger = Case(case.permissions, case.roles, case.statistics, case.members, is_member=False)
    assert asker_of(stranger.interaction()) == Asker(discord.Permissions(case.permissions))
