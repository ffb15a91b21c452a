"""The table of docs/performance.md holds: no view reads more documents than it says."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from motor.motor_asyncio import AsyncIOMotorClient
from msgspec.structs import replace
from pymongo import monitoring

from analytics.timeframes import parse_timeframe
from bot.db.database import Driver, Handle, database
from bot.db.packing import Packer
from bot.db.reader import Reader
from bot.ingest.activities.levels import MembersCounted
from bot.ingest.activities.messages import MessageSent
from bot.ingest.activities.voice import VoiceTime
from bot.ingest.fold import Foldable
from bot.views.registry import VIEWS
from bot.views.scope import Scope
from bot.views.view import Restriction, View
from tests.bot.db.counting import count_activities, goes_live
from tests.bot.views.members.membership import GUILD, NOW, NOW_MS, TODAY
from tests.support.agreements import agree
from tests.support.read_bounds import bounds, sizes
from tests.support.roles import everybody_has

DAYS, MEMBERS, CHANNELS = 70, 40, 3
ROLES = (500, 501)
OTHER = GUILD + 1


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


def happened() -> list[Foldable]:
    """Two months and more in which somebody does something every day."""
    found: list[Foldable] = []
    for day in range(TODAY - DAYS, TODAY + 1):
        at = day * 86_400_000
        found.append(MembersCounted(GUILD, at, 0, day, 0, MEMBERS))
        for member in range(1, MEMBERS + 1):
            channel = 50 + member % CHANNELS
            found.append(MessageSent(GUILD, channel, 0, 0, member << 40, 0, 0, at, 0, day, 2, 0))
        found.append(VoiceTime(GUILD, 60, 1, 1 << 40, at, 60_000, 0, day, 5, 0))
    return found


@pytest.fixture
async def documents(
    driver: Driver, db: Handle, mongodb_uri: str, database_name: str
) -> AsyncIterator[tuple[Handle, Documents]]:
    """The same database through a driver that counts, with everything in it."""
    await count_activities(driver, db, GUILD, happened())
    await count_activities(driver, db, OTHER, [replace(each, guild=OTHER) for each in happened()])
    await agree(db, GUILD, OTHER)
    await goes_live(db, GUILD, NOW)
    await db.guilds.update_one({"_id": str(GUILD)}, {"$set": {"discordSince": NOW.replace(year=2025)}})
    await everybody_has(db, GUILD, ROLES, NOW)
    await Packer(db).pack_all(NOW_MS)
    counting = Documents()
    client: Driver = AsyncIOMotorClient(mongodb_uri, tz_aware=True, event_listeners=[counting])
    yield database(client, database_name), counting
    client.close()


def test_every_view_has_a_row() -> None:
    assert bounds().keys() == VIEWS.keys()


async def test_no_view_reads_more_than_its_row_says(documents: tuple[Handle, Documents]) -> None:
    db, counting = documents
    told = {}
    for view in VIEWS.values():
        for timeframe in ("30d", "24h"):
            roles = ROLES if view.compares is Restriction.ROLES else ()
            scope = Scope(GUILD, parse_timeframe(timeframe, NOW.date()), NOW_MS, _subject(view), roles=roles)
            most = bounds()[view.kind].most(await sizes(db, scope))
            counting.read = 0
            await view.load(Reader(db), scope)
            told[view.kind, timeframe] = (counting.read, most)
    assert {key: row for key, row in told.items() if row[0] > row[1]} == {}
    assert {key: row for key, row in told.items() if row[0] == 0} == {}


def _subject(view: View) -> int:
    of_members = {"me", "member", "compare/member"}
    return 1 << 40 if view.group in of_members else 50 * view.of_subject
