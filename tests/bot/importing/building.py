"""Small files of both formats, as the tests need them."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

from bot.importing.reader import BATCH_ROWS, read_rows
from bot.importing.rows import START, Batch, Position, Row
from bot.importing.source import CHUNK_BYTES
from bot.importing.values import LATEST_MS

SPOKEN = "the-words-nobody-may-keep"
FIRST_ID = 1_091_115_849_500_336_229


def event(**fields: object) -> dict[str, object]:
    base = {"ts": "2019-05-01T10:00:00Z", "channel": "ubuntu", "author": "u1", "kind": "message", "len": 3}
    return base | fields


def lines(*events: dict[str, object]) -> bytes:
    return b"".join(json.dumps(item).encode() + b"\n" for item in events)


def author(user_id: str = "185504812874465280", **fields: object) -> dict[str, object]:
    base = {
        "id": user_id,
        "name": "deltawhiskey",
        "discriminator": "0000",
        "nickname": "Delta Whiskey",
        "color": "#FD7875",
        "isBot": False,
        "roles": [{"id": "893948505998106684", "name": "Crew", "color": None, "position": 9}],
        "avatarUrl": "https://cdn.example/a.png",
    }
    return base | fields


def message(number: int = 0, /, **fields: object) -> dict[str, object]:
    base: dict[str, object] = {
        "id": str(FIRST_ID + number),
        "type": "Default",
        "timestamp": "2023-03-30T16:44:50.473-05:00",
        "timestampEdited": None,
        "callEndedTimestamp": None,
        "isPinned": False,
        "content": f'{SPOKEN} {{"[ \\ ü',
        "author": author(),
        "attachments": [],
        "embeds": [],
        "stickers": [],
        "reactions": [],
        "mentions": [],
        "inlineEmojis": [],
    }
    return base | fields


def export(
    messages: Iterable[dict[str, object]], *, guild_id: str = "77", **channel: object
) -> dict[str, object]:
    listed = list(messages)
    return {
        "guild": {"id": guild_id, "name": "Guild", "iconUrl": ""},
        "channel": {
            "id": "1234",
            "type": "GuildTextChat",
            "categoryId": "55",
            "category": "Main",
            "name": "general",
            "topic": None,
        }
        | channel,
        "dateRange": {"after": "2023-01-01T00:00:00+00:00", "before": None},
        "exportedAt": "2024-10-26T10:22:32.1307262-05:00",
        "messages": listed,
        "messageCount": len(listed),
    }


def exported(messages: Iterable[dict[str, object]], *, guild_id: str = "77", **channel: object) -> bytes:
    """As the exporter writes it: indented, not escaped, line ends of Windows."""
    text = json.dumps(export(messages, guild_id=guild_id, **channel), indent=2, ensure_ascii=False)
    return text.replace("\n", "\r\n").encode()


def put(folder: Path, data: bytes, *, packed: bool = False) -> Path:
    path = folder / "some-file"
    path.write_bytes(gzip.compress(data) if packed else data)
    return path


def read(
    path: Path,
    *,
    start: Position = START,
    not_after_ms: int = LATEST_MS,
    batch_rows: int = BATCH_ROWS,
    chunk_bytes: int = CHUNK_BYTES,
) -> tuple[list[Row], list[Batch]]:
    batches = list(
        read_rows(
            path, start=start, not_after_ms=not_after_ms, batch_rows=batch_rows, chunk_bytes=chunk_bytes
        )
    )
    return [row for batch in batches for row in batch.rows], batches
