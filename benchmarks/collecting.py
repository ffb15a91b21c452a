"""What a message costs: the bot as it is run, stock discord.py, and one update_one a message.

All three read the same flood from a fake Discord in a process of its own. Counted is the processor time of
the client's process with all its threads; the database's own is told beside it.
"""

import argparse
import asyncio
import os
import secrets
import statistics
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil
from motor.motor_asyncio import AsyncIOMotorClient

from benchmarks.support.measuring import Spread, conclude, cpu_seconds, median_ratio, show
from tests.support.discord_server.process import ServerProcess
from tests.support.discord_server.worlds import WorldSpec
from tests.support.mongod import embedded_mongod

SUPPORT = Path(__file__).parent / "support"
WARM_UP = 5_000
SETTLE_SECONDS = 4.0
GOAL_STOCK, GOAL_UPDATE = 0.8, 0.15


@dataclass(frozen=True, slots=True)
class Load:
    """The flood, and the servers that it comes from."""

    world: WorldSpec
    events: int
    rate: float | None
    variety: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run keeps its data."""

    uri: str
    mongod_pid: int
    folder: Path
    database: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run: processor time a message in microseconds, memory in MiB, events that came through a second."""

    client: float
    mongod: float
    memory: float
    rate: float


class Contestant(ABC):
    """A client in a process of its own."""

    def __init__(self, place: Place, load: Load) -> None:
        self.place = place
        self.load = load
        self.process: asyncio.subprocess.Process | None = None

    @abstractmethod
    def arguments(self, address: str) -> list[str]:
        """What Python is started with."""

    @abstractmethod
    async def counted(self, total: int) -> None:
        """Return once so many messages are counted."""

    def environment(self) -> dict[str, str]:
        return {}

    async def settled(self) -> None:
        """Return once nothing but the flood keeps it busy: at once, unless there is more than a listener."""
        await asyncio.sleep(0)

    async def alive(self, waiting: Coroutine[None, None, None]) -> None:
        """Wait for something, but not longer than the client lives."""
        assert self.process is not None
        tasks = {asyncio.create_task(waiting), asyncio.create_task(self.process.wait())}
        done, left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in left:
            task.cancel()
        results = [task.result() for task in done]
        if any(result is not None for result in results):
            raise RuntimeError(f"the client ended, exit code {self.process.returncode}")

    @asynccontextmanager
    async def running(self, address: str) -> AsyncIterator[int]:
        """The process id, as long as the block lasts."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            *self.arguments(address),
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | self.environment(),
        )
        try:
            yield self.process.pid
        finally:
            self.process.terminate()
            await self.process.wait()


class Stock(Contestant):
    """discord.py as ``pip install discord.py`` gives it, with an empty listener."""

    def arguments(self, address: str) -> list[str]:
        return [str(SUPPORT / "stock_client.py"), address, f"{WARM_UP},{WARM_UP + self.load.events}"]

    async def counted(self, total: int) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        line = await self.process.stdout.readline()
        assert int(line) == total


class UpdateOne(Stock):
    """The same with an awaited ``update_one`` a message."""

    def arguments(self, address: str) -> list[str]:
        return [*super().arguments(address), self.place.uri, self.place.database]


class Serverstats(Contestant):
    """``serverstats run``."""

    def arguments(self, address: str) -> list[str]:
        return [str(SUPPORT / "serverstats_process.py"), address, "run"]

    def environment(self) -> dict[str, str]:
        return {
            "DISCORD_TOKEN": self.load.world.token,
            "MONGODB_URI": self.place.uri,
            "SERVERSTATS_DATABASE": self.place.database,
            "SERVERSTATS_DATA_DIR": str(self.place.folder / self.place.database),
            "SERVERSTATS_LOG_LEVEL": "warning",
        }

    async def counted(self, total: int) -> None:
        driver: AsyncIOMotorClient[dict[str, int]] = AsyncIOMotorClient(self.place.uri)
        sums = [{"$group": {"_id": None, "messages": {"$sum": "$messages"}}}]
        found = 0
        while found < total:
            await asyncio.sleep(0.1)
            rows = await driver[self.place.database]["channelDays"].aggregate(sums).to_list(None)
            found = rows[0]["messages"] if rows else 0
        driver.close()
        assert found == total, f"{found} messages counted of {total}"

    async def settled(self) -> None:
        """Wait until history has been read back: the fake Discord keeps none, but it is asked for."""
        driver: AsyncIOMotorClient[dict[str, int]] = AsyncIOMotorClient(self.place.uri)
        coverage = driver[self.place.database]["coverage"]
        while await coverage.count_documents({"uncounted": {"$ne": []}}):
            await asyncio.sleep(0.2)
        driver.close()


CONTESTANTS: dict[str, type[Contestant]] = {
    "serverstats": Serverstats,
    "stock": Stock,
    "update_one": UpdateOne,
}


async def run_once(kind: type[Contestant], place: Place, load: Load) -> Run:
    async with ServerProcess(load.world) as server:
        contestant = kind(place, load)
        async with contestant.running(server.base_url) as pid:
            await contestant.alive(_connected(server))
            await server.flood(WARM_UP, rate=load.rate, variety=load.variety, keep=False)
            await contestant.alive(contestant.counted(WARM_UP))
            await contestant.alive(contestant.settled())
            before = cpu_seconds(pid), cpu_seconds(place.mongod_pid), time.perf_counter()
            await server.flood(load.events, rate=load.rate, variety=load.variety, keep=False)
            await contestant.alive(contestant.counted(WARM_UP + load.events))
            after = cpu_seconds(pid), cpu_seconds(place.mongod_pid), time.perf_counter()
            client, mongod, seconds = (late - early for early, late in zip(before, after, strict=True))
            memory = psutil.Process(pid).memory_info().rss / (1 << 20)
    scale = 1e6 / load.events
    return Run(client * scale, mongod * scale, memory, load.events / seconds)


async def _connected(server: ServerProcess) -> None:
    while not any(session.connected for session in (await server.stats()).sessions):
        await asyncio.sleep(0.05)
    await asyncio.sleep(SETTLE_SECONDS)


async def measure(load: Load, rounds: int, names: list[str]) -> dict[str, list[Run]]:
    runs: dict[str, list[Run]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory(prefix="serverstats-") as folder:
        root = Path(folder)
        with embedded_mongod(root) as mongod:
            mongod_pid = mongod.process.pid
            assert mongod_pid is not None
            for _ in range(rounds):
                for name in names:
                    place = Place(mongod.uri, mongod_pid, root, f"run_{secrets.token_hex(4)}")
                    runs[name].append(await run_once(CONTESTANTS[name], place, load))
    return runs


def report(load: Load, runs: dict[str, list[Run]]) -> None:
    rows = []
    ratios: dict[str, float] = {}
    ours = [run.client for run in runs.get("serverstats", [])]
    for name, found in runs.items():
        client = [run.client for run in found]
        if ours and name != "serverstats":
            ratios[name] = median_ratio(ours, client)
        rows.append(
            (
                name,
                Spread.of(client).text(),
                Spread.of(run.mongod for run in found).text(),
                f"{statistics.median(run.memory for run in found):.0f}",
                f"{statistics.median(run.rate for run in found):,.0f}",
                f"{ratios[name]:.2f}" if name in ratios else "",
            )
        )
    offered = "as fast as it is read" if load.rate is None else f"{load.rate:,.0f} a second"
    show(
        f"{load.events:,} messages, {offered}, {load.world.guilds} servers of {load.world.members} members",
        ("client", "CPU µs a message", "mongod's own", "MiB", "messages/s", "serverstats is"),
        rows,
    )
    for name, goal in (("stock", GOAL_STOCK), ("update_one", GOAL_UPDATE)):
        if name in ratios:
            print(f"goal: at most {goal} of {name}: {'met' if ratios[name] <= goal else 'missed'}")
    conclude(
        "collecting",
        {
            "events": load.events,
            "rate": load.rate,
            "cpu_us": {name: [round(run.client, 2) for run in found] for name, found in runs.items()},
            "mongod_us": {name: [round(run.mongod, 2) for run in found] for name, found in runs.items()},
            "ratios": {name: round(ratio, 3) for name, ratio in ratios.items()},
        },
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=60_000)
    parser.add_argument("--rate", type=float, default=5_000, help="messages a second; 0: as fast as read")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--guilds", type=int, default=10)
    parser.add_argument("--members", type=int, default=100, help="who write, in each server")
    parser.add_argument("--only", nargs="+", choices=list(CONTESTANTS), default=list(CONTESTANTS))
    asked = parser.parse_args()
    world = WorldSpec(guilds=asked.guilds, channels=20, members=asked.members, replay_limit=500_000)
    load = Load(world, asked.events, asked.rate or None, variety=4_000)
    report(load, asyncio.run(measure(load, asked.rounds, asked.only)))


if __name__ == "__main__":
    main()
