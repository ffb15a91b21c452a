"""A fake Discord in a process of its own: the first line of input is a `WorldSpec`, the others are commands.

python -m tests.support.discord_server [PORT]
"""

from __future__ import annotations

import asyncio
import sys

import msgspec

from tests.support.discord_server.commands import Started
from tests.support.discord_server.control import Control
from tests.support.discord_server.server import DiscordServer
from tests.support.discord_server.worlds import WorldSpec, build_world


def _write(line: bytes) -> None:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


async def _main(port: int) -> None:
    lines = asyncio.StreamReader(limit=1 << 20)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    spec = msgspec.json.decode(await lines.readline(), type=WorldSpec)
    async with DiscordServer(build_world(spec), port=port) as server:
        server.gateway.behaviour.heartbeat_interval = spec.heartbeat_interval
        server.gateway.behaviour.replay_limit = spec.replay_limit
        _write(msgspec.json.encode(Started(server.base_url)) + b"\n")
        await Control(server).serve(lines, _write)


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]) if sys.argv[1:] else 0))
