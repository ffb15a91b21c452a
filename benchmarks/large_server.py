"""A server of 100,000 members and 500 channels: `python benchmarks/large_server.py`.

The real bot on a real MongoDB, connected over a real socket to a fake Discord in a process of its own.
Members write and sit in voice, each job runs at least once, and yesterday waits to be packed. Told are the
pauses of the event loop, at the start and afterwards, and the memory. The references, in the same run and in
the same server with the same intents, are two bots on discord.py that do nothing: one that keeps whom
Serverstats keeps, and one as discord.py makes it, which loads and keeps all members; and Serverstats itself
in a server of ten members.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.support.clients import Client, Database, Memory, client, connected, serverstats
from benchmarks.support.closed_day import make_yesterday
from benchmarks.support.measuring import conclude, show
from benchmarks.support.probe import Reading
from benchmarks.support.settings import only_errors
from tests.support.discord_server.process import ServerProcess
from tests.support.discord_server.worlds import WorldSpec, build_world
from tests.support.mongod import embedded_mongod

LARGE, SMALL = "serverstats", "serverstats, ten members"
FEW, ALL = "discord.py, keeping as few", "discord.py as it is"
SMALL_WORLD, SMALL_RATE = WorldSpec(channels=2, members=10), 1.0
READY_SECONDS = 10.0
GOAL_PAUSE_MS, GOAL_MIB = 20.0, 25.0


@dataclass(frozen=True, slots=True)
class Load:
    """The server, and what is written in it meanwhile."""

    world: WorldSpec
    rate: float
    seconds: float
    variety: int
    yesterday: int


@dataclass(frozen=True, slots=True)
class Run:
    """One client: memory once it is ready and in the end, pauses at the start and afterwards."""

    ready: Memory
    end: Memory
    starting: Reading
    steady: Reading
    share: float


async def measure(running: Client, server: ServerProcess, load: Load) -> Run:
    await running.alive(connected(server))
    await running.alive(asyncio.sleep(READY_SECONDS))
    starting, ready = await running.read(), running.memory
    before, began = running.cpu, time.perf_counter()
    flood = server.flood(int(load.rate * load.seconds), rate=load.rate, variety=load.variety, keep=False)
    await running.alive(flood)
    share = (running.cpu - before) / (time.perf_counter() - began)
    return Run(ready, running.memory, starting, await running.read(), share)


async def measure_all(load: Load) -> dict[str, Run]:
    runs = {}
    with tempfile.TemporaryDirectory(prefix="serverstats-") as name:
        folder = Path(name)
        with embedded_mongod(folder) as mongod:
            guild = next(iter(build_world(WorldSpec(members=0)).guilds))  # its id is always the same
            large, small = Database(mongod.uri, "large_server"), Database(mongod.uri, "small_server")
            await make_yesterday(folder / large.name, large, guild, load.yesterday)
            for kind in (LARGE, FEW, ALL):
                runs[kind] = await _run(kind, folder, large, load)
            quiet = Load(SMALL_WORLD, SMALL_RATE, load.seconds, 10, 0)
            runs[SMALL] = await _run(SMALL, folder, small, quiet)
    return runs


async def _run(kind: str, folder: Path, database: Database, load: Load) -> Run:
    async with ServerProcess(load.world) as server, _started(kind, folder, server, database) as running:
        return await measure(running, server, load)


def _started(
    kind: str, folder: Path, server: ServerProcess, database: Database
) -> AbstractAsyncContextManager[Client]:
    if kind in {LARGE, SMALL}:
        return serverstats(folder, server, database)
    return client(folder, "idle_client.py", server.base_url, "few" if kind == FEW else "all", more={})


def report(load: Load, runs: dict[str, Run]) -> None:
    world = load.world
    show(
        f"{world.members:,} members, {world.channels} channels, {world.in_voice:,} in voice, "
        f"{load.rate:,.0f} messages a second for {load.seconds:g} s; memory in MiB, times in ms",
        (
            "client",
            "memory",
            "in no file",
            "at the end",
            "in no file",
            "longest pause at start",
            "late p99",
            "longest",
            "by itself",
            "of a core",
        ),
        [
            (
                name,
                f"{run.ready.resident:.0f}",
                f"{run.ready.anonymous:.0f}",
                f"{run.end.resident:.0f}",
                f"{run.end.anonymous:.0f}",
                f"{run.starting.late_ms(1):.0f}",
                f"{run.steady.late_ms(0.99):.1f}",
                f"{run.steady.late_ms(1):.1f}",
                f"{run.steady.longest_own_ms:.1f}",
                f"{run.share:.0%}",
            )
            for name, run in runs.items()
        ],
    )
    steady = runs[LARGE].steady
    more, most = (runs[LARGE].end.anonymous - runs[other].end.anonymous for other in (SMALL, FEW))
    print("by itself: the longest time that the loop did not come round while the process had a processor")
    print(
        f"goal: no pause over {GOAL_PAUSE_MS:g} ms once it runs: "
        f"{_word(steady.late_ms(1) <= GOAL_PAUSE_MS)}; "
        f"by itself {_word(steady.longest_own_ms <= GOAL_PAUSE_MS)}"
    )
    print(
        f"goal: at most {GOAL_MIB:g} MiB more than the empty bot: {more:+.0f} than itself with ten members, "
        f"{_word(more <= GOAL_MIB)}; {most:+.0f} than a bot that does nothing, {_word(most <= GOAL_MIB)}"
    )
    conclude(
        "large_server",
        {
            "members": world.members,
            "channels": world.channels,
            "rate": load.rate,
            "seconds": load.seconds,
            "runs": {
                name: {
                    "mib_ready": [round(run.ready.resident, 1), round(run.ready.anonymous, 1)],
                    "mib_end": [round(run.end.resident, 1), round(run.end.anonymous, 1)],
                    "start": run.starting.longest(5),
                    "steady": run.steady.longest(10),
                    "late_ms": [run.steady.late_ms(share) for share in (0.5, 0.99, 0.999, 1)],
                    "core": round(run.share, 3),
                }
                for name, run in runs.items()
            },
        },
    )


def _word(met: bool) -> str:  # noqa: FBT001 - what it words
    return "met" if met else "missed"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--channels", type=int, default=500)
    parser.add_argument("--in-voice", type=int, default=1_000)
    parser.add_argument("--rate", type=float, default=1_000, help="messages a second")
    parser.add_argument("--seconds", type=float, default=130, help="each job runs at least once in a minute")
    parser.add_argument("--writers", type=int, default=20_000, help="different members and channels in turn")
    parser.add_argument("--yesterday", type=int, default=20_000, help="who wrote yesterday")
    asked = parser.parse_args()
    world = WorldSpec(
        channels=asked.channels,
        voice_channels=max(1, asked.in_voice // 20),
        roles=100,
        members=asked.members,
        in_voice=asked.in_voice,
        replay_limit=100_000,
    )
    load = Load(world, asked.rate, asked.seconds, asked.writers, asked.yesterday)
    only_errors()
    report(load, asyncio.run(measure_all(load)))


if __name__ == "__main__":
    main()
