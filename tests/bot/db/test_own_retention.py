"""Retention that a server wishes, on a real database."""

from datetime import timedelta
from random import Random

import pytest
from structlog.testing import capture_logs

from bot.claims import shards_claim
from bot.db.database import Handle
from bot.db.directory import Directory
from bot.db.guild_settings import GuildSettings
from bot.db.own_retention import OwnRetention
from bot.db.reader import Reader
from bot.db.retention import RetentionDays, apply_retention, kept_days
from bot.db.writes import instant
from bot.preferences import Keeping, Preferences
from schemas.collection import Collection
from schemas.day_slices import GUILD_DAYS, MEMBER_DAYS
from schemas.guild_activity_snapshots import COLLECTION as SNAPSHOTS
from schemas.member_activity_stats import COLLECTION as MEMBERS
from schemas.member_archive import COLLECTION as ARCHIVE
from schemas.registry import COLLECTIONS
from schemas.settings import AUDIT
from schemas.threads import THREADS
from tests.support.samples import sample

HOSTS: RetentionDays = {"members": 730, "left": 90, "totals": None, "hours": 400}
NOW = 1_790_000_000_000
KEPT = {c.name: c.retention for c in COLLECTIONS if c.retention is not None}
DAY_MS = 86_400_000


def test_every_collection_that_is_kept_for_a_time_says_whose_it_is() -> None:
    for collection in COLLECTIONS:
        if collection.retention is not None:
            assert "guildId" in collection.validator()["$jsonSchema"]["required"], collection.name


async def put(db: Handle, collection: Collection, number: int, **fields: object) -> None:
    """A document whose fields are random but for those given."""
    await db[collection.name].insert_one(sample(collection, number, Random(number)) | fields)


async def fill(db: Handle) -> None:
    """Of each class an old and a new document of server 7, and an old one of server 8."""
    await db.command("collMod", MEMBERS.name, validator={})
    for collection in COLLECTIONS:
        if collection.retention is None:
            continue
        some = {"interval": "1d"} if collection is SNAPSHOTS else {}
        for number, (guild, days) in enumerate((("7", 10), ("7", 50), ("8", 50))):
            since = {collection.retention.since: instant(NOW) - timedelta(days=days)}
            await put(db, collection, number, guildId=guild, userId=f"{number:016x}", **since, **some)
    hour = {"interval": "1h", "timestamp": instant(NOW) - timedelta(days=50)}
    await put(db, SNAPSHOTS, 3, guildId="7", **hour)
    silent = {"lastActive": instant(NOW) - timedelta(days=50), "joinTimestamp": None, "leaveHistory": []}
    await put(db, MEMBERS, 0, guildId="7", standing=None, **silent)
    await put(db, MEMBERS, 1, guildId="8", standing=None, **silent)
    at = {"createdAt": instant(NOW) - timedelta(days=50), "creator": f"{1:016x}", "earliest": []}
    await put(db, THREADS, 0, guildId="7", **at)
    await put(db, THREADS, 1, guildId="8", **at)


async def left_of(db: Handle, of: str) -> dict[str, list[str]]:
    """Servers of the documents that are there, by collection, for collections of a class."""
    return {
        name: sorted([each["guildId"] async for each in db[name].find({}, {"guildId": 1})])
        for name, kept in KEPT.items()
        if kept.of == of
    }


@pytest.mark.parametrize("of", ["members", "left", "totals"])
async def test_what_is_older_than_a_servers_wish_goes_as_counted_and_nothing_else(
    db: Handle, of: str
) -> None:
    await fill(db)
    before = {each: await left_of(db, each) for each in ("members", "left", "totals")}
    own, keeping = OwnRetention(db, HOSTS), Keeping(**{of: 30})
    expected = await own.count(7, keeping, NOW)

    assert await own.delete(7, keeping, NOW) == expected
    assert expected[of] > 0  # type: ignore[index] # one of the classes
    after = {each: await left_of(db, each) for each in before}
    for name, servers in after[of].items():
        assert servers == (["7", "7", "8"] if name == AUDIT.name else ["7", "8"]), name
    del before[of], after[of]
    assert after == before
    idle = [each["guildId"] async for each in db[MEMBERS.name].find()]
    assert sorted(idle) == (["8"] if of == "members" else ["7", "8"])
    named = [each["guildId"] async for each in db[THREADS.name].find({"creator": {"$ne": None}})]
    assert sorted(named) == (["8"] if of == "members" else ["7", "8"])
    assert sum((await own.delete(7, keeping, NOW)).values()) == 0


async def test_hours_go_and_longer_snapshots_stay(db: Handle) -> None:
    await fill(db)
    assert await OwnRetention(db, HOSTS).delete(7, Keeping(hours=30), NOW) == {"hours": 1}
    assert await db[SNAPSHOTS.name].distinct("interval") == ["1d"]


async def test_a_wish_that_is_longer_than_the_hosts_deletes_nothing(db: Handle) -> None:
    own = OwnRetention(db, {"members": 20, "left": 90, "totals": 20, "hours": 20})
    assert await own.delete(7, Keeping(30, 90, 20, 21), NOW) == {}


async def test_each_server_is_trimmed_once_a_day_and_when_its_wish_changes(db: Handle) -> None:
    await fill(db)
    own = OwnRetention(db, HOSTS, shards_claim((0,), 1))
    with capture_logs() as logs:
        await own.trim({7: Keeping(left=60)}, NOW)
        await own.trim({7: Keeping(left=30)}, NOW)
        old = {"leftAt": instant(NOW) - timedelta(days=50)}
        await put(db, ARCHIVE, 9, guildId="7", userId=f"{9:016x}", **old)
        await own.trim({7: Keeping(left=30)}, NOW + 1)
    assert [entry["left"] for entry in logs] == [1]
    with capture_logs() as logs:
        await own.trim({7: Keeping(left=30), 8: Keeping(left=49)}, NOW + 21 * DAY_MS)
    assert [(entry["guild"], entry["left"]) for entry in logs] == [(7, 2), (8, 1)]


async def test_another_process_trims_its_own_servers(db: Handle) -> None:
    await fill(db)
    for shard, left in ((1, ["7", "7", "8"]), (0, ["7", "8"])):
        await OwnRetention(db, HOSTS, shards_claim((shard,), 2)).trim({7: Keeping(left=30)}, NOW)
        assert (await left_of(db, "left"))[ARCHIVE.name] == left


async def test_views_know_for_how_long_a_server_keeps_its_members(db: Handle) -> None:
    await apply_retention(db, HOSTS)
    await Directory(db).add_guild(7, "A server", "UTC")
    store, reader = GuildSettings(db), Reader(db)
    assert (await kept_days(db, 7, MEMBER_DAYS), await reader.days_leavers_are_kept(7)) == (730, 90)
    await store.save_preferences(7, Preferences(keeping=Keeping(members=100, left=365)))
    assert (await kept_days(db, 7, MEMBER_DAYS), await reader.days_leavers_are_kept(7)) == (100, 90)
    assert await kept_days(db, 8, MEMBER_DAYS) == 730
    today = NOW // DAY_MS
    for day in (today - 500, today - 1):
        await put(db, GUILD_DAYS, day, guildId="7", zone=0, day=instant(day * DAY_MS))
    assert await reader.members_since(7, NOW) == today - 100
