"""The database goes away for ten minutes at 1,000 messages a second: `python benchmarks/database_away.py`.

The real bot, fed over a real socket by a fake Discord in its own process; its mongod is killed and, after
a while, started again. Told are the memory that the bot needs meanwhile, how long it takes to catch up while
messages go on, and whether every total is exact. The reference is the same bot before that.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pymongo.errors import PyMongoError

from benchmarks.support.clients import Client, Database, Memory, connected, serverstats
from benchmarks.support.measuring import conclude, show
from benchmarks.support.probe import Reading
from bot.privacy.pseudonym import hexadecimal
from tests.support.census import key_of
from tests.support.discord_server import commands
from tests.support.discord_server.load import Sent
from tests.support.discord_server.process import ServerProcess
from tests.support.discord_server.worlds import WorldSpec
from tests.support.mongod import replica_set

BEFORE_SECONDS, AFTER_SECONDS = 10.0, 5.0
SETTLE_SECONDS = 4.0
GOAL_MIB, GOAL_SECONDS = 50.0, 30.0
PATIENCE_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent, and for how long nobody takes it."""

    world: WorldSpec
    rate: float
    away: float
    variety: int


@dataclass(frozen=True, slots=True)
class Phase:
    """A while: what the probe read, the most memory, and the share of a core."""

    reading: Reading
    memory: Memory
    share: float


@dataclass(frozen=True, slots=True)
class Run:
    """What came of it."""

    before: Phase
    away: Phase
    after: Phase
    waiting: int
    caught_up: float
    sent: int
    counted: int
    wrong: int


class Watch:
    """Looks at a client's memory every so often, and keeps the most it saw."""

    def __init__(self, running: Client) -> None:
        self._running = running
        self._most = running.memory
        self._task = asyncio.create_task(self._look())
        self._began = time.perf_counter(), running.cpu

    async def end(self) -> Phase:
        """The while since it was made."""
        self._task.cancel()
        seconds, used = time.perf_counter() - self._began[0], self._running.cpu - self._began[1]
        return Phase(await self._running.read(), self._most, used / seconds)

    async def _look(self) -> None:
        while True:
            seen = self._running.memory
            self._most = Memory(
                max(self._most.resident, seen.resident), max(self._most.anonymous, seen.anonymous)
            )
            await asyncio.sleep(0.5)


async def measure(folder: Path, load: Load) -> Run:
    with replica_set(folder / "database", nodes=1) as nodes:
        node, database = nodes.nodes[0], Database(nodes.uri, "database_away")
        async with ServerProcess(load.world) as server, serverstats(folder, server, database) as running:
            await running.alive(connected(server))
            await asyncio.sleep(SETTLE_SECONDS)
            flood = asyncio.create_task(
                server.flood(1 << 40, rate=load.rate, variety=load.variety, keep=False)
            )
            await asyncio.sleep(BEFORE_SECONDS)
            await running.alive(database.settled())
            await running.read()
            watch = Watch(running)
            await running.alive(asyncio.sleep(BEFORE_SECONDS))
            before = await watch.end()

            watch = Watch(running)
            known, gone = await database.count(), time.perf_counter()
            await asyncio.to_thread(node.kill)
            await running.alive(asyncio.sleep(load.away))
            away = await watch.end()

            watch = Watch(running)
            began = time.perf_counter()
            await asyncio.to_thread(node.start)
            await running.alive(_level(database, known, gone, load.rate))
            caught_up = time.perf_counter() - began
            after = await watch.end()

            await asyncio.sleep(AFTER_SECONDS)
            await server.do(commands.StopFloods())
            sent = await flood
            await running.alive(asyncio.wait_for(database.counted(sent.messages), PATIENCE_SECONDS))
            await asyncio.sleep(2 * AFTER_SECONDS)  # for what might count twice
            total, wrong = await compare(database, sent, folder / database.name)
    waiting = int((began - gone) * load.rate)
    return Run(before, away, after, waiting, caught_up, sent.messages, total, wrong)


async def _level(database: Database, known: int, since: float, rate: float) -> None:
    """Wait until everything counts that came since an instant, but for the last two seconds."""
    while True:
        asked = time.perf_counter()
        with suppress(PyMongoError):  # it is not there yet
            if await database.count() >= known + (asked - since - 2) * rate:
                return
        await asyncio.sleep(0.1)


async def compare(database: Database, sent: Sent, data: Path) -> tuple[int, int]:
    """How much is counted, and how many channels and members have another total than they should."""
    pseudonyms = key_of(data)
    async with database.opened() as db:
        stored = await db.channelStats.find({}).to_list(None)
        members = {
            each["userId"]: each["messageStats"]["totalCount"]
            async for each in db.memberActivityStats.find({}, {"userId": 1, "messageStats.totalCount": 1})
        }
    guild = int(stored[0]["guildId"])
    channels = {each["channelId"]: each["metrics"]["messageCount"] for each in stored}
    wanted_channels = {str(channel): count for channel, count in sent.by_channel.items()}
    wanted_members = {
        hexadecimal(pseudonyms.of(guild, author)): count for author, count in sent.by_author.items()
    }
    wrong = _differing(channels, wanted_channels) + _differing(members, wanted_members)
    return sum(channels.values()), wrong


def _differing(found: dict[str, int], wanted: dict[str, int]) -> int:
    return sum(found.get(key, 0) != wanted.get(key, 0) for key in found.keys() | wanted.keys())


def report(load: Load, run: Run) -> None:
    phases = {"before": run.before, "away": run.away, "catching up": run.after}
    show(
        f"{load.rate:,.0f} messages a second, the database away for {load.away:g} s: {run.waiting:,} wait",
        ("", "MiB", "of that in no file", "of a core", "delay p99 ms", "longest", "late p99 ms", "longest"),
        [
            (
                name,
                f"{phase.memory.resident:.0f}",
                f"{phase.memory.anonymous:.0f}",
                f"{phase.share:.0%}",
                f"{phase.reading.delay_ms(0.99):.0f}",
                f"{phase.reading.delay_ms(1):.0f}",
                f"{phase.reading.late_ms(0.99):.1f}",
                f"{phase.reading.late_ms(1):.1f}",
            )
            for name, phase in phases.items()
        ],
    )
    before, later = run.before.memory, (run.away.memory, run.after.memory)
    most = max(each.anonymous for each in later) - before.anonymous
    resident = max(each.resident for each in later) - before.resident
    exact = run.sent == run.counted and not run.wrong
    print(
        f"{run.sent:,} sent, {run.counted:,} counted; channels and members with another total: {run.wrong}; "
        f"caught up {run.caught_up:.1f} s after mongod was started; memory {most:+.0f} MiB, {resident:+.0f} "
        f"with the pages of the journal's files"
    )
    met = exact and most <= GOAL_MIB and run.caught_up <= GOAL_SECONDS
    print(
        f"goal: exact, memory at most {GOAL_MIB:+g} MiB, caught up within {GOAL_SECONDS:g} s: "
        f"{'met' if met else 'missed'}"
    )
    conclude(
        "database_away",
        {
            "rate": load.rate,
            "away": load.away,
            "sent": run.sent,
            "counted": run.counted,
            "wrong": run.wrong,
            "caught_up": round(run.caught_up, 1),
            "mib": [
                [round(phase.memory.resident), round(phase.memory.anonymous)] for phase in phases.values()
            ],
            "core": [round(phase.share, 3) for phase in phases.values()],
            "delay_p99_ms": [phase.reading.delay_ms(0.99) for phase in phases.values()],
            "longest": [phase.reading.longest(3) for phase in phases.values()],
        },
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=1_000, help="messages a second")
    parser.add_argument("--away", type=float, default=600, help="seconds")
    parser.add_argument("--members", type=int, default=2_000, help="who write")
    asked = parser.parse_args()
    world = WorldSpec(channels=100, voice_channels=0, members=asked.members, replay_limit=100_000)
    load = Load(world, asked.rate, asked.away, variety=4 * asked.members)
    with tempfile.TemporaryDirectory(prefix="serverstats-") as folder:
        report(load, asyncio.run(measure(Path(folder), load)))


if __name__ == "__main__":
    main()
