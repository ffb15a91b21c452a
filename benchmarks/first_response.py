"""How soon a command is answered under load, the database silent: `python benchmarks/first_response.py`.

The real bot, fed over a real socket by a fake Discord in its own process, with 3,000 messages a second.
Members use one command after the other while mongod is stopped as by a debugger (SIGSTOP): connections
stand and nothing comes. Told is the time from the sending of a command until its first response is there,
as Discord sees it. The reference, in the same run, are the same commands under the same messages with the
database awake.
"""

import argparse
import asyncio
import itertools
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.support.clients import Client, Database, connected, serverstats
from benchmarks.support.measuring import conclude, percentile, show
from benchmarks.support.probe import Reading
from tests.support.discord_server import commands
from tests.support.discord_server.process import ServerProcess
from tests.support.discord_server.worlds import WorldSpec
from tests.support.mongod import replica_set

WARM_UP = 5_000
SETTLE_SECONDS = 4.0
PATIENCE_SECONDS = 90.0
GOAL_MS = 300.0
DEFERRED = 5
ASKED: tuple[tuple[list[str], dict[str, str | int | float | bool]], ...] = (
    (["serverstats", "overview"], {}),
    (["serverstats", "members"], {"category": "members/growth"}),
    (["serverstats", "activity"], {"type": "activity/hours"}),
    (["serverstats", "channels"], {}),
    (["serverstats", "trends"], {"metric": "trends/messages"}),
    (["leaderboard"], {}),
    (["me"], {}),
    (["privacy", "show"], {}),
    (["admin", "audit"], {}),
)
"""Commands that all read the database, in turn."""


@dataclass(frozen=True, slots=True)
class Phase:
    """What commands met: ms until the first response; how many of these were no deferral, or the only one."""

    name: str
    first: list[float]
    others: int
    unfinished: int
    reading: Reading

    def ms(self, share: float) -> float:
        return percentile(self.first, share)


@dataclass(frozen=True, slots=True)
class Asking:
    """Commands, one after the other, at a steady rate."""

    server: ServerProcess
    guilds: int
    number: int
    every: float

    async def phase(self, name: str, running: Client) -> Phase:
        """Ask, and wait for all answers."""
        await running.read()
        asked = []
        for turn, (path, options) in zip(range(self.number), itertools.cycle(ASKED), strict=False):
            slash = commands.Slash(
                path, guild=f"guild-{turn % self.guilds}", options=options, timeout=PATIENCE_SECONDS
            )
            asked.append(asyncio.create_task(self.server.call(slash, commands.SlashReply)))
            await asyncio.sleep(self.every)
        answers = await asyncio.gather(*asked, return_exceptions=True)
        told = [answer for answer in answers if isinstance(answer, commands.SlashReply)]
        failed = [answer for answer in answers if isinstance(answer, BaseException)]
        for error in failed[:3]:
            print(f"{name}: {error}")
        return Phase(
            name,
            [answer.first_response * 1000 for answer in told],
            sum(answer.callback_type != DEFERRED for answer in told),
            len(failed),
            await running.read(),
        )


@asynccontextmanager
async def silent(pid: int) -> AsyncIterator[None]:
    """Stop a process meanwhile."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def measure(folder: Path, asked: argparse.Namespace) -> list[Phase]:
    world = WorldSpec(guilds=asked.guilds, channels=20, members=200, replay_limit=500_000)
    with replica_set(folder / "database", nodes=1) as nodes:
        pid = nodes.nodes[0].process.pid
        assert pid is not None
        database = Database(nodes.uri, "first_response")
        async with ServerProcess(world) as server, serverstats(folder, server, database) as running:
            await running.alive(connected(server))
            await asyncio.sleep(SETTLE_SECONDS)
            await server.flood(WARM_UP, rate=asked.rate, keep=False)
            await running.alive(database.counted(WARM_UP))
            await running.alive(database.settled())
            asking = Asking(server, asked.guilds, asked.commands, asked.every)
            flood = asyncio.create_task(server.flood(1 << 40, rate=asked.rate, keep=False))
            try:
                awake = await asking.phase("database awake", running)
                async with silent(pid):
                    asleep = await asking.phase("database silent", running)
            finally:
                await server.do(commands.StopFloods())
            sent = await flood
            print(f"{sent.messages:,} messages at {sent.messages / sent.seconds:,.0f} a second meanwhile")
            return [awake, asleep]


def report(asked: argparse.Namespace, phases: list[Phase]) -> None:
    show(
        f"First responses to {asked.commands} commands, {asked.rate:,.0f} messages a second",
        ("", "p50 ms", "p99 ms", "longest ms", "at once", "no answer", "loop late p99 ms", "longest"),
        [
            (
                phase.name,
                *(f"{phase.ms(share):.0f}" for share in (0.5, 0.99, 1)),
                f"{phase.others}",
                f"{phase.unfinished}",
                *(f"{phase.reading.late_ms(share):.1f}" for share in (0.99, 1)),
            )
            for phase in phases
        ],
    )
    met = all(phase.ms(0.99) <= GOAL_MS and not phase.unfinished for phase in phases)
    print(f"goal: p99 at most {GOAL_MS:g} ms and an answer to each: {'met' if met else 'missed'}")
    conclude(
        "first_response",
        {
            "rate": asked.rate,
            "commands": asked.commands,
            "phases": {
                phase.name: {
                    "ms": [round(phase.ms(share), 1) for share in (0.5, 0.99, 1)],
                    "unfinished": phase.unfinished,
                    "late_ms": [phase.reading.late_ms(share) for share in (0.99, 1)],
                    "pauses": phase.reading.longest(5),
                }
                for phase in phases
            },
        },
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=3_000, help="messages a second")
    parser.add_argument("--commands", type=int, default=300, help="in each phase")
    parser.add_argument("--every", type=float, default=0.1, help="seconds from one command to the next")
    parser.add_argument("--guilds", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="serverstats-") as folder:
        report(asked, asyncio.run(measure(Path(folder), asked)))


if __name__ == "__main__":
    main()
