"""Who may see a view."""

import discord
import pytest

from cogs.access import SEEN_BY, may_see


@pytest.mark.parametrize("kind", sorted(SEEN_BY))
@pytest.mark.parametrize(
    ("permissions", "allowed"),
    [
        (discord.Permissions(view_guild_insights=True), True),
        (discord.Permissions(manage_guild=True), True),
        (discord.Permissions(administrator=True), True),
        (discord.Permissions.none(), False),
        (discord.Permissions(view_audit_log=True, manage_channels=True, moderate_members=True), False),
    ],
)
def test_insights_manage_server_or_administrator(
    kind: str,
    permissions: discord.Permissions,
    allowed: bool,  # noqa: FBT001 - the expected outcome
) -> None:
    assert may_see(kind, permissions) is allowed


@pytest.mark.parametrize("kind", sorted(SEEN_BY))
def test_no_other_permission_opens_a_view(kind: str) -> None:
    everything = discord.Permissions.all()
    everything.update(administrator=False, manage_guild=False, view_guild_insights=False)
    assert not may_see(kind, everything)
