"""What is removed of a server that only files tell of, and what stays."""

from random import Random

from bot.db.database import LONG_AGO, Handle
from bot.db.forgetting import forget_server
from schemas.registry import COLLECTIONS
from tests.support.samples import sample

GUILD, OTHER = "7", "8"
BY_DECISION = {"consents", "settings", "audit"}


async def fill(db: Handle) -> set[str]:
    """A document of each server in every collection that has servers; the names of these."""
    random, named = Random(7), set()
    for collection in COLLECTIONS:
        for number, guild in enumerate((GUILD, OTHER)):
            document = sample(collection, number, random)
            if "guildId" in document:
                named.add(collection.name)
                await db[collection.name].insert_one({**document, "guildId": guild})
    for guild in (GUILD, OTHER):
        await db.guilds.insert_one(
            {
                "_id": guild,
                "schemaVersion": 1,
                "name": "A server",
                "zones": [{"epoch": 0, "zone": "UTC", "since": None}],
                "discordSince": None,
            }
        )
    return named


async def test_all_that_was_counted_goes_and_what_people_decided_stays(db: Handle) -> None:
    named = await fill(db)
    assert {"memberDays", "channelPacks", "coverage", "imports", "guildActivitySnapshots"} < named
    assert await forget_server(db, int(GUILD))
    left = {name for name in named if await db[name].find_one({"guildId": GUILD}) is not None}
    assert left == BY_DECISION & named
    assert [guild["_id"] async for guild in db.guilds.find()] == [OTHER]
    for name in named:
        assert await db[name].count_documents({"guildId": OTHER}) == 1, name
    assert await forget_server(db, int(GUILD)), "it can be done again"


async def test_nothing_goes_of_a_server_that_discord_counts(db: Handle) -> None:
    named = await fill(db)
    await db.guilds.update_one({"_id": GUILD}, {"$set": {"discordSince": LONG_AGO}})
    assert not await forget_server(db, int(GUILD))
    for name in named:
        assert await db[name].count_documents({"guildId": GUILD}) == 1, name
