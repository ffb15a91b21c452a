"""What older versions counted for the account of deleted users goes at the next start."""

from bot.claims import ALL_SERVERS, Claim
from bot.db.database import Driver, Handle
from bot.db.deleted_users import remove_deleted_users
from bot.ingest.activities.messages import MessageSent
from bot.privacy.pseudonym import Pseudonyms, hexadecimal
from tests.bot.db.counting import count_activities

PSEUDONYMS = Pseudonyms(b"k" * 32)
GUILDS = (7, 8)


def sent(guild: int, member: int, number: int) -> MessageSent:
    return MessageSent(guild, 5, 0, 0, member, number, 0, 10**12, 0, 20_000, 3, 0)


async def members(db: Handle) -> set[tuple[str, str]]:
    found = {(each["guildId"], each["userId"]) async for each in db.memberActivityStats.find()}
    assert found == {(each["guildId"], each["userId"]) async for each in db.memberDays.find()}
    return found


async def test_it_is_removed_and_the_sums_stay(driver: Driver, db: Handle) -> None:
    ada = {guild: PSEUDONYMS.of(guild, 500) for guild in GUILDS}
    gone = {guild: PSEUDONYMS.of_deleted_user(guild) for guild in GUILDS}
    for guild in GUILDS:
        who = [ada[guild], gone[guild], gone[guild]]
        await count_activities(driver, db, guild, [sent(guild, each, at) for at, each in enumerate(who, 1)])
    assert await remove_deleted_users(db, Claim(servers=(7,)), PSEUDONYMS) == 1
    everybody = {(str(guild), hexadecimal(ada[guild])) for guild in GUILDS}
    assert await members(db) == everybody | {("8", hexadecimal(gone[8]))}, "the other is another process's"
    assert await remove_deleted_users(db, ALL_SERVERS, PSEUDONYMS) == 1
    assert await members(db) == everybody
    assert await remove_deleted_users(db, ALL_SERVERS, PSEUDONYMS) == 0
    assert [each["metrics"]["messageCount"] async for each in db.channelStats.find()] == [3, 3]


async def test_a_removal_that_was_cut_short_is_done_again(driver: Driver, db: Handle) -> None:
    await count_activities(driver, db, 7, [sent(7, PSEUDONYMS.of_deleted_user(7), 1)])
    await db.memberActivityStats.delete_many({})
    await db.migrations.update_one({"_id": "deleted users"}, {"$set": {"guilds": ["7"]}}, upsert=True)
    assert await remove_deleted_users(db, ALL_SERVERS, PSEUDONYMS) == 1
    assert await members(db) == set()
    assert await remove_deleted_users(db, ALL_SERVERS, PSEUDONYMS) == 0
