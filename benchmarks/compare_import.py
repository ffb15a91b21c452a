"""Counts a JSON lines file with the standard library and compares that with an import, to the unit.

`python benchmarks/compare_import.py FILE`. Totals by channel, by day (UTC) and by author have to be equal in
the lifetime documents and in the day documents; exit code 1 on any difference.
"""

import asyncio
import gzip
import hmac
import json
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.support.settings import only_errors, settings_in
from bot.app import make_importer
from bot.db.database import Handle
from bot.importing.importer import NewGuild
from bot.opening import open_writing

GUILD = 77


@dataclass
class Totals:
    """Messages by channel name, by ISO date, by pseudonym."""

    channels: Counter[str] = field(default_factory=Counter)
    days: Counter[str] = field(default_factory=Counter)
    authors: Counter[str] = field(default_factory=Counter)


def independent(path: Path, key: bytes) -> Totals:
    """Count with the standard library alone."""
    totals = Totals()
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        for line in file:
            row = json.loads(line)
            if row["kind"] == "message":
                totals.channels[row["channel"]] += 1
                totals.days[row["ts"][:10]] += 1
                totals.authors[row["author"]] += 1
    named = {
        hmac.digest(key, f"{GUILD}:name:{author}".encode(), "sha256")[:8].hex(): count
        for author, count in totals.authors.items()
    }
    return Totals(totals.channels, totals.days, Counter(named))


async def lifetime(db: Handle) -> Totals:
    """Totals by the lifetime documents."""
    names = {stored["channelId"]: stored["name"] async for stored in db.channels.find()}
    totals = Totals()
    async for stored in db.channelStats.find():
        totals.channels[names[stored["channelId"]]] += stored["metrics"]["messageCount"]
    async for stored in db.memberActivityStats.find():
        totals.authors[stored["userId"]] += stored["messageStats"]["totalCount"]
    return totals


async def by_day(db: Handle) -> Totals:
    """Totals by the day documents."""
    names = {stored["channelId"]: stored["name"] async for stored in db.channels.find()}
    totals = Totals()
    async for stored in db.channelDays.find():
        totals.channels[names[stored["channelId"]]] += stored["messages"]
        totals.days[stored["day"].date().isoformat()] += stored["messages"]
    async for stored in db.memberDays.find():
        totals.authors[stored["userId"]] += stored["messages"]
    return totals


async def compare(path: Path) -> bool:
    """Import, count again, print what was compared; whether all is equal."""
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_in(Path(folder))
        async with open_writing(settings) as writing:
            importer = await make_importer(settings, writing, GUILD)
            report = await importer.run(path, NewGuild("A log", settings.default_time_zone), lambda _: None)
            key = bytes.fromhex((settings.data_dir / "pseudonym.key").read_text(encoding="ascii"))
            expected = independent(path, key)
            life, days = await lifetime(writing.opened.db), await by_day(writing.opened.db)
    checks = {
        f"{report.messages:,} messages": report.messages == expected.channels.total(),
        f"{len(expected.channels):,} channels": life.channels == expected.channels == days.channels,
        f"{len(expected.days):,} days": days.days == expected.days,
        f"{len(expected.authors):,} authors": life.authors == expected.authors == days.authors,
    }
    for what, equal in checks.items():
        print(f"{what}: {'equal' if equal else 'DIFFERENT'}")
    return all(checks.values())


if __name__ == "__main__":
    only_errors()
    sys.exit(0 if asyncio.run(compare(Path(sys.argv[1]))) else 1)
