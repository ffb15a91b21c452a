"""How fast the embedded MongoDB starts, and what it takes: ``python benchmarks/embedded_mongod.py``.

``--traffic SECONDS`` is how long 1,000 upserts a transaction are written, without a pause, before a kill.
"""

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
from pymongo import MongoClient, UpdateOne

from bot.mongod.embedded import EmbeddedMongod
from bot.mongod.options import MongodOptions

DOCUMENTS = 40_000
BATCH = 1_000
BOT = """
import asyncio, sys, time
from pathlib import Path
from bot.mongod.embedded import EmbeddedMongod
asyncio.run(EmbeddedMongod(Path(sys.argv[1])).start())
print(flush=True)
time.sleep(60)
"""
MONGODB_DEFAULT = MongodOptions(checkpoint_seconds=60, journal_file_mb=100)


async def start(server: EmbeddedMongod) -> float:
    begun = time.perf_counter()
    await server.start()
    return time.perf_counter() - begun


def traffic(uri: str, seconds: float) -> list[float]:
    """Write batches in transactions; the milliseconds each took."""
    taken: list[float] = []
    end = time.perf_counter() + seconds
    with MongoClient[dict[str, Any]](uri) as client:
        numbers = client.benchmark.numbers
        while (begun := time.perf_counter()) < end:
            first = len(taken) * BATCH % DOCUMENTS
            writes = [
                UpdateOne(
                    {"_id": first + n}, {"$inc": {f"hours.{len(taken) % 24}": 1, "all": 1}}, upsert=True
                )
                for n in range(BATCH)
            ]
            with client.start_session() as session, session.start_transaction():
                numbers.bulk_write(writes, ordered=False, session=session)
            taken.append(1_000 * (time.perf_counter() - begun))
    return taken


def disk_mib(folder: Path) -> float:
    return sum(512 * file.lstat().st_blocks for file in folder.rglob("*") if not file.is_symlink()) / 2**20


async def starts(folder: Path) -> None:
    server = EmbeddedMongod(folder)
    print(f"first start       {await start(server):5.2f} s")
    process = psutil.Process(server.process.pid)
    await asyncio.sleep(2)
    before = sum(process.cpu_times()[:2])
    await asyncio.sleep(10)
    idle = sum(process.cpu_times()[:2]) - before
    print(f"resident          {process.memory_info().rss / 2**20:5.0f} MiB, idle {10 * idle:.1f} % of a core")
    print(f"on disk           {disk_mib(server.folder.root):5.0f} MiB")
    begun = time.perf_counter()
    await server.stop()
    print(f"stop              {time.perf_counter() - begun:5.2f} s")
    print(f"later start       {await start(server):5.2f} s")
    await server.kill()
    print(f"after a kill      {await start(server):5.2f} s (idle)")
    await server.stop()


async def kill_in_traffic(folder: Path, name: str, options: MongodOptions, seconds: float) -> None:
    server = EmbeddedMongod(folder, options)
    await server.start()
    taken = await asyncio.to_thread(traffic, server.uri, seconds)
    resident = psutil.Process(server.process.pid).memory_info().rss / 2**20
    await server.kill()
    again = await start(server)
    await server.stop()
    p95 = statistics.quantiles(taken, n=20)[-1]
    print(
        f"{name:17} {again:5.2f} s after {len(taken) * BATCH:,} writes; "
        f"a batch {statistics.median(taken):.0f} ms (p95 {p95:.0f}); "
        f"{resident:.0f} MiB resident, {disk_mib(server.folder.root):.0f} MiB on disk"
    )


def bot_killed(folder: Path) -> None:
    """Kill a process that runs an embedded MongoDB; the time until the next one can write."""
    taken = []
    for _ in range(6):
        begun = time.perf_counter()
        command = [sys.executable, "-c", BOT, str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as bot:
            assert bot.stdout is not None
            bot.stdout.readline()
            taken.append(time.perf_counter() - begun)
            bot.kill()
    again = statistics.median(taken[1:])
    print(f"bot killed, again {again:5.2f} s with Python's own start (worst {max(taken[1:]):.2f})")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--traffic", type=float, default=25)
    parser.add_argument("--folder", type=Path, help="where to work; else the system's temporary folder")
    arguments = parser.parse_args()
    ours = MongodOptions()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        await starts(folder / "starts")
        await asyncio.to_thread(bot_killed, folder / "bot")
        print(f"\nstart after a kill in traffic of {arguments.traffic:.0f} s:")
        for seconds in (5, 60):
            options = replace(ours, checkpoint_seconds=seconds)
            place = folder / str(seconds)
            await kill_in_traffic(place, f"checkpoint {seconds:2} s", options, arguments.traffic)
        await kill_in_traffic(folder / "default", "MongoDB's own", MONGODB_DEFAULT, arguments.traffic)


if __name__ == "__main__":
    asyncio.run(main())
