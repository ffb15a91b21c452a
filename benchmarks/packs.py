"""Rankings and distinct authors over a year of 10,000 active members, from packs and from the members' days.

`python benchmarks/packs.py [--scale 0.1]`. The year is that of `overview.py`. The reference, in the same run,
ranks and counts with aggregations over `memberDays`.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pymongo import monitoring

from analytics.local_time import HourRange, midnight_utc
from analytics.member_activity import member_activity, values_of
from analytics.packs import distinct
from benchmarks.overview import DAYS, GUILD, Documents, make_year
from benchmarks.support.measuring import conclude, median_ratio, percentile, show
from benchmarks.support.settings import only_errors, settings_in
from bot.clock import SystemClock
from bot.db.database import Handle
from bot.db.distinct import count_distinct
from bot.db.packing import Packer
from bot.db.reader import Reader
from bot.db.scores import score_members
from bot.opening import open_writing

RUNS, REFERENCES, TOP = 20, 3, 10
Figures = tuple[list[tuple[int, int]], int]
"""The first members with their messages, and how many wrote."""


async def from_packs(db: Handle, days: range) -> Figures:
    """Read the packs, and rank in a thread, as the bot does."""
    found = await Reader(db).member_spans(GUILD, (HourRange(0, days.start * 24, days.stop * 24),))

    def ranked() -> Figures:
        wrote_most = values_of(member_activity(found), "messages")
        top = sorted(wrote_most.items(), key=lambda row: (-row[1], row[0]))[:TOP]
        wrote = distinct([span.members[span.wrote != 0] for span in found])
        return [(member, int(messages)) for member, messages in top], wrote

    return await asyncio.to_thread(ranked)


async def from_days(db: Handle) -> Figures:
    """Rank and count inside the database."""
    by_member = [
        {"$match": {"guildId": str(GUILD), "messages": {"$gt": 0}}},
        {"$group": {"_id": "$userId", "n": {"$sum": "$messages"}}},
    ]
    top = db.memberDays.aggregate([*by_member, {"$sort": {"n": -1, "_id": 1}}, {"$limit": TOP}])
    count = db.memberDays.aggregate([*by_member, {"$count": "n"}])
    first = [(int(row["_id"], 16), row["n"]) async for row in top]
    return first, sum([row["n"] async for row in count])


async def timed(work: Callable[[], Awaitable[Any]]) -> tuple[float, Any]:
    """How long it takes, in ms, and what comes of it."""
    began = time.perf_counter()
    found = await work()
    return (time.perf_counter() - began) * 1000, found


async def measure(db: Handle, today: int, documents: Documents) -> dict[str, Any]:
    """Times of both ways, in turn; both have to say the same."""
    days = range(today - DAYS + 1, today + 1)
    packs: list[float] = []
    slices: list[float] = []
    for _ in range(REFERENCES):
        documents.read = 0
        for _ in range(RUNS):
            took, ours = await timed(lambda: from_packs(db, days))
            packs.append(took)
        read = documents.read // RUNS
        took, theirs = await timed(lambda: from_days(db))
        slices.append(took)
        if ours != theirs:
            raise AssertionError(f"{ours} is not {theirs}")
    running = await db.memberDays.count_documents(
        {"guildId": str(GUILD), "day": {"$gte": midnight_utc(today)}}
    )
    most = 2 * DAYS + running
    if read > most:
        raise AssertionError(f"{read} documents read, the formula says {most}")
    score, _ = await timed(lambda: score_members(db, GUILD, today))
    unique, _ = await timed(lambda: count_distinct(db, GUILD))
    return {
        "packs_p50_ms": round(percentile(packs, 0.5), 1),
        "packs_p95_ms": round(percentile(packs, 0.95), 1),
        "days_p50_ms": round(percentile(slices, 0.5), 1),
        "ratio": round(median_ratio([percentile(packs, 0.5)] * len(slices), slices), 4),
        "documents": read,
        "most_documents": most,
        "scores_ms": round(score),
        "distinct_counts_ms": round(unique),
        "authors": ours[1],
    }


async def run(scale: float) -> None:
    """Make the year and measure."""
    documents = Documents()
    monitoring.register(documents)
    now_ms = SystemClock().now_ms()
    with tempfile.TemporaryDirectory() as folder:
        async with open_writing(settings_in(Path(folder))) as writing:
            db = writing.opened.db
            total = await make_year(writing, now_ms // 3_600_000, scale)
            packing, _ = await timed(lambda: Packer(db).pack_all(now_ms))
            row = await measure(db, now_ms // 86_400_000, documents)
    show(
        f"The first {TOP} members and the authors of a year: {row['authors']:,} members, {total:,} messages",
        ("way", "p50 ms", "p95 ms", "documents"),
        (
            ("packs", f"{row['packs_p50_ms']:.0f}", f"{row['packs_p95_ms']:.0f}", f"{row['documents']:,}"),
            ("aggregation over memberDays", f"{row['days_p50_ms']:,.0f}", "", ""),
        ),
    )
    print(
        f"packs take {row['ratio']:.3f} of the aggregation; {DAYS} days packed in {packing / 1000:,.0f} s; "
        f"scores of all members {row['scores_ms']:,} ms, distinct counts {row['distinct_counts_ms']:,} ms"
    )
    conclude("packs", {"scale": scale, "messages": total, **row})


def main() -> None:
    """Read the options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the 10 million messages")
    asked = parser.parse_args()
    only_errors()
    asyncio.run(run(asked.scale))


if __name__ == "__main__":
    main()
