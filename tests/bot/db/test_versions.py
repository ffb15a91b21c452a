"""Every version that ever wrote a database is migrated to the latest one.

``versions/N.json`` holds a database as version N wrote it: per collection its validator, indexes and
documents (MongoDB's extended JSON). ``python -m tests.support.version_file URI DATABASE`` prints one. A new
version adds its file, and the test is complete again.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from bson import json_util

from bot.db.database import Driver, Handle, database
from bot.db.migrations import MIGRATIONS, migrate, schema_version, set_schema_version
from schemas.registry import COLLECTIONS

VERSIONS = Path(__file__).parent / "versions"


async def build(db: Handle, stored: Mapping[str, Any]) -> None:
    for name, collection in stored["collections"].items():
        await db.create_collection(name, validator=collection["validator"])
        for index in collection["indexes"]:
            options = {option: value for option, value in index.items() if option not in {"key", "v"}}
            await db[name].create_index(list(index["key"].items()), **options)
        if collection["documents"]:
            await db[name].insert_many(collection["documents"])
    await set_schema_version(db, stored["version"])


@pytest.mark.parametrize("version", range(1, MIGRATIONS[-1].version + 1))
async def test_a_database_of_an_earlier_version_becomes_the_latest(
    driver: Driver, database_name: str, version: int
) -> None:
    stored = json_util.loads((VERSIONS / f"{version}.json").read_text("utf-8"))
    assert stored["version"] == version
    db = database(driver, database_name)
    await build(db, stored)
    assert await migrate(db) == await schema_version(db) == MIGRATIONS[-1].version
    for collection in COLLECTIONS:
        documents = await db[collection.name].find().to_list(None)
        if collection.name in stored["collections"]:
            assert len(documents) == len(stored["collections"][collection.name]["documents"])
        unfit = await db[collection.name].find_one({"$nor": [collection.validator()]})
        assert unfit is None, "a later bot could not write to it any more"
        for document in documents:
            msgspec.convert(document, collection.document)
    await driver.drop_database(database_name)


def test_each_file_holds_documents_of_what_the_version_wrote() -> None:
    first = json_util.loads((VERSIONS / "1.json").read_text("utf-8"))
    empty = {name for name, collection in first["collections"].items() if not collection["documents"]}
    assert empty == {"guildActivitySnapshots"}
