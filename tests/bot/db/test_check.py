import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pymongo
import pytest

from bot.db.check import (
    ServerFacts,
    ServerKind,
    ServerProblem,
    _no_set,
    check_server,
    is_newer_than_tried,
    require_usable,
)
from bot.mongod.binary import MongodBinary, find_mongod

Client = pymongo.MongoClient[dict[str, Any]]
QUICK_MS = 800
PASSWORD = "s3cret@word"  # noqa: S105 - of a server that lives for this test
ESCAPED = "s3cret%40word"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def running(binary: MongodBinary, folder: Path, *options: str) -> Iterator[int]:
    folder.mkdir()
    port = free_port()
    fixed = (f"--dbpath={folder}", f"--port={port}", "--bind_ip=127.0.0.1", "--nounixsocket")
    small = ("--wiredTigerCacheSizeGB=0.25", "--setParameter=diagnosticDataCollectionEnabled=false")
    process = subprocess.Popen(  # noqa: S603 - fixed argv, no shell
        [binary.path, *fixed, *small, *options],
        env={**os.environ, "LD_LIBRARY_PATH": str(binary.library_path or ""), "LC_ALL": "C"},
        stdout=subprocess.DEVNULL,
    )
    try:
        with Client(f"mongodb://127.0.0.1:{port}/?directConnection=true") as client:
            client.admin.command("hello")
        yield port
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def binary(tmp_path_factory: pytest.TempPathFactory) -> MongodBinary:
    return find_mongod(tmp_path_factory.mktemp("libraries"))


@pytest.fixture(scope="module")
def standalone(binary: MongodBinary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with running(binary, tmp_path_factory.mktemp("standalone") / "db") as port:
        yield port


@pytest.fixture(scope="module")
def guarded_set(binary: MongodBinary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A replica set with access control; what it says before it is initiated is checked on the way."""
    folder = tmp_path_factory.mktemp("set")
    key = folder / "key"
    key.write_text("k" * 64)
    key.chmod(0o600)
    with running(binary, folder / "db", "--replSet=rs7", "--oplogSize=64", f"--keyFile={key}") as port:
        with Client(f"mongodb://127.0.0.1:{port}/?directConnection=true") as client:
            member = {"_id": 0, "host": f"127.0.0.1:{port}"}
            client.admin.command("replSetInitiate", {"_id": "rs7", "members": [member]})
        with Client(f"mongodb://127.0.0.1:{port}/?replicaSet=rs7") as client:
            client.admin.command("createUser", "root", pwd=PASSWORD, roles=["root"])
        with Client(f"mongodb://root:{ESCAPED}@127.0.0.1:{port}/?replicaSet=rs7") as client:
            roles = {
                "owner": ["dbOwner"],
                "pair": ["readWrite", "dbAdmin"],
                "writer": ["readWrite"],
                "reader": ["read"],
            }
            for user, names in roles.items():
                granted = [{"role": name, "db": "serverstats"} for name in names]
                client.admin.command("createUser", user, pwd=PASSWORD, roles=granted)
        yield port


async def problem(uri: str) -> ServerProblem:
    with pytest.raises(ServerProblem) as caught:
        require_usable(await check_server(uri, timeout_ms=QUICK_MS))
    return caught.value


async def test_a_standalone_is_refused_with_the_words_that_mend_it(standalone: int) -> None:
    facts = await check_server(f"mongodb://127.0.0.1:{standalone}/", timeout_ms=QUICK_MS)
    assert facts.kind is ServerKind.STANDALONE
    found = await problem(f"mongodb://127.0.0.1:{standalone}/")
    assert "standalone" in found.finding
    assert "--replSet rs0" in found.mend
    assert "rs.initiate()" in found.mend


async def test_a_standalone_is_seen_even_if_the_uri_asks_for_a_set(standalone: int) -> None:
    found = await problem(f"mongodb://127.0.0.1:{standalone}/?replicaSet=rs0")
    assert "standalone" in found.finding


async def test_a_set_that_was_never_initiated_is_told(binary: MongodBinary, tmp_path: Path) -> None:
    with running(binary, tmp_path / "db", "--replSet=rs0", "--oplogSize=64") as port:
        found = await problem(f"mongodb://127.0.0.1:{port}/")
    assert "never initiated" in found.finding
    assert "rs.initiate()" in found.mend


@pytest.mark.parametrize("user", ["root", "owner", "pair"])
async def test_a_set_with_a_user_that_may_all_is_usable(guarded_set: int, user: str) -> None:
    uri = f"mongodb://{user}:{ESCAPED}@127.0.0.1:{guarded_set}/?authSource=admin"
    facts = await check_server(uri, timeout_ms=QUICK_MS)
    require_usable(facts)
    assert (facts.kind, facts.replica_set, facts.authenticated) == (ServerKind.REPLICA_SET, "rs7", True)
    assert facts.release >= (6, 0)
    assert facts.hosts == (f"127.0.0.1:{guarded_set}",)
    assert facts.tls is False


@pytest.mark.parametrize(("user", "lacks"), [("writer", "collMod"), ("reader", "insert")])
async def test_a_user_that_may_too_little_is_told_what(guarded_set: int, user: str, lacks: str) -> None:
    found = await problem(f"mongodb://{user}:{ESCAPED}@127.0.0.1:{guarded_set}/?replicaSet=rs7")
    assert lacks in found.finding
    assert "dbAdmin" in found.mend


async def test_a_wrong_password_is_told_and_not_shown(guarded_set: int) -> None:
    found = await problem(f"mongodb://owner:wr0ngwr0ng@127.0.0.1:{guarded_set}/")
    assert "does not know this user" in found.finding
    assert "authSource=admin" in found.mend
    assert "wr0ngwr0ng" not in str(found)


async def test_a_login_that_is_missing_is_told(guarded_set: int) -> None:
    found = await problem(f"mongodb://127.0.0.1:{guarded_set}/")
    assert "Unauthorized" in found.finding
    assert "Put user and password" in found.mend


async def test_another_name_of_the_set_is_told(guarded_set: int) -> None:
    found = await problem(f"mongodb://owner:{ESCAPED}@127.0.0.1:{guarded_set}/?replicaSet=rs0")
    assert "replicaSet=rs7" in found.mend


async def test_tls_where_the_server_has_none_is_told(guarded_set: int) -> None:
    found = await problem(f"mongodb://owner:{ESCAPED}@127.0.0.1:{guarded_set}/?tls=true")
    assert "TLS" in found.finding
    assert "remove tls=true" in found.mend


async def test_nobody_there_is_told() -> None:
    port = free_port()
    found = await problem(f"mongodb://me:{ESCAPED}@127.0.0.1:{port}/")
    assert f"127.0.0.1:{port}" in found.finding
    assert "nothing listens there" in found.finding
    assert ESCAPED not in str(found)
    assert PASSWORD not in str(found)


@pytest.mark.parametrize(
    "uri",
    [
        "mongodb://user:pa/ss@host/",
        "mongodb://user:pa@ss@host/",
        "mongodb://user:x@password99/z@host:27017/?replicaSet=rs0",
        "mongodb://user:x@password99?z@host/?replicaSet=rs0",
        "mongodb://host:portal/",
        "mongodb://",
        "mongodb://user:password99@host:x/?replicaSet=rs0",
    ],
)
async def test_an_uri_that_is_none_is_told_without_its_parts(uri: str) -> None:
    found = await problem(uri)
    assert "password99" not in str(found)
    assert "percent-encode the password" in found.mend


@pytest.mark.parametrize(
    ("hello", "wanted", "said"),
    [
        ({"isreplicaset": True}, None, "never initiated"),
        ({"setName": "a", "hosts": ["x:1"]}, None, "no primary"),
        ({"setName": "a", "hosts": ["mongo:27017"], "primary": "mongo:27017"}, "a", "mongo:27017"),
        ({"setName": "a", "hosts": ["x:1"], "primary": "x:1"}, "b", 'called "a"'),
    ],
)
def test_why_no_set_came_about(hello: dict[str, object], wanted: str | None, said: str) -> None:
    assert said in _no_set(hello, wanted).finding


@pytest.mark.parametrize(
    ("version", "usable", "newer"),
    [("5.0.31", False, False), ("6.0.0", True, False), ("8.2.1-rc0", True, False), ("9.0.0", True, True)],
)
def test_versions(version: str, usable: bool, newer: bool) -> None:  # noqa: FBT001 - a table of cases
    facts = ServerFacts(version, ServerKind.REPLICA_SET, "rs0", False, ("h:1",), True, ())  # noqa: FBT003 - same
    assert is_newer_than_tried(facts) is newer
    if usable:
        require_usable(facts)
    else:
        with pytest.raises(ServerProblem, match=r"6\.0 is the oldest"):
            require_usable(facts)
