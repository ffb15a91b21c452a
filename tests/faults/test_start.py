"""A start on a folder or a network that will not do: a sentence that mends it, exit code 2, no traceback."""

from __future__ import annotations

import errno
import os
import shutil
import socket
from dataclasses import replace
from typing import TYPE_CHECKING

import psutil
import pytest
import typer

from bot.cli.console import kind_errors
from bot.datafolder import DataFolder, DataFolderError
from tests.faults.lives import SLOW
from tests.support.bot_process import BotProcess, BotSettings, bot_process
from tests.support.discord_server.server import DiscordServer
from tests.support.traffic import make_town

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bot.db.database import Handle

WRONG_SET_UP = 2


@pytest.fixture
async def settings(mongodb_uri: str, db: Handle, tmp_path: Path) -> AsyncIterator[BotSettings]:
    """Of a bot that has run before, with everything that a data folder holds."""
    town = make_town(channels=1, threads=0)
    async with DiscordServer(town.world) as server:
        made = BotSettings(tmp_path / "data", server.base_url, town.world.token, mongodb_uri, db.name)
        async with bot_process(made) as bot:
            async with server.records.identified(timeout=SLOW):
                bot.go()
            assert await bot.terminate() == 0, bot.log
        yield made


async def refused(settings: BotSettings) -> str:
    """What a start says that ends with the code for a wrong set-up."""
    async with bot_process(settings) as bot:
        bot.go()
        code = await bot.ended(SLOW)
        said = " ".join(bot.log.split())
    assert code == WRONG_SET_UP, said
    assert "Traceback" not in said
    return said


def empty(path: Path) -> None:
    path.write_bytes(b"")


def foreign(path: Path) -> None:
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


def file_instead(path: Path) -> None:
    shutil.rmtree(path)
    path.write_bytes(b"")


HARM: tuple[tuple[str, Callable[[Path], None], str], ...] = (
    ("instance.id", empty, "Delete it"),
    ("instance.id", foreign, "Delete it"),
    ("pseudonym.key", empty, "Put the right key back"),
    ("pseudonym.key", foreign, "Put the right key back"),
    ("consents.json", empty, "Put a copy of it back"),
    ("consents.json", foreign, "Put a copy of it back"),
    ("journal/journal.id", empty, "into it, which its segments carry"),
    ("journal/journal.id", foreign, "into it, which its segments carry"),
    ("serverstats.lock", folder_instead, "Move that away"),
    ("consents.json", folder_instead, "Move that away"),
    ("journal", file_instead, "Move that away"),
)


async def test_every_file_of_a_folder_that_is_damaged_is_named_with_what_mends_it(
    settings: BotSettings,
) -> None:
    for number, (name, harm, mends) in enumerate(HARM):
        data = settings.data.with_name(f"harmed-{number}")
        shutil.copytree(settings.data, data)
        harm(data / name)
        said = await refused(replace(settings, data=data))
        assert str(data / name) in said
        assert mends in said


SEGMENTS: tuple[tuple[Callable[[Path], None], str], ...] = (
    (empty, "is empty"),
    (foreign, "is not a segment"),
    (folder_instead, "cannot be read"),
)


async def test_a_segment_that_is_none_is_named_and_moved_away_the_bot_starts(settings: BotSettings) -> None:
    for number, (harm, said) in enumerate(SEGMENTS):
        data = settings.data.with_name(f"harmed-{number}")
        shutil.copytree(settings.data, data)
        (segment,) = (data / "journal").glob("*.segment")
        harm(segment)
        assert f"{segment} {said}" in await refused(replace(settings, data=data))
        segment.rename(data / "moved away")
        async with bot_process(replace(settings, data=data)) as bot:
            bot.go()
            await bot.says("activity is lost", SLOW)
            assert await bot.terminate() == 0, bot.log


async def test_a_place_where_no_folder_can_be_is_named(settings: BotSettings, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_bytes(b"")
    for place in (in_the_way, in_the_way / "below"):
        said = await refused(replace(settings, more={"SERVERSTATS_DATA_DIR": str(place)}))
        assert str(place) in said
        assert "Mend: for example SERVERSTATS_DATA_DIR=" in said or "Move that away" in said


@pytest.mark.skipif(not os.path.ismount("/sys"), reason="needs a folder where nobody can write")
async def test_a_read_only_folder_is_named(settings: BotSettings) -> None:
    said = await refused(replace(settings, more={"SERVERSTATS_DATA_DIR": "/sys/serverstats"}))
    assert "/sys/serverstats cannot be used: " in said
    assert "or point SERVERSTATS_DATA_DIR to another folder" in said


def allow_files_of(bot: BotProcess, size: int) -> None:
    psutil.Process(bot.pid).rlimit(psutil.RLIMIT_FSIZE, (size, psutil.RLIM_INFINITY))


@pytest.mark.parametrize("size", [1_000, 1 << 20])
async def test_no_room_for_a_file_is_said(settings: BotSettings, tmp_path: Path, size: int) -> None:
    """Be it the database's files or the journal's that do not fit."""
    fresh = replace(settings, data=tmp_path / "fresh", database=f"{settings.database}_fresh", witnesses=False)
    quiet = {"SERVERSTATS_LOG_LEVEL": "ERROR"}  # its log is a file that may not grow either
    async with bot_process(replace(fresh, more=quiet)) as bot:
        allow_files_of(bot, size)
        bot.go()
        assert await bot.ended(SLOW) == WRONG_SET_UP, bot.log
        assert "Traceback" not in bot.log


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full. Make room"),
        (errno.EDQUOT, "the disk is full. Make room"),
        (errno.EROFS, "the disk is read-only. Mount it writable"),
        (errno.EACCES, "Give the data folder to the user that runs the bot"),
        (errno.EIO, "the disk does not work"),
    ],
)
def test_what_a_disk_refuses_is_said_in_words(
    number: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended, kind_errors():
        raise OSError(number, os.strerror(number), "/srv/data/consents.new")
    assert ended.value.exit_code == WRONG_SET_UP
    said = " ".join(capsys.readouterr().err.split())
    assert said.startswith("/srv/data/consents.new cannot be used: ")
    assert words in said


def test_an_error_that_no_folder_is_to_blame_for_stays_one() -> None:
    with pytest.raises(ConnectionRefusedError), kind_errors():
        raise ConnectionRefusedError(errno.ECONNREFUSED, "refused")


def test_the_id_of_an_instance_stays_and_is_the_owners_alone(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    owner = folder.owner()
    assert DataFolder(tmp_path).owner() == owner
    path = tmp_path / "instance.id"
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("not an id")
    with pytest.raises(DataFolderError, match=r"instance\.id is damaged"):
        folder.owner()


async def test_without_a_network_it_waits_and_connects_once_there_is_one(settings: BotSettings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]  # nobody answers there any more, once it is closed
    nowhere = replace(settings, discord=f"http://127.0.0.1:{port}")
    async with bot_process(nowhere) as bot:
        bot.go()
        await bot.says("Waiting and trying again", SLOW)
        assert bot.running
        assert await bot.terminate() == 0, bot.log
        assert "Traceback" not in bot.log
        assert settings.token not in bot.log
