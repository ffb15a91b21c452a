"""`serverstats history` as a user runs it, on a real mongod."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from analytics.packs import ids_to_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from bot.db.database import Handle

MARCH, APRIL = (1_740_787_200_000 - 1_420_070_400_000) << 22, (1_743_465_600_000 - 1_420_070_400_000) << 22


def run(uri: str, database: str, folder: Path, *arguments: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SERVERSTATS_")}
    ours = {"MONGODB_URI": uri, "SERVERSTATS_DATABASE": database, "SERVERSTATS_DATA_DIR": str(folder)}
    done = subprocess.run(  # noqa: S603 - our own command line
        [sys.executable, "-c", "import bot.cli; bot.cli.main()", "history", *arguments],
        env={**kept, **ours, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


async def test_it_lists_what_is_not_counted(
    mongodb_uri: str, database_name: str, db: Handle, tmp_path: Path
) -> None:
    assert "Everything is counted." in run(mongodb_uri, database_name, tmp_path)
    spans = [
        {"after": 0, "before": APRIL, "counted": ids_to_bytes([])},
        {"after": APRIL, "before": APRIL + 9, "counted": ids_to_bytes([])},
    ]
    for guild, channel, uncounted in ((7, MARCH, spans), (7, MARCH + 1, []), (8, MARCH + 2, spans[:1])):
        await db.coverage.insert_one(
            {
                "_id": f"{guild}:{channel}",
                "guildId": str(guild),
                "channelId": str(channel),
                "session": 1,
                "floor": 1,
                "recent": ids_to_bytes([]),
                "uncounted": uncounted,
            }
        )
    shown = run(mongodb_uri, database_name, tmp_path, "--guild", "7")
    row = next(line for line in shown.splitlines() if str(MARCH) in line)
    assert row.split() == ["7", str(MARCH), "2", "2025-03-01", "00:00", "2025-04-01", "00:00"]
    assert "Ranges not counted yet: 2, in channels and threads: 1." in shown
    assert "Ranges not counted yet: 3, in channels and threads: 2." in run(
        mongodb_uri, database_name, tmp_path
    )
