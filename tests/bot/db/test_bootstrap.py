from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from bot.db.bootstrap import BootstrapError, Login, ensure_replica_set
from bot.mongod.ports import free_port
from tests.support.mongod import quick_folder, replica_set, standalone_mongod


@pytest.fixture
def folder() -> Iterator[Path]:
    with quick_folder() as path:
        yield path


def config_version(uri: str) -> int:
    with MongoClient[dict[str, Any]](uri) as client:
        version: int = client.admin.command("replSetGetConfig")["config"]["version"]
    return version


async def test_repeating_it_changes_nothing(folder: Path) -> None:
    with replica_set(folder, nodes=1) as nodes:
        before = config_version(nodes.uri)
        await ensure_replica_set([nodes.nodes[0].address], name=nodes.name)
        assert config_version(nodes.uri) == before


async def test_the_user_is_made_once_and_its_password_stays(folder: Path) -> None:
    with replica_set(folder, nodes=1) as nodes:
        login = Login("serverstats", "made-up")
        await ensure_replica_set([nodes.nodes[0].address], name=nodes.name, login=login)
        other = Login("serverstats", "another")
        with pytest.raises(BootstrapError, match="serverstats"):
            await ensure_replica_set([nodes.nodes[0].address], name=nodes.name, login=other)
    assert "made-up" not in repr(login)


async def test_a_standalone_server_is_refused(folder: Path) -> None:
    with standalone_mongod(folder) as uri, pytest.raises(BootstrapError, match="cannot be set up"):
        await ensure_replica_set([uri.removeprefix("mongodb://").rstrip("/")], name="rs0")


async def test_nobody_there_is_told_in_time() -> None:
    with pytest.raises(BootstrapError, match="did not become the primary of rs0"):
        await ensure_replica_set([f"127.0.0.1:{free_port()}"], name="rs0", seconds=0.3)
