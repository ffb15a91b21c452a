"""How fast Discord's history is read back: ``python benchmarks/history.py``.

The real bot against a fake Discord with Discord's limits: five calls in five seconds a channel, fifty a
second in all. The reference is what these limits allow in the same time; a 429 counts as refused.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.db.database import connect, database  # noqa: E402 - found once the root is
from tests.support.census import counted  # noqa: E402 - found once the root is
from tests.support.discord_server import commands  # noqa: E402 - found once the root is
from tests.support.discord_server.process import ServerProcess  # noqa: E402 - found once the root is
from tests.support.discord_server.worlds import WorldSpec, build_world  # noqa: E402 - found once the root is
from tests.support.mongod import embedded_mongod  # noqa: E402 - found once the root is

PAGE = 100
CHANNEL_LIMIT, CHANNEL_SECONDS, GLOBAL_LIMIT = 5, 5.0, 50
PAGES = r"/channels/\d+/messages"
GOAL, GOAL_REFUSED = 0.8, 0.01


@asynccontextmanager
async def bot(server: ServerProcess, uri: str, name: str, folder: Path) -> AsyncIterator[None]:
    """Run the real command, and end it as a service manager would."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SERVERSTATS_")}
    ours = {
        "PYTHONPATH": str(ROOT),
        "DISCORD_TOKEN": "fake-token",
        "MONGODB_URI": uri,
        "SERVERSTATS_DATABASE": name,
        "SERVERSTATS_DATA_DIR": str(folder / name),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.discord_server.pointed", server.base_url),
        *("tests.support.bot_child", '{"command": ["run"]}'),
        cwd=folder,
        env={**kept, **ours},
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdin is not None
    process.stdin.write(b"go\n")
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


async def read_back(uri: str, folder: Path, channels: int, seconds: float) -> dict[str, float]:
    """Let the bot read a server's history for some seconds."""
    pages_needed = int(min(channels, GLOBAL_LIMIT) * seconds * 1.3 / channels) + 2 * CHANNEL_LIMIT
    name = f"history_{channels}"
    spec = WorldSpec(guilds=1, channels=channels, voice_channels=0, members=300)
    guild = next(iter(build_world(spec).guilds))  # its id is always the same
    driver = connect(uri)
    async with ServerProcess(spec) as server:
        await server.flood(channels * pages_needed * PAGE, variety=channels * 20)
        per_channel = commands.Limit(CHANNEL_LIMIT, CHANNEL_SECONDS, PAGES, "GET")
        await server.do(per_channel)
        await server.do(commands.Limit(GLOBAL_LIMIT, 1.0, ".*", None, is_global=True))
        async with bot(server, uri, name, folder):
            idle = await server.stats()
            while (begin := await server.stats()).requests < idle.requests + 10:
                await asyncio.sleep(0.05)
            started = time.perf_counter()
            await asyncio.sleep(seconds)
            end, taken = await server.stats(), time.perf_counter() - started
            done = await counted(database(driver, name), guild)
    driver.close()
    asked = end.requests - begin.requests - end.refused
    allowed = min(channels * CHANNEL_LIMIT / CHANNEL_SECONDS, GLOBAL_LIMIT) * taken
    return {
        "channels": channels,
        "calls_per_second": round(asked / taken, 1),
        "share_of_allowed": round(asked / allowed, 3),
        "refused_share": round(end.refused / max(1, end.requests), 4),
        "messages_per_second": round(done / taken),
    }


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument("--channels", type=int, nargs="+", default=[5, 30, 100])
    arguments = parser.parse_args()
    print("channels  calls/s  of what is allowed  refused  messages/s")
    figures = []
    with tempfile.TemporaryDirectory() as name, embedded_mongod(Path(name) / "mongod") as mongod:
        for channels in arguments.channels:
            found = await read_back(mongod.uri, Path(name), channels, arguments.seconds)
            figures.append(found)
            print(
                f"{channels:8}  {found['calls_per_second']:7}  {found['share_of_allowed']:18.0%}"
                f"  {found['refused_share']:7.2%}  {found['messages_per_second']:10,}"
            )
    met = all(each["share_of_allowed"] >= GOAL and each["refused_share"] < GOAL_REFUSED for each in figures)
    print(json.dumps({"benchmark": "history", "goal": [GOAL, GOAL_REFUSED], "met": met, "runs": figures}))


if __name__ == "__main__":
    asyncio.run(main())
