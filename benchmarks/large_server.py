"""A server of 100,000 members and 500 channels: `python benchmarks/large_server.py`.

The real bot on a real MongoDB, connected over a real socket to a fake Discord in a process of its own.
Members write and sit in voice. Told are the pauses of the event loop, at the start and afterwards, and the
memory. The references, in the same run and in the same server with the same intents, are two bots on
discord.py that do nothing: one that keeps whom Serverstats keeps (the empty bot), and one as discord.py makes
it, which loads and keeps all members.
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
from benchmarks.support.measuring import conclude, show
from benchmarks.support.probe import Reading
from tests.support.discord_server.process import ServerProcess
from tests.support.discord_server.worlds import WorldSpec
from tests.support.mongod import embedded_mongod

READY_SECONDS = 10.0
GOAL_PAUSE_MS, GOAL_MIB = 20.0, 25.0


@dataclass(frozen=True, slots=True)
class Load:
    """The server, and what is written in it meanwhile."""

    world: WorldSpec
    rate: float
    seconds: float
    variety: int


@dataclass(frozen=True, slots=True)
class Run:
    """One client: memory once it is ready and in the end, pauses at the start and afterwards."""

    name: str
    ready: Memory
    end: Memory
    starting: Reading
    steady: Reading
    share: float


async def measure(name: str, running: Client, server: ServerProcess, load: Load) -> Run:
    await running.alive(connected(server))
    await running.alive(asyncio.sleep(READY_SECONDS))
    starting, ready = await running.read(), running.memory
    before, began = running.cpu, time.perf_counter()
    flood = server.flood(int(load.rate * load.seconds), rate=load.rate, variety=load.variety, keep=False)
    await running.alive(flood)
    share = (running.cpu - before) / (time.perf_counter() - began)
    return Run(name, ready, running.memory, starting, await running.read(), share)


async def measure_all(load: Load) -> list[Run]:
    runs = []
    with tempfile.TemporaryDirectory(prefix="serverstats-") as name:
        folder = Path(name)
        with embedded_mongod(folder) as mongod:
            for kind in ("serverstats", "empty bot", "discord.py as it is"):
                async with (
                    ServerProcess(load.world) as server,
                    _started(kind, folder, server, mongod.uri) as running,
                ):
                    runs.append(await measure(kind, running, server, load))
    return runs


def _started(kind: str, folder: Path, server: ServerProcess, uri: str) -> AbstractAsyncContextManager[Client]:
    if kind == "serverstats":
        return serverstats(folder, server, Database(uri, "large_server"))
    keeps = "few" if kind == "empty bot" else "all"
    return client(folder, "idle_client.py", server.base_url, keeps, more={})


def report(load: Load, runs: list[Run]) -> None:
    world = load.world
    show(
        f"{world.members:,} members, {world.channels} channels, {world.in_voice:,} in voice, "
        f"{load.rate:,.0f} messages a second for {load.seconds:g} s",
        (
            "client",
            "MiB",
            "of that in no file",
            "MiB at the end",
            "in no file",
            "longest pause at start, ms",
            "late p99",
            "longest",
            "of its own",
            "of a core",
        ),
        [
            (
                run.name,
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
            for run in runs
        ],
    )
    ours, empty, _ = runs
    more = ours.end.anonymous - empty.end.anonymous
    print(
        f"goal: no pause over {GOAL_PAUSE_MS:g} ms once it runs: "
        f"{'met' if ours.steady.late_ms(1) <= GOAL_PAUSE_MS else 'missed'}; at most {GOAL_MIB:g} MiB more "
        f"than the empty bot ({more:+.0f}): {'met' if more <= GOAL_MIB else 'missed'}"
    )
    conclude(
        "large_server",
        {
            "members": world.members,
            "channels": world.channels,
            "rate": load.rate,
            "seconds": load.seconds,
            "runs": {
                run.name: {
                    "mib_ready": [round(run.ready.resident, 1), round(run.ready.anonymous, 1)],
                    "mib_end": [round(run.end.resident, 1), round(run.end.anonymous, 1)],
                    "start": run.starting.longest(5),
                    "steady": run.steady.longest(10),
                    "late_ms": [run.steady.late_ms(share) for share in (0.5, 0.99, 0.999, 1)],
                    "core": round(run.share, 3),
                }
                for run in runs
            },
        },
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--channels", type=int, default=500)
    parser.add_argument("--in-voice", type=int, default=1_000)
    parser.add_argument("--rate", type=float, default=1_000, help="messages a second")
    parser.add_argument("--seconds", type=float, default=130, help="each job runs at least once in a minute")
    parser.add_argument("--writers", type=int, default=20_000, help="different members and channels in turn")
    asked = parser.parse_args()
    world = WorldSpec(
        channels=asked.channels,
        voice_channels=max(1, asked.in_voice // 20),
        roles=100,
        members=asked.members,
        in_voice=asked.in_voice,
        replay_limit=100_000,
    )
    load = Load(world, asked.rate, asked.seconds, asked.writers)
    report(load, asyncio.run(measure_all(load)))


if __name__ == "__main__":
    main()
