import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from typer.testing import CliRunner, Result

from bot.cli.entry import application
from tests.support.token_check import TOKEN, Discord

RUNNER = CliRunner()
NOWHERE = "http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DISCORD_TOKEN", "MONGODB_URI", "SERVERSTATS_LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@contextmanager
def serving(discord: Discord) -> Iterator[str]:
    """Run the answers in a thread of their own, since the command runs a loop of its own."""
    ready, stop, address = threading.Event(), threading.Event(), list[str]()

    async def serve() -> None:
        app = web.Application()
        app.router.add_get("/{path:.*}", discord.answer)
        async with TestServer(app) as server:
            address.append(str(server.make_url("")).rstrip("/"))
            ready.set()
            await asyncio.to_thread(stop.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(10)
        yield address[0]
    finally:
        stop.set()
        thread.join()


def doctor(*arguments: str, api: str = NOWHERE) -> Result:
    return RUNNER.invoke(application(), ["doctor", "--discord-api", api, *arguments])


def test_it_works_without_a_token_and_leaves_nothing_behind(tmp_path: Path) -> None:
    result = doctor("--json")
    report = json.loads(result.stdout)
    found = {row["check"]: row for row in report["checks"]}
    assert found["Settings"]["status"] == "ok"
    assert found["Database"]["found"].startswith("embedded, MongoDB")
    assert found["Discord token"]["status"] == "skipped"
    assert "Reset Token" in found["Discord token"]["mend"]
    assert found["Clock"]["status"] == "skipped"
    assert (result.exit_code, report["ok"]) == (0, True)
    assert not list(tmp_path.iterdir())


def test_a_fault_gives_exit_code_1_and_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    result = doctor()
    assert result.exit_code == 1
    assert "no connection" in result.stdout
    assert "HTTPS_PROXY" in result.stdout
    assert TOKEN not in result.output


def test_settings_that_are_wrong_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVERSTATS_LOG_LEVEL", "loud")
    result = doctor("--json")
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert report["ok"] is False
    assert "SERVERSTATS_LOG_LEVEL" in report["checks"][0]["found"]


def test_discord_is_asked_with_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    with serving(Discord(flags=1 << 15, guilds=2, permissions="1024")) as api:
        result = doctor("--json", api=api)
    found = {row["check"]: row for row in json.loads(result.stdout)["checks"]}
    assert result.exit_code == 0
    assert found["Discord token"]["found"] == 'of "Serverstats"'
    assert found["Clock"]["status"] == "ok"
    assert found["Server members intent"]["found"] == "on"
    assert "server 2: no Read Message History" in found["Servers"]["found"]
