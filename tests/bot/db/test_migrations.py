import asyncio
from pathlib import Path

import pytest
import structlog
from pymongo.errors import WriteError

from analytics.local_time import date_of
from bot.db.database import LONG_AGO, Driver, Handle, database
from bot.db.migrations import MIGRATIONS, Migration, NewerSchema, joins_and_afk, migrate
from bot.db.packing import Packer
from bot.db.reader import Reader
from bot.ingest.activities.voice import VoiceFlag
from bot.views.registry import VIEWS
from schemas.registry import COLLECTIONS
from tests.bot.views import counted
from tests.bot.views.members import membership


async def test_every_collection_stands_with_its_validator_and_indexes(db: Handle) -> None:
    stored = {c["name"]: c async for c in await db.list_collections()}
    for collection in COLLECTIONS:
        assert stored[collection.name]["options"]["validator"] == collection.validator()
        indexes = await db[collection.name].index_information()
        for index in collection.indexes:
            assert indexes[index.name]["key"] == list(index.keys)
            assert bool(indexes[index.name].get("unique")) == index.unique


async def test_a_document_of_another_shape_is_refused(db: Handle) -> None:
    with pytest.raises(WriteError, match="Document failed validation"):
        await db.memberActivityStats.insert_one({"_id": "1:x", "guildId": 1})


async def test_running_again_changes_nothing(db: Handle) -> None:
    before = await db.command("listIndexes", "channelDays")
    assert await migrate(db) == MIGRATIONS[-1].version
    assert (await db.command("listIndexes", "channelDays"))["cursor"] == before["cursor"]


async def test_two_processes_that_start_at_once_run_each_step_once(
    driver: Driver, database_name: str
) -> None:
    db = database(driver, database_name)
    runs: list[int] = []

    async def slow(_: Handle) -> None:
        runs.append(1)
        await asyncio.sleep(0.3)

    steps = (*MIGRATIONS, Migration(MIGRATIONS[-1].version + 1, "slow", slow))
    versions = await asyncio.gather(*(migrate(db, steps) for _ in range(4)))
    assert set(versions) == {steps[-1].version}
    assert len(runs) == 1
    await driver.drop_database(database_name)


async def test_the_lock_of_a_killed_process_holds_up_its_own_next_life_not_at_all(
    driver: Driver, database_name: str
) -> None:
    db = database(driver, database_name)
    begun = asyncio.Event()

    async def never_ends(_: Handle) -> None:
        begun.set()
        await asyncio.Event().wait()

    async def at_once(_: Handle) -> None:
        pass

    version = MIGRATIONS[-1].version + 1
    killed = asyncio.create_task(
        migrate(db, (*MIGRATIONS, Migration(version, "killed", never_ends)), owner="folder")
    )
    await begun.wait()
    steps = (*MIGRATIONS, Migration(version, "at once", at_once))
    with structlog.testing.capture_logs() as logs, pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await migrate(db, steps, owner="another folder")
    assert [each["event"] for each in logs] == [
        "waiting: another process migrates the database, or was killed while it did"
    ]
    async with asyncio.timeout(20):
        assert await migrate(db, steps, owner="folder") == version
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    await driver.drop_database(database_name)


async def test_who_was_too_slow_does_not_give_back_the_lock_of_another(
    driver: Driver, database_name: str
) -> None:
    db = database(driver, database_name)
    taken_over = [{"$set": {"lockedUntil": {"$add": ["$$NOW", 60_000]}, "lockedBy": "another"}}]

    async def too_slow(handle: Handle) -> None:
        await handle.migrations.update_one({}, taken_over)

    await migrate(db, (*MIGRATIONS, Migration(MIGRATIONS[-1].version + 1, "too slow", too_slow)))
    state = await db.migrations.find_one({"_id": "schema"})
    assert state is not None
    assert state["lockedBy"] == "another"
    await driver.drop_database(database_name)


async def test_a_step_that_fails_is_tried_again_by_the_next(driver: Driver, database_name: str) -> None:
    db = database(driver, database_name)
    attempts: list[int] = []

    async def fails_once(handle: Handle) -> None:
        attempts.append(1)
        await handle.things.insert_one({"n": len(attempts)})
        if len(attempts) == 1:
            raise RuntimeError("power cut")

    steps = (*MIGRATIONS, Migration(MIGRATIONS[-1].version + 1, "fails once", fails_once))
    with pytest.raises(RuntimeError, match="power cut"):
        await migrate(db, steps)
    assert await migrate(db, steps) == steps[-1].version
    assert len(attempts) == 2
    await driver.drop_database(database_name)


async def test_a_database_of_a_later_version_is_left_alone(db: Handle) -> None:
    await db.migrations.update_one({"_id": "schema"}, {"$set": {"version": 99}})
    with pytest.raises(NewerSchema, match="run the newer Serverstats again"):
        await migrate(db)


async def test_an_index_whose_options_changed_is_made_anew(db: Handle) -> None:
    await db.guildDays.drop_index("dirty_1_day_1")
    await db.guildDays.create_index([("dirty", 1), ("day", 1)], name="dirty_1_day_1")
    await migrate(db)
    indexes = await db.guildDays.index_information()
    assert indexes["dirty_1_day_1"]["partialFilterExpression"] == {"dirty": True}


async def test_a_database_in_line_is_only_read(db: Handle) -> None:
    """A killed process may hold the lock, and its open transaction would hold up a validator's change."""
    await db.migrations.update_one({}, [{"$set": {"lockedUntil": {"$add": ["$$NOW", 60_000]}}}])
    async with await db.client.start_session() as orphan:
        orphan.start_transaction()
        await db.watermarks.insert_one(
            {"_id": "a", "segment": 0, "offset": 0, "updatedAt": LONG_AGO}, session=orphan
        )
        async with asyncio.timeout(5):
            assert await migrate(db) == MIGRATIONS[-1].version


async def test_what_is_missing_comes_back(db: Handle) -> None:
    await db.channelDays.drop()
    await db.command("collMod", "memberDays", validator={})
    await db.coverage.drop_index("guildId_1_channelId_1")
    await migrate(db)
    stored = {c["name"]: c async for c in await db.list_collections()}
    for collection in COLLECTIONS:
        assert stored[collection.name]["options"]["validator"] == collection.validator()
    assert (await db.coverage.index_information())["guildId_1_channelId_1"]["unique"] is True


async def test_the_join_of_each_stay_is_told_by_the_absence_before(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    """As version 3 stored it: of the first stay nobody knows; the step may run again."""
    stays = [(membership.joined(1, back), membership.left(1, back - 2)) for back in (30, 20, 10)]
    happened = [each for stay in stays for each in stay]
    await membership.record(driver, db, tmp_path, [*happened, membership.joined(1, 5)])
    (stored,) = await db.memberActivityStats.find().to_list(None)
    joins = [each["joinedAt"] for each in stored["leaveHistory"]]
    await db.memberActivityStats.update_many({}, {"$unset": {"leaveHistory.$[].joinedAt": ""}})

    for _ in range(2):
        await joins_and_afk(db)
        (after,) = await db.memberActivityStats.find().to_list(None)
        assert [each["joinedAt"] for each in after["leaveHistory"]] == [None, *joins[1:]]
        for before, now in zip(stored["leaveHistory"], after["leaveHistory"], strict=True):
            assert now == {**before, "joinedAt": now["joinedAt"]}


async def test_days_with_time_in_the_afk_channel_are_packed_again_without_it(
    driver: Driver, db: Handle
) -> None:
    """As version 3 stored and packed them; other days and archived ones stay as they are."""
    spoken = [counted.voice(3, 9, 30, 22, VoiceFlag.AFK), counted.voice(3, 9, 10), counted.voice(4, 9, 20)]
    await counted.counted(driver, db, *spoken)
    await db.channelDays.update_many({}, {"$unset": {"voice.afkHours": ""}})
    assert await db.guildDays.count_documents({"dirty": True}) == 0

    await joins_and_afk(db)

    assert [each["day"].date() async for each in db.guildDays.find({"dirty": True})] == [
        date_of(counted.TODAY - 3)
    ]
    await Packer(db).pack_all(counted.NOW_MS)
    trend = await VIEWS["trends/voice"].load(Reader(db), counted.scope("7d"))
    assert trend.level.now == 30
