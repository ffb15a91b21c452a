from pathlib import Path

import discord
import pytest

from bot.permissions import ADMINISTRATOR, FEATURES, PERMISSIONS, bits, missing, wanted

NAMES = {
    "View Channels": "view_channel",
    "Manage Server": "manage_guild",
}


@pytest.mark.parametrize("permission", PERMISSIONS, ids=lambda item: item.name)
def test_every_bit_is_the_one_discord_gives_that_name(permission: object) -> None:
    name = permission.name  # type: ignore[attr-defined]  # pytest hands parameters over untyped
    flag = NAMES.get(name, name.lower().replace(" ", "_"))
    assert discord.Permissions(**{flag: True}).value == permission.bit  # type: ignore[attr-defined]  # same


def test_features_are_not_asked_for_unless_wanted() -> None:
    base = discord.Permissions(bits(wanted()))
    assert not base.manage_guild
    assert not base.view_audit_log
    assert not base.administrator
    assert discord.Permissions(bits(wanted(["moderation"]))).view_audit_log
    assert bits(wanted(FEATURES)) == bits(PERMISSIONS)


def test_what_is_missing() -> None:
    assert missing(bits(wanted()), wanted()) == ()
    assert missing(ADMINISTRATOR, wanted()) == ()
    assert missing(0, wanted()) == wanted()
    assert [item.name for item in missing(bits(wanted()) & ~(1 << 14), wanted())] == ["Embed Links"]


def test_no_reason_claims_what_the_bot_does_not_do() -> None:
    """Nothing is posted into a channel today: these permissions are for reports that are to come."""
    reasons = {item.name: item.reason for item in PERMISSIONS}
    for name in ("Send Messages", "Embed Links", "Attach Files"):
        assert "a later version" in reasons[name]
    assert "Send Messages in Threads" not in reasons, "reports will go to text and announcement channels"


def test_the_documentation_gives_the_same_permissions() -> None:
    told = (Path(__file__).parents[2] / "docs" / "discord-application.md").read_text("utf-8")
    for item in PERMISSIONS:
        row = f"| `--with {item.feature}` | {item.name} |" if item.feature else f"| {item.name} |"
        assert row in told
