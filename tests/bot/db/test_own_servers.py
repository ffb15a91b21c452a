"""What runs on a clock touches the servers that its process claims, and no others."""

from datetime import UTC, datetime, timedelta

from bot.claims import Claim
from bot.db.cleaning import Cleaner
from bot.db.database import Driver, Handle
from bot.db.packing import Packer
from bot.db.retention import apply_retention
from bot.db.writes import instant
from bot.ingest.activities.messages import MessageSent
from tests.bot.db.counting import count_activities

NOW = int(datetime(2026, 9, 21, tzinfo=UTC).timestamp() * 1000)
YESTERDAY = NOW // 86_400_000 - 1
SERVERS = [number << 22 for number in range(4)]
SHARES = [Claim((0,), 2), Claim((1,), 2)]


def sent(server: int) -> MessageSent:
    at = NOW - 3_600_000
    return MessageSent(server, 5, 0, 0, 1, at << 22, 9, at, 0, YESTERDAY, 23, 0)


async def test_each_process_packs_its_own_servers_once(driver: Driver, db: Handle) -> None:
    for server in SERVERS:
        await count_activities(driver, db, server, [sent(server)])
    for share, packed in zip(SHARES, ({"0", str(2 << 22)}, set(map(str, SERVERS))), strict=True):
        packer = Packer(db, share)
        assert await packer.pack(NOW) == len(SERVERS) // 2
        assert await packer.pack(NOW) == 0
        assert {each["guildId"] async for each in db.memberPacks.find()} == packed


async def test_each_process_cleans_its_own_servers_once_a_month(db: Handle) -> None:
    long_ago = instant(NOW) - timedelta(days=800)
    await db.guilds.insert_many(
        {"_id": str(server), "schemaVersion": 1, "name": "", "zones": [], "discordSince": None}
        for server in SERVERS
    )
    await db.memberActivityStats.insert_many(
        [
            {"_id": str(server), "guildId": str(server), "userId": "", "lastActive": long_ago}
            for server in SERVERS
        ],
        bypass_document_validation=True,
    )
    await apply_retention(db, {"members": 730, "totals": None})
    for share, left in zip(SHARES, (2, 0), strict=True):
        cleaned = await Cleaner(db, share).clean_monthly(NOW)
        assert cleaned is not None
        assert cleaned.idle_members == len(SERVERS) // 2
        assert await db.memberActivityStats.count_documents({}) == left
        assert await Cleaner(db, share).clean_monthly(NOW) is None
