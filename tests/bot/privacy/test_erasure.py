"""Erasure and opt-out on a real mongod and a real journal."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from bson import Int64

from analytics.packs import counts_from_bytes, ids_from_bytes, ids_to_bytes
from bot.datacare.backup import back_up
from bot.datacare.restore import restore
from bot.db import packing
from bot.db.database import Driver, Handle, database
from bot.db.directory import Directory
from bot.db.dumping import one_instant
from bot.db.erasing import REMOVALS, Nobody, erase, without_row
from bot.db.guild_settings import GuildSettings
from bot.db.keys import day_id
from bot.db.packing import Packer
from bot.ingest.activities.voice import VoiceTime
from bot.privacy.pseudonym import hexadecimal
from bot.privacy.records import Erased, OptedIn, OptedOut
from bot.privacy.rules import Change, Subject
from schemas.collection import Collection
from schemas.day_packs import MEMBER_BASES, MEMBER_PACKS
from schemas.day_slices import GUILD_DAYS
from schemas.registry import COLLECTIONS
from tests.bot.privacy.living import CHANNEL, DAY, GUILD, STEP, World
from tests.support.samples import DAY as DAY_DATE
from tests.support.samples import sample
from tests.support.traces import places_of

LATER_MS = 1_790_000_000_000 + 30 * 86_400_000


class FixedClock:
    def now_ms(self) -> int:
        return LATER_MS


SCRIPTS, STEPS = 14, 100


def test_each_collection_says_how_a_member_is_removed() -> None:
    assert without_row(COLLECTIONS) == set(), "add a row to bot/db/erasing.py"
    assert REMOVALS.keys() == {collection.name for collection in COLLECTIONS}


DECISIONS: tuple[type[OptedOut | OptedIn | Erased], ...] = (OptedOut, OptedIn, Erased)


async def act(world: World, chance: random.Random) -> None:
    """One step of anything that can happen."""
    who = chance.randint(1, 4)
    message = chance.choice(list(world.messages) or [0])
    now: dict[str, tuple[int, Callable[[], object]]] = {
        "send": (30, lambda: world.send(who)),
        "decide": (9, lambda: world.decide(chance.choice(DECISIONS), who)),
        "connect": (5, world.connect),
        "leave": (3, world.leave),
        "react": (14 if message else 0, lambda: world.react(who, message)),
        "unreact": (7 if message else 0, lambda: world.unreact(who, message)),
        "join": (8, lambda: world.join(who)),
        "part": (6, lambda: world.part(who)),
        "thread": (4, lambda: world.see_thread(chance.choice([0, *world.threads]))),
        "vote": (8, lambda: world.vote(who)),
        "unvote": (7, lambda: world.unvote(who)),
        "redeliver": (6 if message else 0, lambda: world.deliver(message)),
    }
    waiting: dict[str, tuple[int, Callable[[], Awaitable[object]]]] = {
        "fetch": (6, world.fetch),
        "fill": (6, world.fill),
        "flush": (6, world.recorder.flush),
        "kill": (3, world.kill),
    }
    weights = {name: weight for name, (weight, _) in (now | waiting).items()}
    (name,) = chance.choices(list(weights), list(weights.values()))
    if name in now:
        now[name][1]()
    else:
        await waiting[name][1]()


@pytest.mark.parametrize("seed", range(SCRIPTS))
async def test_nothing_silent_counts_and_all_else_does_once(
    driver: Driver, db: Handle, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    world = World(driver, db, tmp_path / "data")
    await world.start()
    for _ in range(STEPS):
        await act(world, chance)
    await world.finish()
    assert await world.stored() == world.expected()
    assert await world.stored_besides() == world.expected_besides()
    await world.stop()


async def test_nothing_in_any_collection_or_file_names_the_member_any_more(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    world = World(driver, db, tmp_path / "data")
    await world.start()
    world.connect()
    for number in range(60):
        world.send(1 + number % 2)
    first = next(iter(world.messages))
    world.react(2, first)
    world.react(1, first + STEP)
    await live_in_voice(world)
    await world.recorder.flush()
    await Directory(db).add_guild(GUILD, "A server", "UTC")
    assert await Packer(db).pack(LATER_MS) == 1
    pack = await db.memberPacks.find_one({}) or {}
    ada, bob = world.member(1), world.member(2)
    members = ids_from_bytes(pack["members"]).tolist()
    assert sorted(members) == sorted([ada, bob])
    await GuildSettings(db).note(GUILD, ada, Change(Subject.CHANNEL, "5", applies=True), LATER_MS)
    everywhere = set(await places_of(db, tmp_path, ada))
    assert everywhere >= {"memberActivityStats", "memberDays", "memberPacks", "messageStates", "audit"}

    days = await db.guildDays.find().to_list(None)
    channels = await db.channelStats.find().to_list(None)
    world.decide(OptedOut, 1)
    world.decide(Erased, 1)
    await world.recorder.flush()
    assert await places_of(db, tmp_path, ada) == []
    assert set(await places_of(db, tmp_path, bob)) >= {"memberActivityStats", "memberDays", "memberPacks"}
    assert await db.guildDays.find().to_list(None) == days, "no day has to be packed again"
    assert await db.channelStats.find().to_list(None) == channels
    cut = await db.memberPacks.find_one({}) or {}
    row = members.index(bob)
    assert ids_from_bytes(cut["members"]).tolist() == [bob]
    for column in ("messages", "hours"):
        assert counts_from_bytes(cut[column]).tolist() == [counts_from_bytes(pack[column])[row]]

    world.unreact(1, first + STEP)
    world.unreact(2, first)
    await world.kill()
    await world.finish()
    assert await places_of(db, tmp_path, ada) == [], "neither history nor what is taken back brings it back"
    assert await world.stored() == world.expected()
    await world.stop()


async def live_in_voice(world: World) -> None:
    """Time of the member in voice, in the journal and in the database."""
    world.recorder.record(VoiceTime(GUILD, 9, 2, world.member(1), 1, 60_000, 0, DAY, 1, 32))
    await world.recorder.flush()
    world.recorder.record(VoiceTime(GUILD, 9, 2, world.member(1), 1, 60_000, 0, DAY, 1, 32))


async def test_a_day_that_is_being_packed_keeps_nobody(driver: Driver, db: Handle, tmp_path: Path) -> None:
    """The packer has read the member's day, and writes its pack only when the member has been erased."""
    world = World(driver, db, tmp_path / "data")
    await world.start()
    world.connect()
    world.send(1)
    world.send(2)
    await world.recorder.flush()
    await Directory(db).add_guild(GUILD, "A server", "UTC")
    world.decide(Erased, 1)
    packer, late = Packer(db), Late(world)
    packer._save = late.around(packer._save)  # type: ignore[method-assign]
    await packer.pack(LATER_MS)
    assert late.erased
    day = await db.guildDays.find_one({}) or {}
    assert day["dirty"], "it is packed again"
    await Packer(db).pack(LATER_MS)
    assert await places_of(db, tmp_path, world.member(1)) == []
    assert await places_of(db, tmp_path, world.member(2)) != []
    await world.stop()


async def test_a_pack_of_an_archived_day_is_kept_as_a_base_only_while_nobody_was_erased(db: Handle) -> None:
    pack = _named(sample(MEMBER_PACKS, 1, random.Random(1)), 0xABCD) | {"_id": day_id(GUILD, 0, DAY)}
    await db.memberPacks.insert_one(pack)
    today = sample(GUILD_DAYS, 1, random.Random(2)) | {"_id": day_id(GUILD, 0, DAY), "revision": 3}
    await db.guildDays.insert_one(today)
    for revision, kept in ((2, None), (3, {"revision": pack["revision"]})):
        day = packing._Day(GUILD, 0, DAY, revision, archived=True)
        made = await Packer(db)._on_base(day, MEMBER_BASES, MEMBER_PACKS, lambda base: base)
        assert (made or {}).get("revision") == (kept or {}).get("revision")
        assert await db.memberBases.count_documents({}) == (kept is not None)


class Late:
    """Erases before the first pack is saved."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.erased = False

    def around(self, save: Callable[..., Awaitable[None]]) -> Callable[..., Coroutine[Any, Any, None]]:
        async def late(*arguments: object) -> None:
            if not self.erased:
                await self.world.recorder.flush()
                self.erased = True
            await save(*arguments)

        return late


async def test_a_restore_of_an_older_backup_brings_nobody_back(
    driver: Driver, db: Handle, database_name: str, tmp_path: Path
) -> None:
    world = World(driver, db, tmp_path / "data")
    await world.start()
    world.connect()
    for number in range(30):
        world.send(1 + number % 3)
    await world.recorder.flush()
    async with one_instant(driver, db) as dump:
        await back_up(dump, db.name, tmp_path / "backup", FixedClock(), lambda *_: None)
    world.decide(Erased, 1)
    world.decide(OptedOut, 2)
    await world.recorder.flush()
    await world.stop()

    other = database(driver, f"{database_name}_2")
    await restore(other, tmp_path / "backup", bytes(32), lambda *_: None)
    assert await places_of(other, tmp_path / "data", world.member(1)) != []
    world.db = other
    await world.start()
    assert await places_of(other, tmp_path / "data", world.member(1)) == []
    world.connect()
    world.send(2)
    await world.finish()
    assert await world.stored() == world.expected()
    assert await places_of(other, tmp_path / "data", world.member(1)) == []
    await world.stop()
    await driver.drop_database(other.name)


async def test_a_new_data_folder_learns_it_from_the_database(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    world = World(driver, db, tmp_path / "data")
    await world.start()
    world.connect()
    world.send(1)
    world.decide(Erased, 1)
    world.decide(OptedOut, 1)
    await world.finish()
    await world.stop()
    world.folder = tmp_path / "new"
    await world.start()
    world.connect()
    world.send(1)
    await world.finish()
    assert await world.stored() == {} == world.expected()
    await world.stop()


async def test_a_decision_that_only_the_journal_has_holds_at_once_after_a_kill(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    world = World(driver, db, tmp_path / "data")
    await world.start()
    world.connect()
    world.decide(OptedOut, 1)
    await world.kill()
    assert not world.gate.counts(GUILD, CHANNEL, 0, world.member(1))
    await world.stop()


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda each: each.name)
async def test_each_collection_loses_whom_its_row_can_find(db: Handle, collection: Collection) -> None:
    """A member in every field that may name one, in documents with whatever else the collection holds."""
    chance, ada, bob = random.Random(1), 0xAB54A98CEB1F0AD2, 0x0B0B0B0B0B0B0B0B
    removal, table = REMOVALS[collection.name], db[collection.name]
    planted = [_named(sample(collection, number, chance), who) for number, who in enumerate((ada, bob))]
    await table.insert_many(planted)
    found = await removal.members(db, collection.name, GUILD)
    assert found <= {ada, bob}
    assert bool(found) == (not isinstance(removal, Nobody)), "a row says whether it holds members"
    await erase(db, GUILD, {ada})
    await erase(db, GUILD, {ada})
    left = await table.find().to_list(None)
    assert await removal.members(db, collection.name, GUILD) == found - {ada}
    if not isinstance(removal, Nobody):
        assert await places_of(db, Path("/nowhere"), ada) == []
        assert planted[1] in left, "others keep everything"
    assert await table.find_one({"$nor": [collection.validator()]}) is None


def _named(document: dict[str, Any], who: int) -> dict[str, Any]:
    """Let a made-up document be about a member, wherever it could be."""
    named: dict[str, Any] = {**document, "guildId": str(GUILD)} if "guildId" in document else dict(document)
    for field in ("userId", "author", "actor", "member", "moderatorId", "resolvedBy", "creator"):
        if field in named:
            named[field] = hexadecimal(who)
    if "timeouts" in named:
        item = {"entry": 1, "until": None, "zone": 0, "day": DAY_DATE, "hour": 1}
        named["timeouts"] = [item | {"userId": hexadecimal(who)}]
    if "earliest" in named:
        named["earliest"] = [{"userId": hexadecimal(who), "at": DAY_DATE}]
    if "interested" in named:
        named["interested"] = [hexadecimal(who)]
        named["attendance"] = [{"userId": hexadecimal(who), "ms": Int64(60_000)}]
        named.update(interestedCount=1, attendedCount=1, attendedInterestedCount=1)
    if "members" in named and isinstance(named["members"], bytes):
        named.update(form=1, members=ids_to_bytes([who]), others=b"", messages=bytes(4), hours=bytes(4))
    if "revisions" in named:
        named.update(_month(), stale=False)
    return named


def _month() -> dict[str, bytes]:
    """Columns of a packed month with one row, of somebody who did nothing."""
    masks = {name: bytes(4) for name in ("there", "wrote", "spoke", "reacted", "given", "received")}
    return {**masks, "messages": bytes(4), "voice": bytes(8), "daily": b"", "many": b"", "interactions": b""}


@pytest.fixture
async def world(driver: Driver, db: Handle, tmp_path: Path) -> AsyncIterator[World]:
    world = World(driver, db, tmp_path / "data")
    await world.start()
    world.connect()
    yield world
    await world.stop()


@pytest.mark.parametrize("kind", [OptedOut, Erased])
async def test_an_author_gets_nothing_more_for_a_message_with_reactions(
    world: World, kind: type[OptedOut | Erased]
) -> None:
    world.send(1)
    message = world.newest
    world.react(2, message)
    await world.recorder.flush()
    world.decide(OptedOut, 1)
    if kind is Erased:
        world.decide(Erased, 1)
    await world.recorder.flush()
    world.react(3, message)
    world.unreact(2, message)
    await world.recorder.flush()
    assert world.received[1] == (kind is OptedOut), "what was received before stays until it is erased"
    assert await world.stored() == world.expected()


async def test_who_opts_in_again_receives_anew_and_loses_nothing_old(world: World) -> None:
    world.send(1)
    message = world.newest
    world.react(2, message)
    world.decide(OptedOut, 1)
    world.react(3, message)
    world.decide(OptedIn, 1)
    world.react(4, message)
    await world.recorder.flush()
    assert world.received[1] == 2
    assert await world.stored() == world.expected()
    for who in (2, 3, 4):
        world.unreact(who, message)
    await world.recorder.flush()
    assert world.received[1] == 1, "only the last is taken back: the others were given before"
    assert await world.stored() == world.expected()


async def test_a_page_waits_for_an_erasure_that_came_before_what_it_holds(world: World) -> None:
    world.leave()
    world.send(1)
    world.decide(Erased, 1)
    world.send(1)
    world.connect()
    assert await world.fetch()
    await world.fill()
    await world.recorder.flush()
    assert await world.stored() == world.expected() == {hexadecimal(world.member(1)): (1, 0, 0)}


async def test_no_book_in_memory_writes_back_what_was_erased(world: World, tmp_path: Path) -> None:
    """Join, thread and vote are in the books at the erasure; what follows finds nothing of them."""
    world.join(1)
    world.vote(1)
    for _ in range(4):
        world.see_thread(0)
    world.send(1)
    await world.recorder.flush()
    world.decide(Erased, 1)
    world.unvote(1)
    for thread in world.threads:
        world.see_thread(thread)
    world.join(1)
    await world.recorder.flush()
    assert await places_of(world.db, tmp_path / "none", world.member(1)) == []
    assert await world.stored_besides() == world.expected_besides()
    world.part(1)
    await world.recorder.flush()
    left = await world.db.memberArchive.find_one({}) or {}
    assert left["joinTimestamp"] is None, "the leave is known, and nothing from before"
    assert [each["notBefore"] for each in left["leaveHistory"]] == [None]
    world.decide(Erased, 1)
    await world.recorder.flush()
    assert await world.stored_besides() == world.expected_besides()
    assert await places_of(world.db, tmp_path / "none", world.member(1)) == []
