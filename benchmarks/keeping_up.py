"""Whether the bot keeps up with 10,000 messages a second: `python benchmarks/keeping_up.py`.

The real bot and a real MongoDB, fed over a real socket by a fake Discord in a process of its own. Told are
the share of a core that the bot's process uses with all its threads, and how old a message is when it is
recorded, from the moment in which the sender made it. The reference, in the same run, is stock discord.py
with a listener that does nothing.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.support.clients import Client, Database, client, connected, serverstats
from benchmarks.support.measuring import conclude, cpu_seconds, show
from benchmarks.support.probe import Reading
from tests.support.discord_server.load import Sent
from tests.support.discord_server.process import ServerProcess
from tests.support.discord_server.worlds import WorldSpec
from tests.support.mongod import embedded_mongod

WARM_UP = 5_000
SETTLE_SECONDS = 4.0
IDLE_SHARE = 0.05
GOAL_SHARE, GOAL_DELAY_MS = 0.7, 50.0


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent."""

    world: WorldSpec
    rate: float
    seconds: float
    variety: int

    @property
    def messages(self) -> int:
        return int(self.rate * self.seconds)


@dataclass(frozen=True, slots=True)
class Run:
    """One client under the load. Shares are of a core; ``missed`` were sent and never seen."""

    name: str
    sent: Sent
    reading: Reading
    share: float
    sender: float
    mongod: float
    missed: int
    caught_up: float
    resident: float

    @property
    def rate(self) -> float:
        """Messages a second that the sender came to."""
        return self.sent.messages / self.sent.seconds

    @property
    def met(self) -> bool:
        return not self.missed and self.share <= GOAL_SHARE and self.reading.delay_ms(0.99) <= GOAL_DELAY_MS


@dataclass(frozen=True, slots=True)
class Trial:
    """A client, and what it is fed by. One without a ``database`` counts nothing: its events are counted."""

    name: str
    running: Client
    server: ServerProcess
    mongod: int
    database: Database | None

    async def seen(self, total: int) -> None:
        """Wait until so many messages have come through."""
        if self.database is not None:
            await self.database.counted(total)
        else:
            await self._idle()

    async def _idle(self) -> None:
        """Wait until the client has nothing left to do."""
        before = -1.0
        while self.running.cpu - before > IDLE_SHARE * SETTLE_SECONDS:
            before = self.running.cpu
            await asyncio.sleep(SETTLE_SECONDS)

    async def used(self) -> tuple[float, float, float]:
        """Processor time of the client, the sender and mongod."""
        return self.running.cpu, (await self.server.stats()).cpu, cpu_seconds(self.mongod)


async def measure(trial: Trial, load: Load) -> Run:
    """Send everything to a client."""
    running, server = trial.running, trial.server
    await running.alive(connected(server))
    await asyncio.sleep(SETTLE_SECONDS)
    await server.flood(WARM_UP, rate=load.rate, variety=load.variety, keep=False)
    await running.alive(trial.seen(WARM_UP))
    if trial.database is not None:
        await trial.database.settled()
    await running.read()
    before = await trial.used()
    sent = await server.flood(load.messages, rate=load.rate, variety=load.variety, keep=False)
    ended = time.perf_counter()
    await running.alive(trial.seen(WARM_UP + load.messages))
    caught_up = time.perf_counter() - ended
    after = await trial.used()
    own, sender, mongod = ((late - early) / sent.seconds for early, late in zip(before, after, strict=True))
    reading = await running.read()
    seen = reading.messages
    if trial.database is not None:
        seen = await trial.database.count() - WARM_UP
    missed = abs(sent.messages - seen)
    return Run(trial.name, sent, reading, own, sender, mongod, missed, caught_up, running.memory.resident)


@asynccontextmanager
async def stock(folder: Path, server: ServerProcess) -> AsyncIterator[Client]:
    """discord.py as it is installed, with a listener that does nothing."""
    async with client(folder, "stock_client.py", server.base_url, "0", more={}) as running:
        yield running


async def measure_all(load: Load, *, reference: bool) -> list[Run]:
    runs = []
    with tempfile.TemporaryDirectory(prefix="serverstats-") as name:
        folder = Path(name)
        with embedded_mongod(folder) as mongod:
            pid = mongod.process.pid
            assert pid is not None
            database = Database(mongod.uri, "keeping_up")
            async with ServerProcess(load.world) as server, serverstats(folder, server, database) as ours:
                runs.append(await measure(Trial("serverstats", ours, server, pid, database), load))
            if reference:
                async with ServerProcess(load.world) as server, stock(folder, server) as theirs:
                    runs.append(await measure(Trial("stock discord.py", theirs, server, pid, None), load))
    return runs


def report(load: Load, runs: list[Run]) -> None:
    show(
        f"{load.messages:,} messages at {load.rate:,.0f} a second, {load.world.guilds} servers, "
        f"{load.variety:,} different authors and channels",
        (
            "client",
            "sent/s",
            "missed",
            "% of a core",
            "delay p50 ms",
            "p99",
            "longest",
            "loop late p99",
            "longest",
        ),
        [
            (
                run.name,
                f"{run.rate:,.0f}",
                f"{run.missed}",
                f"{run.share:.0%}",
                *(f"{run.reading.delay_ms(share):.0f}" for share in (0.5, 0.99, 1)),
                *(f"{run.reading.late_ms(share):.1f}" for share in (0.99, 1)),
            )
            for run in runs
        ],
    )
    ours = runs[0]
    print(
        f"beside it: the sender {ours.sender:.0%} and mongod {ours.mongod:.0%} of a core; the sender waited "
        f"{ours.sent.stalled:.2f} s for the bot; all was counted {ours.caught_up:.1f} s after the last one"
    )
    if ours.rate < 0.98 * load.rate:
        print(f"the sender itself came to {ours.rate:,.0f} a second only")
    print(
        f"goal: none missed, at most {GOAL_SHARE:.0%} of a core, delay p99 at most {GOAL_DELAY_MS:g} ms: "
        f"{'met' if ours.met else 'missed'}"
    )
    conclude(
        "keeping_up",
        {
            "rate": load.rate,
            "seconds": load.seconds,
            "runs": {
                run.name: {
                    "rate": round(run.rate),
                    "missed": run.missed,
                    "core": round(run.share, 3),
                    "sender": round(run.sender, 3),
                    "mongod": round(run.mongod, 3),
                    "delay_ms": [run.reading.delay_ms(share) for share in (0.5, 0.99, 1)],
                    "late_ms": [run.reading.late_ms(share) for share in (0.5, 0.99, 1)],
                    "stalled": round(run.sent.stalled, 2),
                    "caught_up": round(run.caught_up, 2),
                    "mib": round(run.resident),
                    "pauses": run.reading.longest(10),
                }
                for run in runs
            },
        },
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=10_000, help="messages a second")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--guilds", type=int, default=10)
    parser.add_argument("--members", type=int, default=200, help="who write, in each server")
    parser.add_argument("--variety", type=int, default=2_000, help="different messages, sent in turn")
    parser.add_argument("--no-reference", action="store_true", help="leave stock discord.py out")
    asked = parser.parse_args()
    world = WorldSpec(guilds=asked.guilds, channels=20, members=asked.members, replay_limit=500_000)
    load = Load(world, asked.rate, asked.seconds, asked.variety)
    report(load, asyncio.run(measure_all(load, reference=not asked.no_reference)))


if __name__ == "__main__":
    main()
