import discord
import pytest

from bot.permissions import ADMINISTRATOR, FEATURES, PERMISSIONS, bits, missing, wanted

NAMES = {
    "View Channels": "view_channel",
    "Send Messages in Threads": "send_messages_in_threads",
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
