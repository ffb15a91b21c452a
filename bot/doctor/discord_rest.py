"""What Discord says about a bot token: whose it is, which intents are switched on, which servers it is in.

A few plain requests; the bot itself is not started and sends nothing.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final, TypeVar

import aiohttp
import msgspec

from bot.clock import Clock

API: Final = "https://discord.com/api/v10"
PAGE: Final = 200
TIMEOUT_SECONDS: Final = 10

MEMBERS: Final = (1 << 14) | (1 << 15)
MESSAGE_CONTENT: Final = (1 << 18) | (1 << 19)
"""Application flags: granted in Discord's review, or switched on for a bot with fewer than 10,000 users."""


class DiscordUnreachable(Exception):  # noqa: N818 - a finding
    """Discord gave no usable answer; the message says which."""


class TokenRefused(Exception):  # noqa: N818 - a finding
    """Discord does not know the token."""


class Application(msgspec.Struct, frozen=True):
    """The application a token belongs to."""

    id: str
    name: str
    flags: int = 0
    bot_public: bool = True
    integration_types_config: dict[str, msgspec.Raw] = msgspec.field(default_factory=dict)

    @property
    def user_install(self) -> bool:
        """Whether people may add it to their own account."""
        return "1" in self.integration_types_config

    def has_intent(self, flags: int) -> bool:
        """Whether a privileged intent is switched on: ``MEMBERS`` or ``MESSAGE_CONTENT``."""
        return bool(self.flags & flags)


class Guild(msgspec.Struct, frozen=True):
    """A server the bot is in, with the permissions its roles give it there (channels may take some away)."""

    id: str
    name: str
    permissions: str = "0"


@dataclass(frozen=True, slots=True)
class DiscordFacts:
    """Whose token it is, and where its bot is."""

    application: Application
    guilds: tuple[Guild, ...]


Body = TypeVar("Body", Application, list[Guild], dict[str, str])


async def ask_discord(token: str, api: str) -> DiscordFacts:
    """Ask about ``token``; raise ``TokenRefused`` or ``DiscordUnreachable``."""
    async with _session({"Authorization": f"Bot {token}"}) as session:
        application, _ = await _get(session, f"{api}/applications/@me", Application)
        guilds = [guild async for guild in _guilds(session, api)]
    return DiscordFacts(application, tuple(guilds))


async def seconds_ahead(clock: Clock, api: str) -> float:
    """By how much ``clock`` is ahead of Discord's; needs no token. Raise ``DiscordUnreachable``."""
    async with _session({}) as session:
        before = clock.now_ms()
        _, date = await _get(session, f"{api}/gateway", dict[str, str])
        middle = (before + clock.now_ms()) / 2000
    # The header names the second that has begun, half a second too early on average.
    return middle - (date.timestamp() + 0.5)


@asynccontextmanager
async def _session(headers: dict[str, str]) -> AsyncIterator[aiohttp.ClientSession]:
    headers = {**headers, "User-Agent": "DiscordBot (serverstats, 0)"}
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
    async with aiohttp.ClientSession(headers=headers, timeout=timeout, trust_env=True) as session:
        yield session


async def _guilds(session: aiohttp.ClientSession, api: str) -> AsyncIterator[Guild]:
    after = "0"
    while True:
        page, _ = await _get(session, f"{api}/users/@me/guilds?limit={PAGE}&after={after}", list[Guild])
        for guild in page:
            yield guild
        if len(page) < PAGE:
            return
        after = max((guild.id for guild in page), key=int)


async def _get(session: aiohttp.ClientSession, url: str, kind: type[Body]) -> tuple[Body, datetime]:
    try:
        async with session.get(url) as response:
            body = await response.read()
            if response.status == HTTPStatus.UNAUTHORIZED:
                raise TokenRefused
            if response.status == HTTPStatus.TOO_MANY_REQUESTS:
                wait = response.headers.get("Retry-After", "a few")
                raise DiscordUnreachable(f"Discord asks to wait {wait} seconds before the next request")
            if response.status != HTTPStatus.OK:
                raise DiscordUnreachable(f"Discord answered with status {response.status}")
            return msgspec.json.decode(body, type=kind), parsedate_to_datetime(response.headers["Date"])
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise DiscordUnreachable(f"no connection ({type(error).__name__})") from error
    except (msgspec.MsgspecError, KeyError, ValueError) as error:
        raise DiscordUnreachable("something else than Discord answered, perhaps a proxy") from error
