"""Prints a database as the file that ``tests/bot/db/test_versions.py`` reads: URI and name as arguments."""

import asyncio
import sys
from typing import Any

from bson import UuidRepresentation, json_util

from bot.db.database import Handle, connect, database
from bot.db.migrations import schema_version
from schemas.registry import COLLECTIONS

OPTIONS = json_util.CANONICAL_JSON_OPTIONS.with_options(uuid_representation=UuidRepresentation.STANDARD)


async def dumped(db: Handle) -> str:
    """The database's collections in extended JSON."""
    options = {stored["name"]: stored["options"] async for stored in await db.list_collections()}
    collections: dict[str, Any] = {}
    for collection in COLLECTIONS:
        indexes = [index async for index in db[collection.name].list_indexes()]
        collections[collection.name] = {
            "validator": options[collection.name]["validator"],
            "indexes": [index for index in indexes if index["name"] != "_id_"],
            "documents": await db[collection.name].find().sort("_id", 1).to_list(None),
        }
    whole = {"version": await schema_version(db), "collections": collections}
    return json_util.dumps(whole, json_options=OPTIONS)


async def main(uri: str, name: str) -> None:
    """Print it."""
    driver = connect(uri)
    sys.stdout.write(await dumped(database(driver, name)) + "\n")
    driver.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
