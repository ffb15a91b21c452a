"""How long things take to start: `python benchmarks/startup.py [--runs 5]`.

The command line's help against a bare interpreter; `serverstats run` on a fake Discord, with the embedded
database, until Discord has sent the servers and until the first messages are in the database, with a new data
folder and with one that was there before; the demo from its start to its address.
"""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.support.measuring import Spread, conclude, show
from bot.db.database import connect
from bot.mongod.running import running_uri
from tests.support.discord_server.process import ServerProcess
from tests.support.discord_server.worlds import WorldSpec

ENTRY = "import bot.cli; bot.cli.main()"
PROCESS = Path(__file__).parent / "support" / "serverstats_process.py"
POLL = 0.02
MESSAGES = 50


def timed(*arguments: str) -> float:
    """Seconds that a command takes."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


async def run_until_counted(folder: Path) -> tuple[float, float]:
    """Seconds until `serverstats run` is connected, and until messages sent then are in the database."""
    world = WorldSpec(guilds=5, channels=20, members=100)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SERVERSTATS_")}
    environment |= {"DISCORD_TOKEN": world.token, "SERVERSTATS_DATA_DIR": str(folder)}
    environment.pop("MONGODB_URI", None)
    async with ServerProcess(world) as server:
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(PROCESS), server.base_url, "run"),
            env=environment | {"SERVERSTATS_LOG_LEVEL": "error"},
        )
        try:
            while not any(session.connected for session in (await server.stats()).sessions):
                await asyncio.sleep(POLL)
            connected = time.perf_counter() - began
            sent = await server.flood(MESSAGES)
            await _counted(folder, sent.last_id)
            return connected, time.perf_counter() - began
        finally:
            process.terminate()
            await process.wait()


async def _counted(folder: Path, last_id: int) -> None:
    uri = running_uri(folder)
    assert uri is not None
    driver = connect(uri)
    coverage = driver["serverstats"]["coverage"]
    newest = 0
    while newest < last_id:
        await asyncio.sleep(POLL)
        recents = [stored["recent"] async for stored in coverage.find({}, {"recent": 1})]
        newest = max((int.from_bytes(recent[-8:], "little") for recent in recents), default=0)
    driver.close()


def demo() -> float:
    """Seconds until the demo prints its address; ends it then."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", ENTRY, "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        for line in process.stdout or ():
            if "http://127.0.0.1" in line:
                return time.perf_counter() - began
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()
    raise AssertionError("the demo ended without an address")


def main() -> None:
    """Measure in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    os.chdir(Path(__file__).resolve().parents[1])
    figures: dict[str, list[float]] = {}
    for _ in range(runs):
        figures.setdefault("python -c pass", []).append(timed("-c", "pass"))
        figures.setdefault("serverstats --help", []).append(timed("-c", ENTRY, "--help"))
        with tempfile.TemporaryDirectory() as folder:
            for when in ("first", "later"):
                connected, counted = asyncio.run(run_until_counted(Path(folder) / "data"))
                figures.setdefault(f"run, {when} start: connected", []).append(connected)
                figures.setdefault(f"run, {when} start: counted", []).append(counted)
        figures.setdefault("serverstats demo", []).append(demo())
    rows = [(name, Spread.of(values).text(2)) for name, values in figures.items()]
    show("Start-up", ("", "seconds"), rows)
    conclude("startup", {name: round(Spread.of(values).median, 3) for name, values in figures.items()})


if __name__ == "__main__":
    main()
