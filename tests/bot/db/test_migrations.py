import asyncio

import pytest
from pymongo.errors import WriteError

from bot.db.database import LONG_AGO, Driver, Handle, database
from bot.db.migrations import MIGRATIONS, Migration, NewerSchema, migrate
from schemas.registry import COLLECTIONS


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
