import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from bot.mongod import embedded
from bot.mongod.embedded import EmbeddedMongod
from bot.mongod.errors import MongodError
from bot.mongod.logfile import text_since
from tests.support.mongod import embedded_mongod, quick_folder, replica_set, standalone_mongod


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedMongod]:
    with quick_folder() as folder, embedded_mongod(folder) as server:
        yield server


def connect(uri: str, milliseconds: int = 5_000) -> MongoClient[dict[str, Any]]:
    return MongoClient(uri, serverSelectionTimeoutMS=milliseconds)


def write_in_a_transaction(uri: str, number: int) -> None:
    with connect(uri) as client, client.start_session() as session, session.start_transaction():
        client.test.numbers.insert_one({"_id": number}, session=session)


def numbers(uri: str) -> list[int]:
    with connect(uri) as client:
        return sorted(document["_id"] for document in client.test.numbers.find())


async def test_data_survives_a_stop_and_a_kill_at_the_same_address(folder: Path) -> None:
    async with EmbeddedMongod(folder) as first:
        uri = first.uri
        await asyncio.to_thread(write_in_a_transaction, uri, 1)
    second = EmbeddedMongod(folder)
    await second.start()
    try:
        assert second.uri == uri
        await asyncio.to_thread(write_in_a_transaction, uri, 2)

        await second.kill()
        await second.start()

        assert second.uri == uri
        assert await asyncio.to_thread(numbers, uri) == [1, 2]
    finally:
        await second.process.kill()
        await second.stop()


def test_nobody_gets_in_without_the_password(server: EmbeddedMongod) -> None:
    address = server.uri.partition("@")[2]
    with connect(f"mongodb://{address}") as guest:
        with pytest.raises(OperationFailure, match="requires authentication"):
            guest.test.numbers.insert_one({})
        with pytest.raises(OperationFailure, match="requires authentication"):
            guest.admin.command({"createUser": "me", "pwd": "me", "roles": ["root"]})
    with (
        connect(f"mongodb://serverstats:guess@{address}") as liar,
        pytest.raises(OperationFailure, match="Authentication failed"),
    ):
        liar.admin.command("ping")


def test_it_listens_on_loopback_alone(server: EmbeddedMongod) -> None:
    mongod = psutil.Process(server.process.pid)
    listening = [
        connection.laddr
        for connection in mongod.net_connections(kind="all")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert [address.ip for address in listening] == ["127.0.0.1"]
    assert f":{listening[0].port}/" in server.uri
    assert not [c for c in mongod.net_connections(kind="unix") if "mongodb" in str(c.laddr)]


def test_secrets_are_readable_by_the_owner_alone_and_in_no_command_line(server: EmbeddedMongod) -> None:
    folder = server.folder
    password = folder.password_file.read_text()
    modes = {path.name: path.stat().st_mode & 0o777 for path in (folder.password_file, folder.key_file)}
    assert modes == {"password": 0o600, "keyfile": 0o600}
    assert folder.root.stat().st_mode & 0o777 == 0o700
    assert password in server.uri
    assert password not in " ".join(psutil.Process(server.process.pid).cmdline())
    assert password not in folder.log.read_text()
    assert password not in repr(server)


@pytest.mark.skipif(sys.platform != "linux", reason="the wheels' libraries are for Linux")
def test_only_the_child_gets_the_library_path(server: EmbeddedMongod) -> None:
    assert (
        psutil.Process(server.process.pid)
        .environ()["LD_LIBRARY_PATH"]
        .startswith(str(server.folder.libraries))
    )
    assert str(server.folder.libraries) not in os.environ.get("LD_LIBRARY_PATH", "")


async def test_when_its_port_is_taken_it_moves_and_keeps_the_data(folder: Path) -> None:
    server = EmbeddedMongod(folder)
    await server.start()
    await asyncio.to_thread(write_in_a_transaction, server.uri, 1)
    first = server.uri
    await server.kill()
    port = int(server.folder.port_file.read_text())
    stranger = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", port)
    async with stranger:
        await server.start()
        try:
            assert server.uri != first
            assert await asyncio.to_thread(numbers, server.uri) == [1]
            await asyncio.to_thread(write_in_a_transaction, server.uri, 2)
        finally:
            await server.process.kill()
            await server.stop()


async def test_a_start_cut_short_before_the_user_was_made_is_completed(folder: Path) -> None:
    server = EmbeddedMongod(folder)
    starting = asyncio.create_task(server.start())
    while '"Replica set state transition"' not in text_since(server.folder.log, 0):
        await asyncio.sleep(0.001)
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)

    await server.start()
    try:
        await asyncio.to_thread(write_in_a_transaction, server.uri, 1)
    finally:
        await server.process.kill()
        await server.stop()


async def test_a_lost_password_is_told_with_its_mend(folder: Path) -> None:
    server = EmbeddedMongod(folder)
    await server.start()
    await server.kill()
    server.folder.password_file.unlink()

    with pytest.raises(MongodError, match="restore the file 'password'"):
        await server.start()
    assert not server.process.running


async def test_one_that_runs_is_not_started_twice_nor_ended_by_another(server: EmbeddedMongod) -> None:
    with pytest.raises(MongodError, match="runs already"):
        await server.start()
    twin = EmbeddedMongod(server.folder.root.parent)
    with pytest.raises(MongodError, match="already runs a mongod"):
        await twin.start()
    assert server.process.running


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(MongodError, match="to another folder"):
        await EmbeddedMongod(tmp_path / "data").start()


async def test_before_the_start_there_is_no_address(tmp_path: Path) -> None:
    server = EmbeddedMongod(tmp_path)
    with pytest.raises(MongodError, match="not been started"):
        _ = server.uri
    await server.stop()
    assert not server.folder.root.exists()


async def test_one_that_dies_is_started_again_until_stopped(
    server: EmbeddedMongod, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_LOOK_AT_LOG_SECONDS", 0.05)
    watching = asyncio.create_task(server.keep_running())
    await asyncio.sleep(0.2)
    uri, pid = server.uri, server.process.pid

    await server.kill()

    async with asyncio.timeout(10):
        while await asyncio.to_thread(numbers_or_none, uri) is None or server.process.pid == pid:
            await asyncio.sleep(0.05)
    assert server.uri == uri
    await server.stop()
    async with asyncio.timeout(5):
        await watching


def numbers_or_none(uri: str) -> list[int] | None:
    with connect(uri, 500) as client:
        try:
            return [document["_id"] for document in client.test.numbers.find()]
        except PyMongoError:
            return None


def test_the_helpers_for_other_tests_give_what_they_say(folder: Path) -> None:
    def hello(uri: str) -> dict[str, Any]:
        with connect(uri) as client:
            return client.admin.command("hello")

    with standalone_mongod(folder / "alone") as uri:
        assert "setName" not in hello(uri)
    with replica_set(folder / "three") as nodes:
        assert len(hello(nodes.uri)["hosts"]) == 3
        write_in_a_transaction(nodes.uri, 1)
        nodes.nodes[2].kill()
        nodes.nodes[2].start()
        assert numbers(nodes.uri) == [1]
