"""Comparing the list of 100,000 members with what is stored: `python benchmarks/member_list.py`.

The real bot on a real MongoDB, connected over a real socket to a fake Discord in a process of its own. The
first comparison writes all members down; then the session breaks, and a second one finds nothing new. Told
are how long each takes, the pauses of the event loop meanwhile, and the memory. The reference, in the same
run, is a bot on discord.py as it comes, which has the gateway send all members and keeps them.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.support.clients import Client, Database, client, connected, serverstats
from benchmarks.support.measuring import conclude, show
from benchmarks.support.probe import Reading
from tests.support.discord_server import commands
from tests.support.discord_server.process import ServerProcess
from tests.support.discord_server.worlds import WorldSpec
from tests.support.mongod import embedded_mongod

GOAL_PAUSE_MS, GOAL_SECONDS = 20.0, 5.0
SETTLE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Part:
    """How long something took, how late the loop came, and what the process held then, in MiB."""

    name: str
    seconds: float
    reading: Reading
    mib: float


async def compared(counts: Database, since: datetime) -> None:
    """Wait until a comparison that began after an instant is in the database."""
    async with counts.opened() as db:
        while not await db.memberRosters.count_documents({"comparedAt": {"$gte": since}}):
            await asyncio.sleep(0.05)


async def part(name: str, running: Client, counts: Database, server: ServerProcess, *, anew: bool) -> Part:
    since = datetime.now(UTC)
    if anew:
        before = (await server.stats()).identifies
        await server.do(commands.Connection("invalidate"))
        while (await server.stats()).identifies == before:  # discord.py waits for some seconds
            await asyncio.sleep(0.05)
    began = time.perf_counter()
    await running.alive(compared(counts, since))
    seconds = time.perf_counter() - began
    return Part(name, seconds, await running.read(), running.memory.anonymous)


async def measure(members: int) -> list[Part]:
    world = WorldSpec(channels=50, roles=100, members=members)
    parts = []
    with tempfile.TemporaryDirectory(prefix="serverstats-") as name:
        folder = Path(name)
        with embedded_mongod(folder) as mongod:
            counts = Database(mongod.uri, "member_list")
            async with ServerProcess(world) as server, serverstats(folder, server, counts) as running:
                await running.alive(connected(server))
                parts.append(await part("first, all are written", running, counts, server, anew=False))
                for number in range(2):
                    await running.alive(asyncio.sleep(SETTLE_SECONDS))
                    await running.read()
                    again = f"again, nobody is new ({number + 1})"
                    parts.append(await part(again, running, counts, server, anew=True))
        async with (
            ServerProcess(world) as server,
            client(folder, "idle_client.py", server.base_url, "all", more={}) as running,
        ):
            await running.alive(connected(server))
            await running.alive(asyncio.sleep(SETTLE_SECONDS))
            memory = running.memory.anonymous
            parts.append(Part("discord.py loads all", SETTLE_SECONDS, await running.read(), memory))
    return parts


def report(members: int, parts: list[Part]) -> None:
    show(
        f"{members:,} members",
        ("comparison", "seconds", "late p99, ms", "longest", "of its own", "MiB in no file"),
        [
            (
                each.name,
                f"{each.seconds:.1f}",
                f"{each.reading.late_ms(0.99):.1f}",
                f"{each.reading.late_ms(1):.1f}",
                f"{each.reading.longest_own_ms:.1f}",
                f"{each.mib:.0f}",
            )
            for each in parts
        ],
    )
    again = parts[2]
    print(
        f"goal: at most {GOAL_SECONDS:g} s: {'met' if again.seconds <= GOAL_SECONDS else 'missed'}; "
        f"no pause over {GOAL_PAUSE_MS:g} ms: "
        f"{'met' if again.reading.longest_own_ms <= GOAL_PAUSE_MS else 'missed'}"
    )
    conclude(
        "member_list",
        {
            "members": members,
            "parts": {
                each.name: {
                    "seconds": round(each.seconds, 2),
                    "late_ms": [each.reading.late_ms(share) for share in (0.5, 0.99, 0.999, 1)],
                    "longest": each.reading.longest(5),
                    "mib": round(each.mib, 1),
                }
                for each in parts
            },
        },
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    asked = parser.parse_args()
    report(asked.members, asyncio.run(measure(asked.members)))


if __name__ == "__main__":
    main()
