"""Waiting for Discord at a start."""

import socket
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import discord
import pytest
from structlog.testing import capture_logs

from bot.client_start import LONGEST_PAUSE_SECONDS, when_discord_answers


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
    ],
)
async def test_what_passes_is_waited_for(failure: Exception) -> None:
    result, pauses, logs = await asked(failure)
    assert (result, pauses) == ("answered", [2.0])
    assert [entry["log_level"] for entry in logs] == ["warning"]


async def test_the_pauses_grow_up_to_a_minute() -> None:
    _, pauses, logs = await asked(*(TimeoutError() for _ in range(8)))
    assert pauses == [2.0, 4.0, 8.0, 16.0, 32.0, LONGEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, 60.0]
    assert len(logs) == len(pauses)


@pytest.mark.parametrize(
    "failure", [answer(401), answer(404), discord.LoginFailure("no"), ValueError("ours")]
)
async def test_a_refusal_or_a_fault_of_ours_is_not_waited_for(failure: Exception) -> None:
    with pytest.raises(type(failure)):
        await asked(failure)
