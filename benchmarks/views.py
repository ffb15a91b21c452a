"""Query time of every view on a year: 10,000 active members, 200 channels, 10 million messages.

`python benchmarks/views.py [--scale 0.1] [--days 100] [--only members/]`. The year is that of
`overview.py`, with voice, reactions, joins and threads besides. What is timed is what a command waits for
before it draws: reading, computing and the board. The reference, in the same run, is the simplest question
of all, the messages and authors of the period, as aggregations over the day documents. Each view is held
against the bound on documents that docs/performance.md states for it.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pymongo import monitoring

from analytics.timeframes import Recent, Timeframe
from benchmarks.overview import CHANNELS, DAYS, GOAL_MS, GUILD, Documents, make_year, reference
from benchmarks.support.measuring import conclude, percentile, show
from benchmarks.support.pauses import pauses
from benchmarks.support.rich_year import enrich, pseudonym_of
from benchmarks.support.settings import only_errors, settings_in
from bot.clock import SystemClock
from bot.db.database import Handle
from bot.db.packing import Packer
from bot.db.reader import Reader
from bot.opening import open_writing
from bot.tuning import favour_the_loop, spare_what_stays
from bot.views.registry import VIEWS
from bot.views.scope import Scope
from bot.views.view import Restriction, View
from tests.support.read_bounds import bounds, sizes

MONTH, YEAR = Recent(30, "d"), Recent(365, "d")
GOAL_PAUSE_MS = 20
UNSERVED = frozenset({Restriction.ROLES, Restriction.SERVERS})
"""What the made-up year has not: roles, and another server that agrees to be compared."""
SUBJECTS = {"channel": 1_000, "me": pseudonym_of(0), "member": pseudonym_of(0)}


@dataclass(frozen=True, slots=True)
class Row:
    """A view over a timeframe: ms of each run, documents read and allowed, the loop's longest own pause."""

    kind: str
    timeframe: str
    times: list[float]
    documents: int
    most: int
    pause: float

    @property
    def p50(self) -> float:
        return percentile(self.times, 0.5)

    @property
    def p95(self) -> float:
        return percentile(self.times, 0.95)


@dataclass(frozen=True, slots=True)
class Bench:
    """What is measured with."""

    db: Handle
    now_ms: int
    documents: Documents
    runs: int

    async def measure(self, view: View, timeframe: Timeframe) -> Row:
        """Time a view, after one run that warms."""
        reader = Reader(self.db)
        scope = Scope(GUILD, timeframe, self.now_ms, SUBJECTS.get(view.kind, 0))
        view.board(await view.load(reader, scope))
        times = []
        self.documents.read = 0
        async with pauses() as found:
            for _ in range(self.runs):
                began = time.perf_counter()
                view.board(await view.load(reader, scope))
                times.append((time.perf_counter() - began) * 1000)
        read = self.documents.read // self.runs
        most = bounds()[view.kind].most(await sizes(self.db, scope))
        if read > most:
            raise AssertionError(f"{view.kind} {timeframe}: {read} documents read, the table says {most}")
        return Row(view.kind, str(timeframe), times, read, most, found.longest)

    async def aggregations(self, timeframe: Timeframe) -> float:
        """How long the reference takes, in ms."""
        times = []
        for _ in range(3):
            began = time.perf_counter()
            await reference(self.db, timeframe, self.now_ms)
            times.append((time.perf_counter() - began) * 1000)
        return percentile(times, 0.5)


async def run(asked: argparse.Namespace) -> None:
    """Make the year, measure every view."""
    documents = Documents()
    monitoring.register(documents)
    now_ms = SystemClock().now_ms()
    now_hour = now_ms // 3_600_000
    days = range(now_hour // 24 - asked.days + 1, now_hour // 24 + 1)
    with tempfile.TemporaryDirectory() as folder:
        async with open_writing(settings_in(Path(folder))) as writing:
            began = time.perf_counter()
            total = await make_year(writing, now_hour, asked.scale, asked.days)
            await enrich(writing, days, now_hour, asked.scale)
            await Packer(writing.opened.db).pack_all(now_ms)
            print(f"{total:,} messages in {asked.days} days: made in {time.perf_counter() - began:,.0f} s")
            spare_what_stays()
            bench = Bench(writing.opened.db, now_ms, documents, asked.runs)
            timeframes = [MONTH, YEAR] if asked.days > MONTH.count else [MONTH]
            aggregated = {str(each): await bench.aggregations(each) for each in timeframes}
            rows = [
                await bench.measure(view, timeframe)
                for view in VIEWS.values()
                if view.kind.startswith(asked.only) and view.compares not in UNSERVED
                for timeframe in timeframes
            ]
    report(asked, total, rows, aggregated)


def report(asked: argparse.Namespace, total: int, rows: list[Row], aggregated: dict[str, float]) -> None:
    """Print the table and the JSON line."""
    show(
        f"Every view: {total:,} messages, {CHANNELS} channels, {asked.days} days, {asked.runs} runs each",
        ("view", "timeframe", "p50 ms", "p95 ms", "documents", "at most", "pause ms", "of the reference"),
        (
            (
                row.kind,
                row.timeframe,
                f"{row.p50:.0f}",
                f"{row.p95:.0f}",
                f"{row.documents:,}",
                f"{row.most:,}",
                f"{row.pause:.0f}",
                f"{row.p50 / aggregated[row.timeframe]:.2f}",
            )
            for row in rows
        ),
    )
    for timeframe, ms in aggregated.items():
        print(f"reference over {timeframe}: {ms:,.0f} ms")
    late = [f"{row.kind} {row.timeframe}" for row in rows if row.p95 > GOAL_MS]
    paused = [f"{row.kind} {row.timeframe}" for row in rows if row.pause > GOAL_PAUSE_MS]
    print(f"goal: p95 at most {GOAL_MS} ms: {_verdict(late)}")
    print(f"goal: no pause of the loop over {GOAL_PAUSE_MS} ms: {_verdict(paused)}")
    figures: list[dict[str, Any]] = [
        {
            "view": row.kind,
            "timeframe": row.timeframe,
            "p50_ms": round(row.p50, 1),
            "p95_ms": round(row.p95, 1),
            "documents": row.documents,
            "pause_ms": round(row.pause, 1),
        }
        for row in rows
    ]
    conclude(
        "views",
        {
            "scale": asked.scale,
            "days": asked.days,
            "messages": total,
            "reference_ms": {name: round(ms) for name, ms in aggregated.items()},
            "views": figures,
        },
    )


def _verdict(missed: list[str]) -> str:
    return f"missed by {', '.join(missed)}" if missed else "met"


def main() -> None:
    """Read the options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the messages a day")
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--only", default="", help="views whose names begin so")
    only_errors()
    favour_the_loop()
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
