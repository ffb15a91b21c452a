"""Query time of the overview on a year: 10,000 active members, 200 channels, 10 million messages.

`python benchmarks/overview.py [--scale 0.1]`. The year is made by the real fold and the real transactions.
The reference, in the same run, computes the same figures with aggregations over the day documents.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from pymongo import monitoring

from analytics.local_time import day_of_midnight, midnight_utc
from analytics.timeframes import PRESETS, Timeframe, describe, resolve
from benchmarks.support.measuring import conclude, percentile, show
from benchmarks.support.settings import only_errors, settings_in
from bot.app import Writing, open_writing
from bot.clock import SystemClock
from bot.db.database import Handle
from bot.db.directory import ChannelRecord, Directory
from bot.db.imports import Imports
from bot.db.packing import Packer
from bot.db.reader import Reader
from bot.importing.importer import NOTHING
from bot.ingest.activity import MembersCounted, MessageSent
from bot.ingest.calendars import Calendars
from bot.ingest.fold import fold
from bot.ingest.store import Changes, FilePlace, ImportMove
from bot.views.overview import load
from bot.views.scope import Scope

GUILD = 1 << 59
MEMBERS, CHANNELS, MESSAGES, DAYS = 10_000, 200, 10_000_000, 365
MEMBERS_A_COMMIT = 1_800
RUNS = 30


class Documents(monitoring.CommandListener):
    """Counts the documents that queries bring back."""

    def __init__(self) -> None:
        self.read = 0

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        """Do nothing."""

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Count a batch."""
        cursor: dict[str, Any] = event.reply.get("cursor") or {}
        self.read += len(cursor.get("firstBatch", cursor.get("nextBatch", ())))

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Do nothing."""


def day_of_messages(random: np.random.Generator, day: int, scale: float) -> Iterator[MessageSent]:
    """A day's messages, in the order of their members."""
    number = int(random.normal(MESSAGES / DAYS, MESSAGES / DAYS / 8) * scale)
    weights = 1 / np.arange(5, MEMBERS + 5) ** 0.8
    members = np.sort(random.choice(MEMBERS, number, p=weights / weights.sum()))
    channels = np.minimum(random.zipf(1.4, number) - 1, CHANNELS - 1)
    hours = random.binomial(23, 0.6, number)
    rows = zip(members.tolist(), channels.tolist(), hours.tolist(), strict=True)
    for member, channel, hour in rows:
        yield MessageSent(
            GUILD, 1_000 + channel, 0, 0, (member + 1) << 48, 0, 0, day * 86_400_000, 0, day, hour, 0
        )


async def make_year(writing: Writing, today: int, scale: float) -> int:
    """Fold and commit a year that ends yesterday; returns the number of messages."""
    directory = Directory(writing.opened.db)
    await directory.add_guild(GUILD, "A large server", "UTC")
    await directory.mark_discord(GUILD)
    await directory.save_channels(
        GUILD, [ChannelRecord(1_000 + n, f"channel-{n}", "TEXT") for n in range(CHANNELS)]
    )
    random = np.random.default_rng(7)
    place, total = NOTHING, 0
    import_id = await Imports(writing.opened.db).begin(GUILD, place)
    for day in range(today - DAYS, today):
        messages = list(day_of_messages(random, day, scale))
        total += len(messages)
        starts = sorted({message.member for message in messages})[::MEMBERS_A_COMMIT]
        for low, high in zip(starts, [*starts[1:], 1 << 64], strict=True):
            delta = fold(message for message in messages if low <= message.member < high)
            after = FilePlace(place.index + 1, place.offset + 1, b"")
            await writing.store.commit(Changes(delta, {}, ImportMove(import_id, place, after)))
            place = after
        gauge = fold([MembersCounted(GUILD, day * 86_400_000, 0, day, 0, MEMBERS)])
        after = FilePlace(place.index + 1, place.offset + 1, b"")
        await writing.store.commit(Changes(gauge, {}, ImportMove(import_id, place, after)))
        place = after
    await Packer(writing.opened.db).pack_all(SystemClock().now_ms())
    return total


async def reference(db: Handle, timeframe: Timeframe, now_ms: int) -> tuple[int, int]:
    """Messages and active members by aggregation over the day documents, whole days."""
    zones = await Reader(db).zones(GUILD)
    counted = await Reader(db).counted_days(GUILD)
    period = resolve(timeframe, now_ms, zones, counted.start)
    match = {
        "guildId": str(GUILD),
        "zone": 0,
        "day": {"$gte": midnight_utc(period.start // 24), "$lt": midnight_utc(-(-period.stop // 24))},
    }
    sums = db.channelDays.aggregate(
        [{"$match": match}, {"$group": {"_id": None, "n": {"$sum": "$messages"}}}]
    )
    members = db.memberDays.aggregate([{"$match": match}, {"$group": {"_id": "$userId"}}, {"$count": "n"}])
    totals = [row["n"] async for row in sums]
    distinct = [row["n"] async for row in members]
    return sum(totals), sum(distinct)


async def measure(db: Handle, timeframe: Timeframe, now_ms: int, documents: Documents) -> dict[str, Any]:
    """Times of the overview and of the reference, and the documents that each overview reads."""
    times = []
    documents.read = 0
    for _ in range(RUNS):
        began = time.perf_counter()
        result = await load(Reader(db), Scope(GUILD, timeframe, now_ms))
        times.append((time.perf_counter() - began) * 1000)
    read = documents.read // RUNS
    began = time.perf_counter()
    messages, members = await reference(db, timeframe, now_ms)
    aggregated = (time.perf_counter() - began) * 1000
    if str(timeframe) != "24h" and (messages, members) != (result.messages, result.active_members):
        raise AssertionError(
            f"{timeframe}: {result.messages}, {result.active_members} is not {messages}, {members}"
        )
    return {
        "timeframe": describe(timeframe),
        "messages": result.messages,
        "active": result.active_members,
        "p50_ms": percentile(times, 0.5),
        "p95_ms": percentile(times, 0.95),
        "documents": read,
        "aggregation_ms": aggregated,
    }


async def run(scale: float) -> None:
    """Make the year, measure every preset."""
    documents = Documents()
    monitoring.register(documents)
    with tempfile.TemporaryDirectory() as folder:
        async with open_writing(settings_in(Path(folder))) as writing:
            now_ms = SystemClock().now_ms()
            zone = settings_in(Path(folder)).default_time_zone
            today = Calendars(zone).label(GUILD, now_ms).day
            began = time.perf_counter()
            total = await make_year(writing, today, scale)
            print(f"{total:,} messages folded and committed in {time.perf_counter() - began:,.0f} s")
            db = writing.opened.db
            first = await db.guildDays.find_one({}, sort=[("day", 1)])
            print(f"first day {day_of_midnight(first['day']) - today:+d}" if first else "nothing counted")
            rows = [await measure(db, timeframe, now_ms, documents) for timeframe, _ in PRESETS]
    show(
        "Overview of a generated year",
        ("timeframe", "messages", "active", "p50 ms", "p95 ms", "documents", "aggregation ms", "p50 ratio"),
        (
            (
                row["timeframe"],
                f"{row['messages']:,}",
                f"{row['active']:,}",
                f"{row['p50_ms']:.0f}",
                f"{row['p95_ms']:.0f}",
                f"{row['documents']:,}",
                f"{row['aggregation_ms']:,.0f}",
                f"{row['p50_ms'] / row['aggregation_ms']:.3f}",
            )
            for row in rows
        ),
    )
    conclude("overview", {"scale": scale, "messages": total, "views": rows})


def main() -> None:
    """Read the options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the 10 million messages")
    asked = parser.parse_args()
    only_errors()
    asyncio.run(run(asked.scale))


if __name__ == "__main__":
    main()
