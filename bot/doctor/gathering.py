"""Everything the checks look at, asked for once: the settings, the host, the database, Discord."""

import asyncio
from dataclasses import dataclass

from bot.clock import Clock
from bot.db.check import ServerFacts, ServerProblem, check_server
from bot.doctor import host
from bot.doctor.discord_rest import (
    DiscordFacts,
    DiscordUnreachable,
    TokenRefused,
    ask_discord,
    seconds_ahead,
)
from bot.doctor.embedded import EmbeddedFacts, look_at_mongod
from bot.settings import Settings, SettingsError, load_settings


@dataclass(frozen=True, slots=True)
class HostFacts:
    """What the machine offers."""

    python: tuple[int, int]
    open_files: int | None
    fonts: host.FontFacts
    clock_ahead: float | DiscordUnreachable
    """Seconds by which its clock is ahead of Discord's."""


@dataclass(frozen=True, slots=True)
class SetUp:
    """What depends on the settings. ``database`` and ``discord`` hold facts or what was in the way."""

    settings: Settings
    folder: host.FolderFacts
    key: host.KeyFacts
    database: EmbeddedFacts | ServerFacts | ServerProblem
    discord: DiscordFacts | TokenRefused | DiscordUnreachable | None


@dataclass(frozen=True, slots=True)
class Gathered:
    """All facts; ``set_up`` is the error where the settings cannot be read."""

    host: HostFacts
    set_up: SetUp | SettingsError


async def gather(clock: Clock, api: str) -> Gathered:
    """Look at everything at once; takes as long as the slowest, some ten seconds at most."""
    try:
        settings = load_settings()
    except SettingsError as error:
        return Gathered(await _host(clock, api), error)
    machine, set_up = await asyncio.gather(_host(clock, api), _set_up(settings, api))
    return Gathered(machine, set_up)


async def _host(clock: Clock, api: str) -> HostFacts:
    fonts, ahead = await asyncio.gather(asyncio.to_thread(host.look_at_fonts), _clock_ahead(clock, api))
    return HostFacts(host.python_version(), host.open_files_limit(), fonts, ahead)


async def _clock_ahead(clock: Clock, api: str) -> float | DiscordUnreachable:
    try:
        return await seconds_ahead(clock, api)
    except DiscordUnreachable as error:
        return error


async def _set_up(settings: Settings, api: str) -> SetUp:
    database, discord = await asyncio.gather(_database(settings), _discord(settings, api))
    return SetUp(
        settings,
        host.look_at_folder(settings.data_dir),
        host.look_at_key(settings.data_dir),
        database,
        discord,
    )


async def _database(settings: Settings) -> EmbeddedFacts | ServerFacts | ServerProblem:
    if settings.mongodb_uri is None:
        return await asyncio.to_thread(look_at_mongod, settings.data_dir)
    try:
        return await check_server(settings.mongodb_uri.get_secret_value(), settings.database)
    except ServerProblem as problem:
        return problem


async def _discord(settings: Settings, api: str) -> DiscordFacts | TokenRefused | DiscordUnreachable | None:
    if settings.discord_token is None:
        return None
    try:
        return await ask_discord(settings.discord_token.get_secret_value(), api)
    except (TokenRefused, DiscordUnreachable) as error:
        return error
