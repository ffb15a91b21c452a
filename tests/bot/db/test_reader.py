"""What the views read, against a naive count of the same messages: from packs, from days, from both."""

from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest

from analytics.day_columns import MemberPart
from analytics.local_time import HourRange, date_of, day_of
from analytics.member_activity import member_activity, values_of
from analytics.packs import totals_by_id
from analytics.timeframes import parse_timeframe
from bot.db.database import Driver, Handle
from bot.db.directory import Directory
from bot.db.migrations import pack_members_again
from bot.db.packing import Packer
from bot.db.reader import Reader, UnknownGuild
from bot.ingest.activities.levels import MembersCounted
from bot.ingest.activities.messages import MessageSent
from bot.views.overview import load
from bot.views.scope import Scope
from schemas.day_packs import HOURS_FORM, PACK_FORM
from tests.bot.db.counting import count_activities
from tests.support.slices import spans_of

GUILD = 1 << 60
TODAY = day_of(datetime(2026, 3, 11, tzinfo=UTC).date())
NOW = int(datetime(2026, 3, 11, 15, 20, tzinfo=UTC).timestamp() * 1000)


def some_messages(random: Random, number: int, days: int) -> list[MessageSent]:
    return [
        MessageSent(
            guild=GUILD,
            channel=random.choice([11, 12, 1 << 62]),
            thread=0,
            kind=0,
            member=random.choice([1, 2, 3, (1 << 64) - 1, 1 << 63]),
            id=0,
            session=0,
            at=0,
            zone=0,
            day=TODAY - random.randrange(days),
            hour=random.randrange(24),
            flags=0,
        )
        for _ in range(number)
    ]


async def check(reader: Reader, sent: list[MessageSent], span: HourRange) -> None:
    found = await reader.period(GUILD, (span,))
    inside = [m for m in sent if span.start <= m.day * 24 + m.hour < span.stop]
    channels = totals_by_id([d.channels for d in found.channels], [d.messages for d in found.channels])
    assert channels == Counter(m.channel for m in inside)
    by_hour = Counter(m.day * 24 + m.hour for m in inside)
    assert {
        d.day * 24 + hour: int(d.hours[hour]) for d in found.channels for hour in range(24) if d.hours[hour]
    } == by_hour
    assert found.writers() == len({m.member for m in inside})


@pytest.mark.parametrize("packed", ["nothing", "all", "some"])
async def test_a_period_reads_the_same_from_packs_and_from_days(
    driver: Driver, db: Handle, packed: str
) -> None:
    random = Random(packed)
    sent = some_messages(random, 300, 40)
    await count_activities(driver, db, GUILD, sent)
    if packed != "nothing":
        done = await Packer(db).pack(NOW)
        assert done == len({m.day for m in sent if m.day < TODAY}), "the running day stays as it is"
    if packed == "some":
        later = some_messages(random, 5, 40)
        sent += later
        await count_activities(driver, db, GUILD, later)
        dirty = await db.guildDays.count_documents({"dirty": True, "day": {"$lt": datetime(2026, 3, 11)}})  # noqa: DTZ001 - stored so
        assert dirty == len({m.day for m in later if m.day < TODAY})
    reader = Reader(db)
    for start, stop in [(0, 40), (3, 10), (39, 40), (0, 1)]:
        whole = HourRange(0, (TODAY - 39 + start) * 24, (TODAY - 39 + stop) * 24)
        await check(reader, sent, whole)
        await check(reader, sent, HourRange(0, whole.start + 7, whole.stop - 6))
    await check(reader, sent, HourRange(0, TODAY * 24 - 5, TODAY * 24 + 9))


HOURS_IN_PACKS = ("messagesBy", "voiceAt", "voiceBy")


@pytest.mark.parametrize("form", [None, 2, 3])
async def test_members_of_a_cut_day_are_the_same_whatever_its_pack_is(
    driver: Driver, db: Handle, form: int | None
) -> None:
    sent = some_messages(Random(7), 200, 9)
    await count_activities(driver, db, GUILD, sent)
    if form is not None:
        await Packer(db).pack_all(NOW)
    if form == PACK_FORM:
        unknown = dict.fromkeys(HOURS_IN_PACKS, "")
        await db.memberPacks.update_many({}, {"$set": {"form": PACK_FORM}, "$unset": unknown})
    span = HourRange(0, (TODAY - 6) * 24 + 9, TODAY * 24 + 15)
    inside = [m for m in sent if span.start <= m.day * 24 + m.hour < span.stop]
    found = await Reader(db).dated_member_days(GUILD, (span,), MemberPart.MESSAGES)
    assert [dated.day for dated in found] == sorted({m.day for m in inside})
    summed = member_activity(spans_of(found), ("messages",))
    assert values_of(summed, "messages") == Counter(m.member for m in inside)


async def test_a_migration_has_days_packed_again_with_their_hours(driver: Driver, db: Handle) -> None:
    await count_activities(driver, db, GUILD, some_messages(Random(8), 50, 5))
    await Packer(db).pack_all(NOW)
    await db.memberPacks.update_many(
        {}, {"$set": {"form": PACK_FORM}, "$unset": dict.fromkeys(HOURS_IN_PACKS, "")}
    )
    archived = await db.guildDays.find_one_and_update(
        {"dirty": False}, {"$set": {"archive": "of-before.zip"}}
    )
    await pack_members_again(db)
    await Packer(db).pack_all(NOW)
    forms = {pack["_id"]: pack["form"] async for pack in db.memberPacks.find()}
    assert len(forms) > 1
    assert archived is not None
    assert {day for day, form in forms.items() if form != HOURS_FORM} == {archived["_id"]}


async def test_other_servers_and_other_zone_epochs_stay_out(driver: Driver, db: Handle) -> None:
    sent = some_messages(Random(1), 20, 3)
    await count_activities(driver, db, GUILD, sent)
    reader = Reader(db)
    everything = HourRange(1, (TODAY - 5) * 24, (TODAY + 1) * 24)
    assert not (await reader.period(GUILD, (everything,))).channels
    await Directory(db).add_guild(5, "Another", "UTC")
    assert not (await reader.period(5, (HourRange(0, everything.start, everything.stop),))).wrote[0]


async def test_the_number_of_members_is_the_latest_reading_or_unknown(driver: Driver, db: Handle) -> None:
    reader = Reader(db)
    span = HourRange(0, (TODAY - 2) * 24, TODAY * 24 + 4)
    await count_activities(driver, db, GUILD, some_messages(Random(2), 3, 2))
    assert await reader.members(GUILD, (span,)) is None
    readings = [(TODAY - 1, 23, 50), (TODAY, 3, 60), (TODAY, 4, 70), (TODAY - 3, 1, 40)]
    await count_activities(
        driver,
        db,
        GUILD,
        [MembersCounted(GUILD, (d * 24 + h) * 3_600_000, 0, d, h, n) for d, h, n in readings],
    )
    assert await reader.members(GUILD, (span,)) == 60
    assert await reader.members(GUILD, (HourRange(0, (TODAY - 2) * 24, TODAY * 24),)) == 50


@pytest.mark.parametrize("packed", [True, False])
async def test_writers_are_unknown_where_their_days_have_expired(
    driver: Driver, db: Handle, *, packed: bool
) -> None:
    sent = some_messages(Random(3), 40, 5)
    await count_activities(driver, db, GUILD, sent)
    if packed:
        await Packer(db).pack(NOW)
    expired = {"day": {"$lt": datetime.fromtimestamp((TODAY - 3) * 86_400, UTC)}}
    for personal in (db.memberDays, db.memberPacks):
        await personal.delete_many(expired)
    scopes = [Scope(GUILD, parse_timeframe(text, date_of(TODAY)), NOW) for text in ("all", "2d")]
    whole, recent = [await load(Reader(db), scope) for scope in scopes]
    assert whole.messages == sum(m.day < TODAY or m.hour <= 15 for m in sent)
    assert whole.writers is None
    assert recent.writers


async def test_counted_days_span_zone_epochs(driver: Driver, db: Handle) -> None:
    reader = Reader(db)
    await Directory(db).add_guild(GUILD, "A server", "UTC")
    assert not await reader.counted_days(GUILD)
    await count_activities(driver, db, GUILD, [MembersCounted(GUILD, 1, 0, TODAY - 9, 1, 1)])
    await Directory(db).change_zone(GUILD, "Asia/Kolkata", NOW)
    await count_activities(driver, db, GUILD, [MembersCounted(GUILD, 1, 1, TODAY + 1, 1, 1)])
    assert await reader.counted_days(GUILD) == range(TODAY - 9, TODAY + 2)


async def test_a_server_nobody_knows_is_said_to_be_unknown(db: Handle) -> None:
    with pytest.raises(UnknownGuild, match="server 42"):
        await Reader(db).guild(42)


async def test_packing_during_a_write_is_noticed(driver: Driver, db: Handle) -> None:
    sent = some_messages(Random(4), 10, 1)
    yesterday = [
        MessageSent(*[TODAY - 1 if f == "day" else getattr(m, f) for f in m.__struct_fields__]) for m in sent
    ]
    await count_activities(driver, db, GUILD, yesterday)
    packer = Packer(db)
    save = packer._save

    async def interrupted(collection: str, day: object, columns: dict[str, bytes]) -> None:
        await count_activities(driver, db, GUILD, yesterday[:1])
        await save(collection, day, columns)

    packer._save = interrupted
    await packer.pack(NOW, limit=1)
    packer._save = save
    assert await db.guildDays.count_documents({"dirty": True}) == 1
    span = HourRange(0, (TODAY - 1) * 24, TODAY * 24)
    await check(Reader(db), [*yesterday, yesterday[0], yesterday[0]], span)
    assert await packer.pack(NOW) == 1
    await check(Reader(db), [*yesterday, yesterday[0], yesterday[0]], span)
