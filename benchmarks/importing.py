"""Speed and memory of an import: `python benchmarks/importing.py [FILE] [--rows 250000] [--runs 3]`.

The reference reads the same file with the standard library and counts into dictionaries, in memory alone.
Each run is a process of its own with a database of its own; CPU time and peak memory are those of that
process, the database's are told apart.
"""

import argparse
import asyncio
import gzip
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil

from benchmarks.support.measuring import Spread, conclude, median_ratio, show
from benchmarks.support.settings import only_errors, settings_in
from bot.app import make_importer
from bot.importing.importer import NewGuild
from bot.opening import open_writing

GUILD = 77


def write_log(path: Path, rows: int) -> None:
    """A log like that of a large channel: 5 channels, 20,000 authors of whom few write most, 300 days."""
    chance = random.Random(7)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for number in range(rows):
            at = 1_700_000_000 + number * 300 * 86_400 // rows
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
            author = f"u{int(chance.paretovariate(0.6)) % 20_000:05d}"
            row = {
                "ts": stamp,
                "channel": f"c{chance.randrange(5)}",
                "author": author,
                "kind": "message",
                "len": 40,
            }
            file.write(json.dumps(row) + "\n")


def count_naively(path: Path) -> int:
    """Messages by channel, by day and by author, as one would write it in five lines."""
    channels: Counter[str] = Counter()
    days: Counter[str] = Counter()
    authors: Counter[str] = Counter()
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        for line in file:
            row = json.loads(line)
            if row["kind"] == "message":
                channels[row["channel"]] += 1
                days[row["ts"][:10]] += 1
                authors[row["author"]] += 1
    return channels.total()


async def import_once(path: Path) -> dict[str, float]:
    """Import into a fresh database; wall and CPU seconds of the import alone, peak memory of the process."""
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_in(Path(folder))
        async with open_writing(settings) as writing:
            importer = await make_importer(settings, writing, GUILD)
            mongod = next(p for p in psutil.process_iter(["name", "cmdline"]) if _is_ours(p, folder))
            before, mongod_before = time.process_time(), sum(mongod.cpu_times()[:2])
            began = time.perf_counter()
            new = NewGuild("A log", settings.default_time_zone)
            report = await importer.run(path, new, lambda _: None)
            return {
                "messages": report.messages,
                "seconds": time.perf_counter() - began,
                "cpu": time.process_time() - before,
                "mongod_cpu": sum(mongod.cpu_times()[:2]) - mongod_before,
                "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }


def _is_ours(process: psutil.Process, folder: str) -> bool:
    return process.info["name"] == "mongod" and any(folder in part for part in process.info["cmdline"] or ())


def one_run(kind: str, path: Path) -> None:
    """Print the figures of one run as JSON; called in a process of its own."""
    if kind == "import":
        print(json.dumps(asyncio.run(import_once(path))))
        return
    began, before = time.perf_counter(), time.process_time()
    messages = count_naively(path)
    figures = {
        "messages": messages,
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - before,
        "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(figures))


def measured(kind: str, path: Path) -> dict[str, float]:
    """Figures of one run in a fresh process."""
    done = subprocess.run(
        [sys.executable, __file__, str(path), "--as", kind], capture_output=True, text=True, check=True
    )
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def compare(path: Path, runs: int) -> dict[str, Any]:
    """Run both in turn and show them."""
    pairs = [(measured("import", path), measured("naive", path)) for _ in range(runs)]
    ours, naive = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    if {run["messages"] for run in ours} != {run["messages"] for run in naive}:
        raise AssertionError("the two count differently")
    rate = Spread.of(run["messages"] / run["seconds"] for run in ours)
    naive_rate = Spread.of(run["messages"] / run["seconds"] for run in naive)
    rows = [
        (
            "import into MongoDB",
            rate.text(0),
            *(Spread.of(r[k] for r in ours).text() for k in ("cpu", "mongod_cpu", "mib")),
        ),
        (
            "standard library, in memory",
            naive_rate.text(0),
            Spread.of(r["cpu"] for r in naive).text(),
            "-",
            Spread.of(r["mib"] for r in naive).text(),
        ),
    ]
    show(
        f"Import of {ours[0]['messages']:,.0f} messages",
        ("", "messages/s", "CPU s", "mongod CPU s", "peak MiB"),
        rows,
    )
    ratio = median_ratio([r["seconds"] for r in ours], [r["seconds"] for r in naive])
    print(f"wall time, import : naive count = {ratio:.1f}")
    return {"rate": rate.median, "naive_rate": naive_rate.median, "wall_ratio": ratio, "runs": ours}


def main() -> None:
    """Read the options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="JSON lines; made up if left out")
    parser.add_argument("--rows", type=int, default=250_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--as", dest="kind", choices=("import", "naive"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    only_errors()
    if options.kind:
        one_run(options.kind, options.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or Path(folder) / "log.jsonl.gz"
        if options.file is None:
            write_log(path, options.rows)
        conclude("importing", compare(path, options.runs))


if __name__ == "__main__":
    main()
