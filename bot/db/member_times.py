"""When something was so for each of thousands of members, out of index entries alone."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import bson
import numpy as np

from analytics.stays import PastStay
from bot.db.database import Handle
from bot.db.instants import optional_milliseconds
from bot.db.keys import pseudonym_number
from bot.db.valid_packs import BATCH

_CODEC: bson.CodecOptions[dict[str, Any]] = bson.CodecOptions(tz_aware=True)
_HEX = 16
_WHO = b"\x02userId\0" + (_HEX + 1).to_bytes(4, "little")
"""How the pseudonym begins in BSON: a string of 16 digits and a zero."""


async def read_member_times(
    db: Handle, collection: str, which: Mapping[str, Any], field: str
) -> dict[int, int]:
    """A date field (in ms since 1970 UTC) by pseudonym; decoded in a thread, not in the loop."""
    found = db[collection].find_raw_batches(which, {"_id": 0, "userId": 1, field: 1}, batch_size=BATCH)
    batches = [bytes(batch) async for batch in found]
    return await asyncio.to_thread(member_times, batches, field)


async def read_past_stays(db: Handle, collection: str, which: Mapping[str, Any]) -> list[PastStay]:
    """Stays that have ended of the members found: a document each, decoded in a thread."""
    fields = {"_id": 0, "userId": 1, "leaveHistory": 1}
    found = db[collection].find_raw_batches(which, fields, batch_size=BATCH)
    batches = [bytes(batch) async for batch in found]
    return await asyncio.to_thread(lambda: [stay for batch in batches for stay in _past_stays(batch)])


def member_times(batches: list[bytes], field: str) -> dict[int, int]:
    """Decode batches of documents that hold ``userId`` and a date."""
    found: dict[int, int] = {}
    for batch in batches:
        found |= _of_one_layout(batch, field) or _of_any_layout(batch, field)
    return found


def _of_one_layout(batch: bytes, field: str) -> dict[int, int] | None:
    """All at once, in a tenth of the time, where all documents have the same layout; None where not."""
    size = int.from_bytes(batch[:4], "little")
    date = b"\x09" + field.encode() + b"\0"
    who, at = (batch.find(name, 0, size) + len(name) for name in (_WHO, date))
    if not size or len(batch) % size or who < len(_WHO) or at < len(date):
        return None
    rows = np.frombuffer(batch, np.uint8).reshape(-1, size)
    layout = np.ones(size, np.bool_)
    layout[who : who + _HEX] = layout[at : at + 8] = False
    if (rows[:, layout] != rows[0, layout]).any():
        return None
    members = np.frombuffer(bytes.fromhex(rows[:, who : who + _HEX].tobytes().decode()), ">u8")
    times = np.frombuffer(rows[:, at : at + 8].tobytes(), "<i8")
    return dict(zip(members.tolist(), times.tolist(), strict=True))


def _past_stays(batch: bytes) -> Iterator[PastStay]:
    for stored in bson.decode_all(batch, _CODEC):
        member = pseudonym_number(stored["userId"])
        for absence in stored["leaveHistory"]:
            yield PastStay(
                member,
                optional_milliseconds(absence.get("joinedAt")),
                optional_milliseconds(absence["leftAt"]),
                optional_milliseconds(absence["rejoinedAt"]),
            )


def _of_any_layout(batch: bytes, field: str) -> dict[int, int]:
    return {
        pseudonym_number(stored["userId"]): optional_milliseconds(stored[field])
        for stored in bson.decode_all(batch, _CODEC)
    }
