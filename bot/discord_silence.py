"""Waiting for Discord at a start: a host often comes up before its network."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 2.0, 60.0

Answer = TypeVar("Answer")

_log = structlog.get_logger(__name__)


class DiscordSilent(Exception):  # noqa: N818 - a state of the world
    """Discord cannot be reached, or does not answer just now; the message is the cause."""


class DiscordGone(Exception):  # noqa: N818 - same
    """Discord answered at first, and then no more, before the bot was connected."""

    def __init__(self, silent: DiscordSilent) -> None:
        super().__init__(
            f"Discord cannot be reached any more ({silent}): check the network, and discordstatus.com, and "
            "start again."
        )


async def when_discord_answers(
    ask: Callable[[], Awaitable[Answer]],
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> Answer:
    """Ask until it no longer raises DiscordSilent, at longer and longer intervals."""
    pause = FIRST_PAUSE_SECONDS
    while True:
        try:
            return await ask()
        except DiscordSilent as silent:
            _log.warning(
                "Discord cannot be reached: check the network, and discordstatus.com; behind a proxy set "
                "HTTPS_PROXY. Waiting and trying again",
                cause=str(silent),
                seconds=pause,
            )
        await sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
