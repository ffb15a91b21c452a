"""When something was so for each of thousands of members, out of index entries alone."""

import asyncio
from collections.abc import Mapping
from typing import Any

import bson

from bot.db.database import Handle
from bot.db.instants import optional_milliseconds
from bot.db.keys import pseudonym_number
from bot.db.valid_packs import BATCH

_CODEC: bson.CodecOptions[dict[str, Any]] = bson.CodecOptions(tz_aware=True)


async def read_member_times(
    db: Handle, collection: str, which: Mapping[str, Any], field: str
) -> dict[int, int]:
    """A date field (in ms since 1970 UTC) by pseudonym; the driver itself would decode it in the loop."""
    found = db[collection].find_raw_batches(which, {"_id": 0, "userId": 1, field: 1}, batch_size=BATCH)
    batches = [bytes(batch) async for batch in found]
    return await asyncio.to_thread(_times, batches, field)


def _times(batches: list[bytes], field: str) -> dict[int, int]:
    return {
        pseudonym_number(stored["userId"]): optional_milliseconds(stored[field])
        for batch in batches
        for stored in bson.decode_all(batch, _CODEC)
    }
