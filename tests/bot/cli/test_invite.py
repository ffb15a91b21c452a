from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import discord
import pytest
from typer.testing import CliRunner

from bot.cli.entry import application
from bot.cli.invite import application_of
from tests.support.tokens import bot_token

RUNNER = CliRunner()
ID = 1234567890123456789


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    monkeypatch.chdir(tmp_path)


def query(output: str) -> dict[str, list[str]]:
    url = urlsplit(output.strip())
    assert (url.scheme, url.netloc, url.path) == ("https", "discord.com", "/oauth2/authorize")
    return parse_qs(url.query)


def test_the_link_asks_for_what_is_needed_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", bot_token(ID))
    result = RUNNER.invoke(application(), ["invite"])
    assert result.exit_code == 0
    asked = query(result.stdout)
    assert asked["client_id"] == [str(ID)]
    assert asked["scope"] == ["bot applications.commands"]
    permissions = {name for name, given in discord.Permissions(int(asked["permissions"][0])) if given}
    assert permissions == {
        "read_messages",
        "read_message_history",
        "connect",
        "send_messages",
        "embed_links",
        "attach_files",
    }


def test_every_permission_is_explained_beside_the_link() -> None:
    result = RUNNER.invoke(application(), ["invite", "--application-id", "5"])
    for words in ("Read Message History", "to count what was sent while the bot was away", "Connect"):
        assert words in result.stderr
        assert words not in result.stdout


def test_features_and_a_server_can_be_chosen() -> None:
    arguments = [
        "invite",
        "--application-id",
        "5",
        "--with",
        "moderation",
        "--with",
        "invites",
        "--guild",
        "77",
    ]
    asked = query(RUNNER.invoke(application(), arguments).stdout)
    permissions = discord.Permissions(int(asked["permissions"][0]))
    assert permissions.view_audit_log
    assert permissions.manage_guild
    assert not permissions.manage_threads
    assert asked["guild_id"] == ["77"]


def test_an_unknown_feature_names_those_there_are() -> None:
    result = RUNNER.invoke(application(), ["invite", "--application-id", "5", "--with", "magic"])
    assert result.exit_code == 2
    assert "moderation" in result.stderr


def test_without_token_and_id_it_says_what_to_do() -> None:
    result = RUNNER.invoke(application(), ["invite"])
    assert result.exit_code == 2
    assert "DISCORD_TOKEN is not set" in result.stderr
    assert "Reset Token" in result.stderr


def test_a_token_without_an_id_in_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "nonsense.x.y")
    result = RUNNER.invoke(application(), ["invite"])
    assert result.exit_code == 2
    assert "--application-id" in result.stderr
    assert "nonsense" not in result.output


@pytest.mark.parametrize("token", ["", "...", "é.a.b", "####.a.b", "abc", bot_token(1)[1:]])
def test_no_id_is_made_up(token: str) -> None:
    assert application_of(token) is None


@pytest.mark.parametrize("application_id", [1, 12, 123, 1234, 2**64 - 1])
def test_the_id_is_read_whatever_its_length(application_id: int) -> None:
    assert application_of(bot_token(application_id)) == application_id


def test_the_link_for_an_account_asks_for_the_commands_alone() -> None:
    result = RUNNER.invoke(application(), ["invite", "--application-id", "5", "--user"])
    assert result.exit_code == 0
    assert query(result.stdout) == {
        "client_id": ["5"],
        "scope": ["applications.commands"],
        "integration_type": ["1"],
    }
    assert "User Install has to be on" in result.stderr


@pytest.mark.parametrize("more", [["--guild", "7"], ["--with", "moderation"]])
def test_an_account_has_neither_server_nor_permissions(more: list[str]) -> None:
    result = RUNNER.invoke(application(), ["invite", "--application-id", "5", "--user", *more])
    assert result.exit_code == 2
    assert "--user takes neither" in " ".join(result.stderr.split())
