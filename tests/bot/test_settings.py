import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.settings import (
    LogFormat,
    LogLevel,
    Settings,
    SettingsError,
    load_settings,
    require_token,
    secrets_of,
)
from tests.support.tokens import bot_token

TOKEN = bot_token(123456789012345678)
KEY = "5f" * 32


@pytest.fixture(autouse=True)
def _bare_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.upper().startswith(("SERVERSTATS_", "DISCORD_TOKEN", "MONGODB_URI", "CREDENTIALS_DIRECTORY")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def problems() -> dict[str, tuple[str, str]]:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return {item.variable: (item.wrong, item.mend) for item in caught.value.problems}


def test_defaults_need_nothing_set(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.discord_token is None
    assert settings.mongodb_uri is None
    assert settings.database == "serverstats"
    assert settings.data_dir == tmp_path / "data"
    assert settings.default_time_zone == ZoneInfo("UTC")
    assert (settings.log_level, settings.log_format) == (LogLevel.INFO, LogFormat.CONSOLE)
    assert settings.message_content is False


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SERVERSTATS_CHART_WORKERS=3\nSERVERSTATS_FLUSH_SECONDS=2.5\n")
    monkeypatch.setenv("SERVERSTATS_CHART_WORKERS", "4")
    settings = load_settings()
    assert (settings.chart_workers, settings.flush_seconds) == (4, 2.5)


def test_empty_variables_count_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "")
    monkeypatch.setenv("SERVERSTATS_LOG_LEVEL", "")
    settings = load_settings()
    assert settings.discord_token is None
    assert settings.log_level is LogLevel.INFO


@pytest.mark.parametrize("place", ["environment", "dotenv", "mounted", "mounted lower case"])
def test_a_secret_can_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str) -> None:
    file = tmp_path / ("discord_token" if place == "mounted lower case" else "DISCORD_TOKEN")
    file.write_text(TOKEN + "\n")
    match place:
        case "environment":
            monkeypatch.setenv("DISCORD_TOKEN_FILE", str(file))
        case "dotenv":
            (tmp_path / ".env").write_text(f"DISCORD_TOKEN_FILE={file}\n")
        case _:
            monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert require_token(load_settings()) == TOKEN


def test_every_setting_can_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "zone").write_text("Asia/Kathmandu\n")
    monkeypatch.setenv("SERVERSTATS_DEFAULT_TIME_ZONE_FILE", str(tmp_path / "zone"))
    assert load_settings().default_time_zone == ZoneInfo("Asia/Kathmandu")


def test_a_named_file_that_is_missing_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGODB_URI_FILE", "/nowhere/uri")
    wrong, mend = problems()["MONGODB_URI"]
    assert "/nowhere/uri" in wrong
    assert "No such file" in wrong
    assert "name a file" in mend


def test_a_value_and_a_file_at_once_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN)
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("DISCORD_TOKEN_FILE", str(tmp_path / "token"))
    assert "DISCORD_TOKEN_FILE" in problems()["DISCORD_TOKEN"][0]


def test_a_dotenv_that_is_no_text_is_reported(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00A")
    assert "not UTF-8" in problems()[".env"][0]


@pytest.mark.parametrize(
    ("variable", "value", "wrong"),
    [
        ("SERVERSTATS_FLUSH_SECONDS", "soon", 'is "soon" but has to be a number of seconds from 0.05 to 60'),
        ("SERVERSTATS_FLUSH_SECONDS", "0", "from 0.05 to 60"),
        ("SERVERSTATS_JOURNAL_MAX_MIB", "1", "from 64"),
        ("SERVERSTATS_CHART_WORKERS", "1.5", "whole number"),
        ("SERVERSTATS_LOG_LEVEL", "loud", "debug, info, warning or error"),
        ("SERVERSTATS_LOG_FORMAT", "xml", "console or json"),
        ("SERVERSTATS_MESSAGE_CONTENT", "perhaps", "true or false"),
        ("SERVERSTATS_DATABASE", "admin", "not admin"),
        ("SERVERSTATS_DATABASE", "a/b", "letters"),
        ("SERVERSTATS_DEFAULT_TIME_ZONE", "Europe/Berlinn", 'did you mean "Europe/Berlin"?'),
        ("SERVERSTATS_DEFAULT_TIME_ZONE", "kolkata", 'did you mean "Asia/Kolkata"?'),
        ("SERVERSTATS_DEFAULT_TIME_ZONE", "../../etc/passwd", "no IANA time zone"),
        ("SERVERSTATS_PSEUDONYM_KEY", "abc", "64 hexadecimal digits"),
        ("DISCORD_TOKEN", "Bot abc.def.ghi", 'the word "Bot"'),
        ("DISCORD_TOKEN", "abc def", "copy it again"),
        ("MONGODB_URI", "localhost:27017", "mongodb://"),
        ("MONGODB_URI", "mongodb://u:x@y/z@host/", "percent-encode the password"),
    ],
)
def test_a_wrong_value_is_named_with_its_mend(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, wrong: str
) -> None:
    monkeypatch.setenv(variable, value)
    found = problems()
    assert list(found) == [variable]
    assert wrong in found[variable][0]
    assert found[variable][1]
    assert "x@y" not in str(found)


def test_all_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVERSTATS_LOG_LEVEL", "loud")
    monkeypatch.setenv("SERVERSTATS_CHART_WORKERS", "many")
    monkeypatch.setenv("SERVERSTATS_LOGLEVEL", "info")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    text = str(caught.value)
    for variable in ("SERVERSTATS_LOG_LEVEL", "SERVERSTATS_CHART_WORKERS", "SERVERSTATS_LOGLEVEL"):
        assert variable in text
    assert "did you mean SERVERSTATS_LOG_LEVEL?" in text


def test_an_unknown_variable_without_a_near_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVERSTATS_QQQQ", "1")
    assert problems()["SERVERSTATS_QQQQ"][1] == "remove it."


def test_an_unknown_variable_in_the_dotenv_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SERVERSTATS_DATADIR=/srv\n")
    assert "SERVERSTATS_DATA_DIR" in problems()["SERVERSTATS_DATADIR"][1]


def test_what_kubernetes_sets_for_a_service_of_our_name_is_no_typo(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SERVICE_HOST", "SERVICE_PORT", "SERVICE_PORT_HTTP", "PORT", "PORT_8080_TCP_ADDR"):
        monkeypatch.setenv("SERVERSTATS_" + name, "10.0.0.1")
    assert load_settings().database == "serverstats"


def test_no_secret_shows_in_errors_or_in_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", f"Bot {TOKEN}")
    monkeypatch.setenv("MONGODB_URI", "postgres://user:hunter22@db")
    monkeypatch.setenv("SERVERSTATS_PSEUDONYM_KEY", KEY[:-1])
    # A token pasted into the wrong line.
    monkeypatch.setenv("SERVERSTATS_LOG_LEVEL", TOKEN)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    for secret in (TOKEN, "hunter22", KEY[:-1]):
        assert secret not in str(caught.value)
        assert secret.lower() not in str(caught.value).lower()
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("MONGODB_URI", "mongodb://user:hunter22@db/")
    monkeypatch.setenv("SERVERSTATS_PSEUDONYM_KEY", KEY)
    monkeypatch.setenv("SERVERSTATS_LOG_LEVEL", "INFO")
    settings = load_settings()
    assert not any(secret in repr(settings) for secret in (TOKEN, "hunter22", KEY))
    assert secrets_of(settings) == (TOKEN, "mongodb://user:hunter22@db/", KEY)


def test_a_data_folder_that_is_a_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    monkeypatch.setenv("SERVERSTATS_DATA_DIR", "taken")
    assert "is a file" in problems()["SERVERSTATS_DATA_DIR"][0]


def test_a_missing_token_says_how_to_get_one() -> None:
    with pytest.raises(SettingsError, match="Reset Token"):
        require_token(load_settings())


def test_settings_do_not_change() -> None:
    settings = load_settings()
    with pytest.raises(ValueError, match="frozen"):
        settings.database = "other"
    assert isinstance(settings, Settings)


@pytest.mark.parametrize(
    ("text", "ids"),
    [("0", (0,)), ("0, 2,4-6", (0, 2, 4, 5, 6)), ("7,0", (7, 0)), ("0-7", tuple(range(8)))],
)
def test_shards_are_numbers_and_spans(
    monkeypatch: pytest.MonkeyPatch, text: str, ids: tuple[int, ...]
) -> None:
    monkeypatch.setenv("SERVERSTATS_SHARD_COUNT", "8")
    monkeypatch.setenv("SERVERSTATS_SHARD_IDS", text)
    settings = load_settings()
    assert (settings.shard_ids, settings.shard_count) == (ids, 8)


@pytest.mark.parametrize(
    ("text", "count", "said"),
    [
        ("1", None, "SERVERSTATS_SHARD_COUNT does not say of how many"),
        ("4", "4", "4 shards are numbered from 0 to 3"),
        ("1,1", "4", "each only once"),
        ("3-2", "4", "at least one shard"),
        ("one", "4", "shard numbers and spans"),
        ("-1", "4", "shard numbers and spans"),
    ],
)
def test_wrong_shards_are_refused(
    monkeypatch: pytest.MonkeyPatch, text: str, count: str | None, said: str
) -> None:
    if count is not None:
        monkeypatch.setenv("SERVERSTATS_SHARD_COUNT", count)
    monkeypatch.setenv("SERVERSTATS_SHARD_IDS", text)
    wrong, mend = problems()["SERVERSTATS_SHARD_IDS"]
    assert said in wrong
    assert "0,2,4-7" in mend


def test_a_wrong_number_of_shards_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVERSTATS_SHARD_COUNT", "none")
    monkeypatch.setenv("SERVERSTATS_SHARD_IDS", "0")
    assert list(problems()) == ["SERVERSTATS_SHARD_COUNT"]
