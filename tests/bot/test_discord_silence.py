"""Waiting for Discord at a start."""

import socket
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import discord
import pytest
from structlog.testing import capture_logs

from bot.client import silence_of
from bot.discord_silence import LONGEST_PAUSE_SECONDS, DiscordSilent, when_discord_answers


def answer(status: int) -> discord.HTTPException:
    response = cast("Any", SimpleNamespace(status=status, reason="because"))
    return discord.HTTPException(response, "words")


async def asked(*failures: Exception) -> tuple[str, list[float], list[Any]]:
    """What comes of it, the pauses, and the log."""
    left = list(failures)
    pauses: list[float] = []

    async def ask() -> str:
        if left:
            raise left.pop(0)
        return "answered"

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    with capture_logs() as logs:
        return await when_discord_answers(ask, sleep), pauses, logs


@pytest.mark.parametrize(
    "failure",
    [
        aiohttp.ClientConnectionError(),
        aiohttp.ServerDisconnectedError(),
        TimeoutError(),
        ConnectionResetError(),
        socket.gaierror(-3, "Temporary failure in name resolution"),
        answer(503),
        answer(429),
        discord.GatewayNotFound(),  # type: ignore[no-untyped-call]  # the library says nothing of it
    ],
)
def test_what_passes_is_silence(failure: Exception) -> None:
    assert isinstance(silence_of(failure), DiscordSilent)


@pytest.mark.parametrize(
    "failure", [answer(401), answer(404), discord.LoginFailure("no"), ValueError("ours"), OSError(28, "full")]
)
def test_a_refusal_or_a_fault_of_ours_is_none(failure: Exception) -> None:
    assert silence_of(failure) is None


async def test_the_pauses_grow_up_to_a_minute() -> None:
    result, pauses, logs = await asked(*(DiscordSilent("status 503") for _ in range(8)))
    assert result == "answered"
    assert pauses == [2.0, 4.0, 8.0, 16.0, 32.0, LONGEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, 60.0]
    assert [entry["log_level"] for entry in logs] == ["warning"] * len(pauses)


async def test_what_is_not_silence_is_not_waited_for() -> None:
    with pytest.raises(discord.LoginFailure):
        await asked(discord.LoginFailure("no"))
