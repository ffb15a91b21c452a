"""In which servers somebody is counted: of many, the right ones, in the right order."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from pymongo.errors import ConnectionFailure

from bot.db import member_servers
from bot.db.database import Driver, Handle
from bot.db.keys import member_id
from bot.db.member_servers import MemberServerLookup
from bot.ingest.activities.messages import MessageSent
from bot.ingest.store import StoreUnavailable
from bot.members.servers import KNOWN_MS, MOST, MemberServer, MemberServers
from bot.privacy.pseudonym import Pseudonyms, hexadecimal
from tests.bot.db.counting import count_activities

USER = 77
START = datetime(2026, 1, 1, tzinfo=UTC)
PSEUDONYMS = Pseudonyms(b"k" * 32)


class Clock:
    now = 10**12

    def now_ms(self) -> int:
        return self.now


def stored(guild: int, member: int, active: datetime | None) -> dict[str, Any]:
    name = hexadecimal(member)
    return {"_id": member_id(guild, name), "guildId": str(guild), "userId": name, "lastActive": active}


async def known(db: Handle, *guilds: int) -> None:
    await db.guilds.insert_many(
        {"_id": str(guild), "schemaVersion": 1, "name": f"S{guild}", "zones": [], "discordSince": None}
        for guild in guilds
    )


async def test_of_many_servers_the_latest_with_the_persons_figures(
    db: Handle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(member_servers, "AT_ONCE", 7)
    random, guilds = Random(5), range(1, 120)
    await known(db, *guilds)
    active = {
        guild: START + timedelta(minutes=random.randrange(10**6)) for guild in random.sample(guilds, 40)
    }
    here, left = {}, {}
    for at, (guild, moment) in enumerate(active.items()):
        (left if at % 3 == 0 else here)[guild] = moment
    rows = [stored(guild, PSEUDONYMS.once(guild, USER), at) for guild, at in here.items()]
    rows += [stored(guild, PSEUDONYMS.once(guild, 99), START + timedelta(days=900)) for guild in guilds]
    quiet = next(guild for guild in guilds if guild not in active)
    rows.append(stored(quiet, PSEUDONYMS.once(quiet, USER), None))
    await db.memberActivityStats.insert_many(rows, bypass_document_validation=True)
    await db.memberArchive.insert_many(
        [stored(guild, PSEUDONYMS.once(guild, USER), at) for guild, at in left.items()],
        bypass_document_validation=True,
    )
    servers = MemberServers(MemberServerLookup(db), PSEUDONYMS, Clock())

    found = await servers.of(USER)

    expected = sorted(active, key=lambda guild: (active[guild], guild), reverse=True)[:MOST]
    assert found == [MemberServer(guild, f"S{guild}") for guild in expected]
    for guild in guilds:
        assert (await servers.find(USER, guild) is not None) is (guild in active)
    assert await servers.find(USER, 5000) is None
    assert await servers.of(1234) == []


async def test_what_is_folded_is_found(driver: Driver, db: Handle) -> None:
    at = int(START.timestamp() * 1000)
    day = at // 86_400_000
    for guild, user in ((1 << 22, USER), (2 << 22, 99)):
        member = PSEUDONYMS.once(guild, user)
        await count_activities(
            driver, db, guild, [MessageSent(guild, 5, 0, 0, member, at << 22, 9, at, 0, day, 0, 0)]
        )
    servers = MemberServers(MemberServerLookup(db), PSEUDONYMS, Clock())
    assert await servers.of(USER) == [MemberServer(1 << 22, "A server")]


async def test_a_new_server_is_found_within_a_minute(db: Handle) -> None:
    clock = Clock()
    servers = MemberServers(MemberServerLookup(db), PSEUDONYMS, clock)
    assert await servers.of(USER) == []
    await known(db, 4)
    row = stored(4, PSEUDONYMS.once(4, USER), START)
    await db.memberActivityStats.insert_one(row, bypass_document_validation=True)
    clock.now += KNOWN_MS
    assert await servers.of(USER) == [MemberServer(4, "S4")]


async def test_asking_makes_nobody_present(db: Handle) -> None:
    pseudonyms = Pseudonyms(b"k" * 32)
    seen: list[tuple[int, int, int]] = []
    pseudonyms.on_sight(lambda *who: seen.append(who))
    await known(db, 4)
    row = stored(4, PSEUDONYMS.once(4, USER), START)
    await db.memberActivityStats.insert_one(row, bypass_document_validation=True)
    servers = MemberServers(MemberServerLookup(db), pseudonyms, Clock())

    assert await servers.of(USER) == [MemberServer(4, "S4")], "the person was looked up"
    assert await servers.find(USER, 4) == MemberServer(4, "S4")
    assert await servers.find(99, 4) is None
    assert seen == []

    pseudonym = pseudonyms.of(4, USER)
    assert seen == [(4, USER, pseudonym)], "who listens would have heard of it"


async def test_a_database_that_fails_is_told_as_such() -> None:
    class Gone:
        def __getitem__(self, name: str) -> object:
            raise ConnectionFailure(name)

    servers = MemberServers(MemberServerLookup(Gone()), PSEUDONYMS, Clock())  # type: ignore[arg-type] # it is gone
    with pytest.raises(StoreUnavailable):
        await servers.of(USER)
    with pytest.raises(StoreUnavailable):
        await servers.find(USER, 4)
