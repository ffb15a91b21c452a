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

from analytics.local_time import midnight_utc
from analytics.timeframes import PRESETS, Timeframe, describe, resolve
from benchmarks.support.measuring import conclude, percentile, show
from benchmarks.support.settings import only_errors, settings_in
from bot.clock import SystemClock
from bot.db.database import Handle
from bot.db.directory import ChannelRecord, Directory
from bot.db.imports import Imports
from bot.db.packing import Packer
from bot.db.reader import Reader
from bot.importing.importer import NOTHING
from bot.ingest.activities.levels import MembersCounted
from bot.ingest.activities.messages import MessageSent
from bot.ingest.delta import Delta, GuildDayDelta
from bot.ingest.fold import fold_into
from bot.ingest.store import Changes, FilePlace, ImportMove
from bot.opening import Writing, open_writing
from bot.views.overview import load
from bot.views.scope import Scope

GUILD = 1 << 59
MEMBERS, CHANNELS, MESSAGES, DAYS = 10_000, 200, 10_000_000, 365
DAYS_A_FOLD = 15
MEMBER_DAYS_A_COMMIT = 4_000
RUNS, REFERENCES = 30, 3
GOAL_MS = 150


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


def messages_of(random: np.random.Generator, day: int, now_hour: int, scale: float) -> Iterator[MessageSent]:
    """A day's messages until an hour number: few members and channels have most, evenings are busy."""
    number = int(random.normal(MESSAGES / DAYS, MESSAGES / DAYS / 8) * scale)
    weights = 1 / np.arange(5, MEMBERS + 5)
    members = random.choice(MEMBERS, number, p=weights / weights.sum())
    channels = np.minimum(random.zipf(1.4, number) - 1, CHANNELS - 1)
    hours = np.minimum(random.binomial(23, 0.6, number), now_hour - day * 24)
    rows = zip(members.tolist(), channels.tolist(), hours.tolist(), strict=True)
    midnight = day * 86_400_000
    for member, channel, hour in rows:
        # spread over the whole range of pseudonyms, as these are
        pseudonym = (member + 1) * 0x9E3779B97F4A7C15 % (1 << 64)
        yield MessageSent(
            GUILD, 1_000 + channel, 0, 0, pseudonym, 0, 0, midnight + hour * 3_600_000, 0, day, hour, 0
        )


def fold_days(random: np.random.Generator, days: range, now_hour: int, scale: float) -> Delta:
    """Sum of some days, with a reading of the number of members a day."""
    delta = Delta()
    for day in days:
        fold_into(delta, MembersCounted(GUILD, day * 86_400_000, 0, day, 0, MEMBERS))
        for message in messages_of(random, day, now_hour, scale):
            fold_into(delta, message)
    return delta


def parts_of(delta: Delta) -> Iterator[Delta]:
    """The same sum in parts small enough for a transaction, a member's days together."""
    yield Delta(channel_days=delta.channel_days, guild_days=delta.guild_days)
    ordered = sorted(delta.member_days.items(), key=lambda entry: entry[0][3])
    touched = {key: GuildDayDelta() for key in delta.guild_days}
    for start in range(0, len(ordered), MEMBER_DAYS_A_COMMIT):
        yield Delta(member_days=dict(ordered[start : start + MEMBER_DAYS_A_COMMIT]), guild_days=touched)


async def make_year(writing: Writing, now_hour: int, scale: float, number: int = DAYS) -> int:
    """Fold and commit a year, or so many days, that end with an hour number; returns how many messages."""
    directory = Directory(writing.opened.db)
    await directory.add_guild(GUILD, "A large server", "UTC")
    await directory.mark_discord(GUILD)
    await directory.save_channels(
        GUILD, [ChannelRecord(1_000 + n, f"channel-{n}", "TEXT") for n in range(CHANNELS)]
    )
    random = np.random.default_rng(7)
    place, total = NOTHING, 0
    import_id = await Imports(writing.opened.db).begin(GUILD, place)
    last = now_hour // 24
    days = range(last - number + 1, last + 1)
    spans = [days[start : start + DAYS_A_FOLD] for start in range(0, number, DAYS_A_FOLD)]
    folding = asyncio.create_task(asyncio.to_thread(fold_days, random, spans[0], now_hour, scale))
    for following in [*spans[1:], range(0)]:
        delta = await folding
        folding = asyncio.create_task(asyncio.to_thread(fold_days, random, following, now_hour, scale))
        for part in parts_of(delta):
            after = FilePlace(place.index + 1, place.offset + 1, b"")
            await writing.store.commit(Changes(part, {}, ImportMove(import_id, place, after)))
            place = after
        total += sum(day.messages for day in delta.channel_days.values())
    await folding
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


async def most_documents(db: Handle, timeframe: Timeframe, now_ms: int) -> int:
    """The written formula: documents that an overview reads at most, with only the running day not packed.

    A guild day, a channel pack and a member pack for each day of the period and of the one before; the
    channels' and members' documents of the running day; all channels' names; and a dozen for the server
    itself.
    """
    zones = await Reader(db).zones(GUILD)
    counted = await Reader(db).counted_days(GUILD)
    period = resolve(timeframe, now_ms, zones, counted.start)
    spans = [*period.ranges(zones), *period.previous_ranges(zones)]
    days = sum(len(range(max(span.days.start, counted.start), span.days.stop)) for span in spans)
    today = await db.memberDays.count_documents({"guildId": str(GUILD), "day": midnight_utc(counted[-1])})
    return 3 * days + CHANNELS + today + CHANNELS + 12


async def measure(db: Handle, timeframe: Timeframe, now_ms: int, documents: Documents) -> dict[str, Any]:
    """Times of the overview and of the reference, in turn, and the documents that each overview reads."""
    times: list[float] = []
    aggregated: list[float] = []
    reader, scope = Reader(db), Scope(GUILD, timeframe, now_ms)
    result = await load(reader, scope)
    most = await most_documents(db, timeframe, now_ms)
    for _ in range(REFERENCES):
        documents.read = 0
        for _ in range(RUNS // REFERENCES):
            began = time.perf_counter()
            result = await load(reader, scope)
            times.append((time.perf_counter() - began) * 1000)
        read = documents.read // (RUNS // REFERENCES)
        began = time.perf_counter()
        messages, members = await reference(db, timeframe, now_ms)
        aggregated.append((time.perf_counter() - began) * 1000)
    if str(timeframe) != "24h" and (messages, members) != (result.messages, result.writers):
        raise AssertionError(f"{result.messages}, {result.writers} is not {messages}, {members}")
    if read > most:
        raise AssertionError(f"{timeframe}: {read} documents read, the formula says {most}")
    return {
        "timeframe": describe(timeframe),
        "messages": result.messages,
        "active": result.writers,
        "p50_ms": round(percentile(times, 0.5), 1),
        "p95_ms": round(percentile(times, 0.95), 1),
        "documents": read,
        "most_documents": most,
        "aggregation_ms": round(percentile(aggregated, 0.5), 1),
    }


async def run(scale: float) -> None:
    """Make the year, measure every preset."""
    documents = Documents()
    monitoring.register(documents)
    now_ms = SystemClock().now_ms()
    with tempfile.TemporaryDirectory() as folder:
        async with open_writing(settings_in(Path(folder))) as writing:
            began = time.perf_counter()
            total = await make_year(writing, now_ms // 3_600_000, scale)
            committed = time.perf_counter()
            await Packer(writing.opened.db).pack_all(now_ms)
            packed = time.perf_counter()
            print(
                f"{total:,} messages: folded and committed in {committed - began:,.0f} s, "
                f"{DAYS} days packed in {packed - committed:,.0f} s"
            )
            rows = [
                await measure(writing.opened.db, timeframe, now_ms, documents) for timeframe, _ in PRESETS
            ]
    show(
        "Overview of a generated year",
        ("timeframe", "messages", "active", "p50 ms", "p95 ms", "documents", "at most", "aggregation ms"),
        (
            (
                row["timeframe"],
                f"{row['messages']:,}",
                f"{row['active']:,}",
                f"{row['p50_ms']:.0f}",
                f"{row['p95_ms']:.0f}",
                f"{row['documents']:,}",
                f"{row['most_documents']:,}",
                f"{row['aggregation_ms']:,.0f}",
            )
            for row in rows
        ),
    )
    year = next(row["p95_ms"] for row in rows if row["timeframe"] == "1 year")
    print(f"goal: p95 of a year at most {GOAL_MS} ms: {'met' if year <= GOAL_MS else 'missed'}")
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
