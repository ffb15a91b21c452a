"""Real MongoDBs for tests, made to be imported into a conftest.

All helpers are plain context managers: they work in fixtures of any scope and inside a running event loop,
and end what they started with a kill, which is quick and loses nothing that matters to a test.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from bot.db.bootstrap import ensure_replica_set
from bot.mongod.binary import MongodBinary, find_mongod
from bot.mongod.embedded import EmbeddedMongod
from bot.mongod.options import LOOPBACK, MongodOptions, mongod_arguments
from bot.mongod.ports import free_port
from bot.mongod.process import MongodProcess

_MEMORY = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
_ROOM = 1 << 30


@contextmanager
def quick_folder() -> Iterator[Path]:
    """Temporary folder, in memory where there is room: creating an index takes half the time there."""
    in_memory = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    with tempfile.TemporaryDirectory(prefix="serverstats-", dir=_MEMORY if in_memory else None) as name:
        yield Path(name)


@contextmanager
def embedded_mongod(folder: Path, options: MongodOptions | None = None) -> Iterator[EmbeddedMongod]:
    """Run the bot's own embedded MongoDB in ``folder``; its ``uri`` holds the login."""
    server = EmbeddedMongod(folder, options)
    _wait_for(server.start())
    try:
        yield server
    finally:
        _wait_for(_end(server))


async def _end(server: EmbeddedMongod) -> None:
    await server.kill()
    await server.stop()


@contextmanager
def session_mongod() -> Iterator[str]:
    """Address of an embedded MongoDB in a folder of its own: one for a whole test session.

    Files of dropped databases go soon: those of hundreds of tests would use up its handles.
    """
    with quick_folder() as folder, embedded_mongod(folder) as server:
        with MongoClient[dict[str, Any]](server.uri) as client:
            client.admin.command("setParameter", 1, minSnapshotHistoryWindowInSeconds=15)
        yield server.uri


@contextmanager
def standalone_mongod(folder: Path) -> Iterator[str]:
    """Address of a server that is no replica set, without a login."""
    with _node(folder, replica_set=None) as node:
        yield f"mongodb://{node.address}/"


@dataclass(frozen=True, slots=True)
class Node:
    """One mongod, without a login; ``process`` can be killed and started again."""

    address: str
    process: MongodProcess

    def kill(self) -> None:
        """Kill it as a crash would."""
        _wait_for(self.process.kill())

    def start(self) -> None:
        """Start it again, on the same port and folder."""
        _wait_for(self.process.start())


@dataclass(frozen=True, slots=True)
class NodeSet:
    """A replica set of several nodes; the first was elected at the start."""

    name: str
    nodes: tuple[Node, ...]

    @property
    def uri(self) -> str:
        """Address of the whole set."""
        return f"mongodb://{','.join(node.address for node in self.nodes)}/?replicaSet={self.name}"


@contextmanager
def replica_set(
    folder: Path, *, nodes: int = 3, name: str = "rs0", parameters: Sequence[str] = ()
) -> Iterator[NodeSet]:
    """Run several nodes as one set; it takes writes when this enters. ``parameters`` are MongoDB's own."""
    with ExitStack() as stack:
        members = tuple(
            stack.enter_context(_node(folder / str(number), replica_set=name, parameters=parameters))
            for number in range(nodes)
        )
        _wait_for(_form(tuple(node.address for node in members), name))
        yield NodeSet(name, members)


async def _form(members: tuple[str, ...], name: str) -> None:
    """Initiate the set with quick elections: MongoDB's own pause of ten seconds serves no test."""
    config = {
        "_id": name,
        "members": [{"_id": number, "host": member} for number, member in enumerate(members)],
        "settings": {"electionTimeoutMillis": 1_000, "heartbeatIntervalMillis": 200},
    }
    with MongoClient[dict[str, Any]](f"mongodb://{members[0]}/", directConnection=True) as client:
        client.admin.command("replSetInitiate", config)
    await ensure_replica_set(members, name=name, seconds=60)


@contextmanager
def _node(folder: Path, *, replica_set: str | None, parameters: Sequence[str] = ()) -> Iterator[Node]:
    data = folder / "db"
    data.mkdir(parents=True)
    port = free_port()
    arguments = mongod_arguments(MongodOptions(), data=data, port=port, replica_set=replica_set)
    arguments = (*arguments, *(word for each in parameters for word in ("--setParameter", each)))
    node = Node(
        f"{LOOPBACK}:{port}", MongodProcess(some_mongod(folder), arguments, log=folder / "mongod.log")
    )
    node.start()
    try:
        yield node
    finally:
        node.kill()


def some_mongod(folder: Path) -> MongodBinary:
    """Find the mongod that the bot would run; ``folder`` gets the links to its libraries."""
    return find_mongod(folder / "lib")


def _wait_for(work: Coroutine[None, None, None]) -> None:
    """Run it to its end in a loop of its own, whether or not this thread runs one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()
