from datetime import timedelta
from typing import get_args

from bot.db.cleaning import Cleaned, Cleaner
from bot.db.database import LONG_AGO, Handle
from bot.db.retention import RetentionChange, apply_retention, retention_in_force
from bot.db.writes import instant
from bot.settings import LONGEST_RETENTION_DAYS
from schemas.collection import RetentionClass
from schemas.day_slices import GUILD_DAYS, MEMBER_DAYS
from schemas.registry import COLLECTIONS

NOW = 1_790_000_000_000
PERSONAL = {
    "memberDays": "day",
    "memberPacks": "day",
    "memberBases": "day",
    "memberMonths": "day",
    "moderationDays": "day",
    "warnings": "at",
    "scheduledEvents": "updatedAt",
    "inviteDays": "day",
    "invites": "seenAt",
    "audit": "at",
}
"""Collections that expire as members do, and the field that says how old a document is."""
RETENTION_CLASSES: tuple[RetentionClass, ...] = get_args(RetentionClass)


async def ttl(db: Handle) -> dict[str, tuple[list[str], int]]:
    found = {}
    for collection in COLLECTIONS:
        for index in (await db[collection.name].index_information()).values():
            if "expireAfterSeconds" in index and collection.retention is not None:
                found[collection.name] = ([field for field, _ in index["key"]], index["expireAfterSeconds"])
    return found


def archived(days: int) -> dict[str, tuple[list[str], int]]:
    return {"memberArchive": (["leftAt"], days * 86_400)}


async def test_members_days_expire_and_totals_stay(db: Handle) -> None:
    changes = await apply_retention(db, {"members": 730, "left": 90, "totals": None})
    assert {change.collection for change in changes} == {*PERSONAL, "memberArchive"}
    assert await ttl(db) == {name: ([since], 730 * 86_400) for name, since in PERSONAL.items()} | archived(90)
    assert await apply_retention(db, {"members": 730, "left": 90, "totals": None}) == []
    assert (await retention_in_force(db, MEMBER_DAYS), await retention_in_force(db, GUILD_DAYS)) == (
        730,
        None,
    )


async def test_the_longest_retention_is_one_that_mongodb_takes(db: Handle) -> None:
    await apply_retention(db, dict.fromkeys(RETENTION_CLASSES, LONGEST_RETENTION_DAYS))
    assert await retention_in_force(db, MEMBER_DAYS) == LONGEST_RETENTION_DAYS
    assert await retention_in_force(db, GUILD_DAYS) == LONGEST_RETENTION_DAYS


async def test_another_retention_takes_the_place_of_the_first(db: Handle) -> None:
    first = await apply_retention(db, {"members": 730, "left": 90, "totals": 100})
    assert {change.empty for change in first} == {True}, "nothing to be warned of"
    await db.memberDays.insert_one({"_id": "x", "day": instant(NOW)}, bypass_document_validation=True)
    assert (await ttl(db))["guildActivitySnapshots"] == (["timestamp"], 8_640_000)
    changes = await apply_retention(db, {"members": 90, "left": 30, "totals": None})
    assert RetentionChange("memberDays", 730, 90) in changes
    assert RetentionChange("channelPacks", 100, None, empty=True) in changes
    assert await ttl(db) == {name: ([since], 90 * 86_400) for name, since in PERSONAL.items()} | archived(30)


async def test_every_collection_that_names_a_member_and_a_day_expires() -> None:
    for collection in COLLECTIONS:
        fields = collection.validator()["$jsonSchema"]["properties"]
        if "day" in fields:
            personal = bool(fields.keys() & {"userId", "members"}) and "revision" not in fields
            kept = collection.retention
            assert kept is not None, collection.name
            assert not personal or kept.of == "members", collection.name
        if "author" in fields:
            assert any(index.expire_after is not None for index in collection.indexes), collection.name
    assert {c.name for c in COLLECTIONS if c.retention and c.retention.of == "members"} >= set(PERSONAL)


def member(
    name: str, *, active: int | None, joined: int | None = None, left: int | None = None
) -> dict[str, object]:
    """A member's totals; the last signs in days before now."""

    def ago(days: int | None) -> object:
        return None if days is None else instant(NOW) - timedelta(days=days)

    return {
        "_id": f"7:{name}",
        "schemaVersion": 1,
        "guildId": "7",
        "userId": name,
        "joinTimestamp": ago(joined),
        "leaveHistory": [] if left is None else [{"leftAt": ago(left), "rejoinedAt": None}],
        "lastActive": ago(active),
    }


async def fill(db: Handle) -> None:
    await db.guilds.insert_one(
        {"_id": "7", "schemaVersion": 1, "name": "A", "zones": [], "discordSince": None}
    )
    await db.command("collMod", "memberActivityStats", validator={})
    await db.memberActivityStats.insert_many(
        [
            member("active", active=1, joined=3_000),
            member("idle", active=731, joined=3_000),
            member("just", active=729),
            member("came back", active=900, joined=10),
            member("left", active=900, left=100),
            member("lurks", active=None, joined=800),
            member("unknown", active=None),
            member("there", active=None, joined=800) | {"standing": {}},
        ]
    )
    days = {"fresh": 1, "idle": 31, "used": 31, "old": 1_096}
    await db.watermarks.insert_many(
        {
            "_id": name,
            "segment": 0 if name in {"fresh", "idle"} else 3,
            "offset": 0 if name in {"fresh", "idle"} else 99,
            "updatedAt": instant(NOW) - timedelta(days=ago),
        }
        for name, ago in days.items()
    )
    await db.imports.insert_many(
        {"_id": name, "guildId": "7", "index": index, "offset": index, "digest": b"", "updatedAt": LONG_AGO}
        for name, index in (("never begun", 0), ("counted", 5))
    )


async def test_only_what_says_nothing_more_goes(db: Handle) -> None:
    await fill(db)
    await apply_retention(db, {"members": 730, "left": 90, "totals": None})
    assert await Cleaner(db).clean(NOW) == Cleaned(idle_members=2, watermarks=2, imports=1, threads=0)
    assert sorted([m["userId"] async for m in db.memberActivityStats.find()]) == [
        "active", "came back", "just", "left", "there", "unknown",
    ]  # fmt: skip
    assert sorted([w["_id"] async for w in db.watermarks.find()]) == ["fresh", "used"]
    assert [i["_id"] async for i in db.imports.find()] == ["counted"]


async def test_without_a_retention_no_member_goes(db: Handle) -> None:
    await fill(db)
    assert (await Cleaner(db).clean(NOW)).idle_members == 0


async def test_the_clean_up_is_done_once_a_month_and_made_up_for(db: Handle) -> None:
    cleaner = Cleaner(db)
    assert await cleaner.clean_monthly(NOW) is not None  # 21 September 2026
    assert await cleaner.clean_monthly(NOW + 9 * 86_400_000) is None
    assert await cleaner.clean_monthly(NOW + 11 * 86_400_000) is not None
    assert await cleaner.clean_monthly(NOW + 11 * 86_400_000) is None
