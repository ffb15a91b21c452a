"""Waiting for Discord at a start: a host often comes up before its network."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TypeVar

import aiohttp
import discord
import structlog

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 2.0, 60.0
UNREACHABLE = (aiohttp.ClientConnectionError, ConnectionError, TimeoutError, socket.gaierror)

Answer = TypeVar("Answer")

_log = structlog.get_logger(__name__)


async def when_discord_answers(
    ask: Callable[[], Awaitable[Answer]],
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> Answer:
    """Ask until Discord answers, at longer and longer intervals; what it answers may be a refusal."""
    pause = FIRST_PAUSE_SECONDS
    while True:
        try:
            return await ask()
        except UNREACHABLE as error:
            cause = type(error).__name__
        except discord.HTTPException as error:
            if not is_passing(error):
                raise
            cause = f"status {error.status}"
        _log.warning(
            "Discord cannot be reached: check the network, and discordstatus.com; behind a proxy set "
            "HTTPS_PROXY. Waiting and trying again",
            cause=cause,
            seconds=pause,
        )
        await sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


def is_passing(error: discord.HTTPException) -> bool:
    """Whether an answer says nothing but that Discord does not answer now."""
    return error.status >= HTTPStatus.INTERNAL_SERVER_ERROR or error.status == HTTPStatus.TOO_MANY_REQUESTS
