"""Settings: what the host says in the environment, in ``.env`` and in secret files.

Whatever admins set from Discord is not here; that lives in the database.
"""

import difflib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from bot.mongodb_uri import PERCENT_ENCODE, read_uri
from bot.privacy.redaction import Redactor

PREFIX = "SERVERSTATS_"
FILE_SUFFIX = "_FILE"
ENV_FILE = ".env"
MOUNTED_SECRETS = Path("/run/secrets")
LONGEST_RETENTION_DAYS = 20_000
"""MongoDB takes no TTL that reaches back beyond 1970."""
INJECTED = re.compile(PREFIX + r"(SERVICE_(HOST|PORT)|PORT)(_|$)")
"""Kubernetes sets these by itself for a service that is called serverstats."""


@dataclass(frozen=True, slots=True)
class Accepts:
    """What a setting takes, in words that follow "has to be", and an example."""

    what: str
    example: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One wrong setting: which, what is wrong with it, how to mend it."""

    variable: str
    wrong: str
    mend: str


class SettingsError(Exception):
    """Settings are missing or wrong; the message lists every one with its mend, and no secret."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        lines = (f"  {item.variable} {item.wrong}\n    Mend: {item.mend}" for item in self.problems)
        super().__init__("\n".join(("These settings have to be mended:", *lines)))


class LogLevel(StrEnum):
    """From which level on log lines are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """How log lines look: for people, or one JSON object a line."""

    CONSOLE = "console"
    JSON = "json"


def _bare_token(value: SecretStr) -> SecretStr:
    token = value.get_secret_value()
    if token.lower().startswith("bot "):
        raise ValueError('begins with the word "Bot"; leave that out')
    if not token.isascii() or re.search(r"\s", token):
        raise ValueError("holds characters that no bot token has; copy it again")
    return value


def _mongodb_uri(value: SecretStr) -> SecretStr:
    try:
        read_uri(value.get_secret_value())
    except ValueError as error:
        raise ValueError(f"{error}; {PERCENT_ENCODE}") from None
    return value


def _pseudonym_key(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[0-9A-Fa-f]{64}", value.get_secret_value()):
        raise ValueError("has to be 64 hexadecimal digits")
    return value


def _database(value: str) -> str:
    if value in {"admin", "local", "config"} or not re.fullmatch(r"[A-Za-z0-9_-]{1,63}", value):
        raise ValueError(
            f'is "{value}" but has to be 1 to 63 letters, digits, - and _ (not admin, local, config)'
        )
    return value


def _time_zone(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        names = available_timezones()
        near = difflib.get_close_matches(value, names, n=1, cutoff=0.6) or sorted(
            name for name in names if name.lower().endswith("/" + value.lower().replace(" ", "_"))
        )
        hint = f'; did you mean "{near[0]}"?' if near else ""
        raise ValueError(f'is "{value}", which is no IANA time zone{hint}') from None


def _folder(value: Path) -> Path:
    folder = value.expanduser().absolute()
    if folder.exists() and not folder.is_dir():
        raise ValueError(f'is "{value}", which is a file and not a folder')
    return folder


def _shard_numbers(value: object) -> object:
    if not isinstance(value, str):
        return value
    numbers: list[int] = []
    for part in value.split(","):
        span = re.fullmatch(r"\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?", part)
        if span is None:
            raise ValueError(f'is "{value}" but has to be shard numbers and spans of them, such as 0,2,4-7')
        first = int(span[1])
        numbers += range(first, int(span[2] or first) + 1)
    return tuple(numbers)


def _of_the_count(value: tuple[int, ...] | None, others: ValidationInfo) -> tuple[int, ...] | None:
    """Check shard numbers against the number of shards, which comes before them."""
    if value is None or "shard_count" not in others.data:
        return value
    count = others.data["shard_count"]
    if count is None:
        raise ValueError("says which shards are run, but SERVERSTATS_SHARD_COUNT does not say of how many")
    if not value or len(set(value)) < len(value):
        raise ValueError("has to name at least one shard, and each only once")
    if max(value) >= count:
        raise ValueError(f"names shard {max(value)}, but {count} shards are numbered from 0 to {count - 1}")
    return value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


class Settings(BaseSettings):
    """Every setting of a host. Field descriptions are the documentation, kept equal by a test."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        str_strip_whitespace=True,
    )

    discord_token: Annotated[
        SecretStr | None,
        Field(
            validation_alias="DISCORD_TOKEN",
            description="The bot's token. Needed by `run`; `doctor` checks Discord only with it.",
        ),
        AfterValidator(lambda value: value and _bare_token(value)),
        Accepts("a bot token", "the token shown under Bot in Discord's developer portal"),
    ] = None
    mongodb_uri: Annotated[
        SecretStr | None,
        Field(
            validation_alias="MONGODB_URI",
            description="The MongoDB to use: a replica set, 6.0 to 8. Without it an embedded one is started.",
        ),
        AfterValidator(lambda value: value and _mongodb_uri(value)),
        Accepts("a MongoDB connection string", "mongodb://user:password@db.example.org/?replicaSet=rs0"),
    ] = None
    database: Annotated[
        str,
        Field(description="Name of the database."),
        AfterValidator(_database),
        Accepts("1 to 63 letters, digits, - and _ (not admin, local, config)", "serverstats"),
    ] = "serverstats"
    data_dir: Annotated[
        Path,
        Field(
            description="Folder for the journal, the pseudonym key and the embedded database. "
            "A relative path starts in the working directory."
        ),
        AfterValidator(_folder),
        Accepts("a folder", "/var/lib/serverstats"),
    ] = Path("data")
    pseudonym_key: Annotated[
        SecretStr | None,
        Field(
            description="Key of the pseudonyms. Without it, the key file in the data folder is used, "
            "and made at the first start."
        ),
        AfterValidator(lambda value: value and _pseudonym_key(value)),
        Accepts("64 hexadecimal digits", "the output of `openssl rand -hex 32`"),
    ] = None
    message_content: Annotated[
        bool,
        Field(
            description="Ask Discord for the message content intent, so that files, embeds and "
            "polls can be counted. Text is never stored. Without it those counts are unknown."
        ),
        Accepts("true or false", "true"),
    ] = False
    read_history: Annotated[
        bool,
        Field(
            description="Read back from Discord's history what was sent before the bot came or while it was "
            "away. Otherwise such messages stay uncounted until it is switched on."
        ),
        Accepts("true or false", "false"),
    ] = True
    default_time_zone: Annotated[
        ZoneInfo,
        Field(description="Time zone of a server whose admins have set none."),
        BeforeValidator(_time_zone),
        Accepts("an IANA time zone", "Europe/Berlin"),
    ] = ZoneInfo("UTC")
    shard_count: Annotated[
        int | None,
        Field(
            ge=1,
            le=65_536,
            description="Into how many shards the connection to Discord is divided. Without it, as many as "
            "Discord advises, all in this process.",
        ),
        Accepts("a whole number from 1 to 65536", "4"),
    ] = None
    shard_ids: Annotated[
        tuple[int, ...] | None,
        NoDecode,
        Field(description="Which of these shards this process runs, if there are several processes."),
        BeforeValidator(_shard_numbers),
        AfterValidator(_of_the_count),
        Accepts("shard numbers and spans of them, separated by commas", "0,2,4-7"),
    ] = None
    log_level: Annotated[
        LogLevel,
        Field(description="From which level on log lines are written."),
        BeforeValidator(_lower),
        Accepts("debug, info, warning or error", "info"),
    ] = LogLevel.INFO
    log_format: Annotated[
        LogFormat,
        Field(description="Log lines for people (console) or for machines (json)."),
        BeforeValidator(_lower),
        Accepts("console or json", "json"),
    ] = LogFormat.CONSOLE
    flush_seconds: Annotated[
        float,
        Field(ge=0.05, le=60, description="How often what was counted is written to the database."),
        Accepts("a number of seconds from 0.05 to 60", "1.0"),
    ] = 1.0
    journal_max_mib: Annotated[
        int,
        Field(
            ge=64,
            le=1_048_576,
            description="How much the journal may take on disk, in MiB, while the database is away.",
        ),
        Accepts("a whole number from 64 to 1048576", "1024"),
    ] = 1024
    retention_members: Annotated[
        int,
        Field(
            ge=1,
            le=LONGEST_RETENTION_DAYS,
            description="How many days what a member did on a day is kept. Totals of members who were not "
            "active for that long go as well.",
        ),
        Accepts("a number of days from 1 to 20000", "730"),
    ] = 730
    retention_left: Annotated[
        int,
        Field(
            ge=1,
            le=LONGEST_RETENTION_DAYS,
            description="How many days the totals of a member who has left are kept, in case of a return.",
        ),
        Accepts("a number of days from 1 to 20000", "90"),
    ] = 90
    retention_totals: Annotated[
        int | None,
        Field(
            ge=1,
            le=LONGEST_RETENTION_DAYS,
            description="How many days daily sums and snapshots of servers and channels are kept. Without "
            "it, for good.",
        ),
        Accepts("a number of days from 1 to 20000", "1830"),
    ] = None
    retention_hours: Annotated[
        int,
        Field(
            ge=1,
            le=LONGEST_RETENTION_DAYS,
            description="How many days snapshots of single hours are kept; those of days, weeks and months "
            "are kept like daily sums.",
        ),
        Accepts("a number of days from 1 to 20000", "400"),
    ] = 400
    chart_workers: Annotated[
        int,
        Field(ge=1, le=16, description="Processes that draw charts."),
        Accepts("a whole number from 1 to 16", "1"),
    ] = 1
    mongod_cache_mib: Annotated[
        int,
        Field(ge=256, le=1_048_576, description="Cache of the embedded database, in MiB."),
        Accepts("a whole number from 256 to 1048576", "256"),
    ] = 256

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """First found wins: environment, ``.env``, files named by ``<NAME>_FILE``, mounted secrets."""
        del file_secret_settings  # it warns where no folder is mounted and names no variable in its errors
        written = _written_variables()
        return (init_settings, env_settings, dotenv_settings, _SecretFiles(settings_cls, written))


class _SecretFiles(PydanticBaseSettingsSource):
    """Reads, for every setting, the file that ``<NAME>_FILE`` names or a mounted one of that name."""

    def __init__(self, settings_cls: type[BaseSettings], written: Mapping[str, str]) -> None:
        super().__init__(settings_cls)
        self._written = written
        mounted = written.get("CREDENTIALS_DIRECTORY")  # systemd's LoadCredential
        self._folders = (*([Path(mounted)] if mounted else ()), MOUNTED_SECRETS)

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[str | None, str, bool]:
        """Text of the first file found, the key under which pydantic takes it, not complex."""
        del field
        variable = variable_of(field_name)
        path = self._path(variable)
        return (_read_secret(variable, path) if path else None), _key(field_name), False

    def __call__(self) -> dict[str, Any]:
        """Every setting that a file holds."""
        found = (self.get_field_value(field, name) for name, field in self.settings_cls.model_fields.items())
        return {key: value for value, key, _ in found if value}

    def _path(self, variable: str) -> Path | None:
        if named := self._written.get(variable + FILE_SUFFIX):
            return Path(named).expanduser()
        mounted = (folder / name for folder in self._folders for name in (variable, variable.lower()))
        return next((path for path in mounted if path.is_file()), None)


def load_settings() -> Settings:
    """Read and check every setting; raise ``SettingsError`` that lists all that is wrong."""
    written = _written_variables()
    problems = [*_unknown(written), *_said_twice(written)]
    try:
        settings = Settings()
    except ValidationError as error:
        raise SettingsError([*problems, *_invalid(error, written)]) from None
    except SettingsError as error:
        raise SettingsError([*problems, *error.problems]) from None
    if problems:
        raise SettingsError(problems)
    return settings


def time_zone(text: str) -> ZoneInfo:
    """Time zone given on the command line; raises SettingsError that names the nearest one."""
    try:
        zone = _time_zone(text)
    except ValueError as error:
        raise SettingsError(
            [Problem("--zone", str(error), "give an IANA time zone, for example Europe/Berlin")]
        ) from None
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo(text)


def database_name(text: str, option: str) -> str:
    """Name of a database given on the command line; raises SettingsError that says what will do."""
    try:
        return _database(text)
    except ValueError as error:
        raise SettingsError([Problem(option, f"{error}.", "for example serverstats-restored")]) from None


def require_token(settings: Settings) -> str:
    """The bot's token; raise ``SettingsError`` that says how to get one."""
    if settings.discord_token is None:
        raise SettingsError(
            [
                Problem(
                    "DISCORD_TOKEN",
                    "is not set.",
                    "take the token from discord.com/developers/applications (your application, Bot, Reset "
                    "Token) and put DISCORD_TOKEN=... into the file .env. `serverstats demo` needs none.",
                )
            ]
        )
    return settings.discord_token.get_secret_value()


def variable_of(field_name: str) -> str:
    """Name under which the user writes a setting."""
    alias = Settings.model_fields[field_name].validation_alias
    return alias if isinstance(alias, str) else PREFIX + field_name.upper()


def accepts(field: FieldInfo) -> Accepts:
    """What a setting takes."""
    return next(item for item in field.metadata if isinstance(item, Accepts))


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Every secret value, for the redaction of logs."""
    values = (getattr(settings, name) for name in Settings.model_fields)
    return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))


def _variables() -> Iterator[str]:
    for name in Settings.model_fields:
        yield variable_of(name)


def _written_variables() -> dict[str, str]:
    """Every variable that is set to something, the environment before ``.env``."""
    try:
        in_file = dotenv_values(ENV_FILE, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            [_unreadable(ENV_FILE, "", error, "make it a text file in UTF-8 that this user can read.")]
        ) from error
    return {name.upper(): value for name, value in {**in_file, **os.environ}.items() if value}


def _read_secret(variable: str, path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        mend = f"name a file that holds nothing but the value of {variable} and that this user can read."
        raise SettingsError(
            [_unreadable(variable, f"comes from the file {path}, which ", error, mend)]
        ) from error


def _unreadable(variable: str, which: str, error: OSError | UnicodeDecodeError, mend: str) -> Problem:
    reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
    return Problem(variable, f"{which}cannot be read: {reason}.", mend)


def _unknown(written: Mapping[str, str]) -> Iterator[Problem]:
    known = [*_variables(), *(name + FILE_SUFFIX for name in _variables())]
    for name in sorted(written):
        if not name.startswith(PREFIX) or name in known or INJECTED.match(name):
            continue
        near = difflib.get_close_matches(name.removeprefix(PREFIX), _names_without_prefix(known), n=1)
        meant = f"did you mean {PREFIX}{near[0]}? Otherwise remove it." if near else "remove it."
        yield Problem(name, "is no setting of Serverstats.", meant)


def _names_without_prefix(names: Iterable[str]) -> list[str]:
    return [name.removeprefix(PREFIX) for name in names if name.startswith(PREFIX)]


def _said_twice(written: Mapping[str, str]) -> Iterator[Problem]:
    for name in _variables():
        if name in written and name + FILE_SUFFIX in written:
            yield Problem(
                name, f"is set, and so is {name}{FILE_SUFFIX}.", "keep the one of the two that is right."
            )


def _invalid(error: ValidationError, written: Mapping[str, str]) -> Iterator[Problem]:
    by_key = {_key(name): name for name in Settings.model_fields}
    for item in error.errors(include_url=False, include_context=True):
        name = by_key[str(item["loc"][0])]
        yield _problem(name, Settings.model_fields[name], item.get("ctx", {}).get("error"), written)


def _key(field_name: str) -> str:
    alias = Settings.model_fields[field_name].validation_alias
    return alias if isinstance(alias, str) else field_name


def _problem(name: str, field: FieldInfo, own_words: object, written: Mapping[str, str]) -> Problem:
    variable, takes = variable_of(name), accepts(field)
    if isinstance(own_words, ValueError):
        wrong = f"{own_words}."
    else:
        shown = f' is "{Redactor().text(written[variable])}" but' if variable in written else ""
        wrong = f"{shown} has to be {takes.what}.".strip()
    if field.annotation == SecretStr | None:
        return Problem(variable, wrong, f"set it to {takes.example}.")
    return Problem(variable, wrong, f"for example {variable}={takes.example}")
