"""Packed months on a real mongod: the figures of the days, also when days change, go, or are being read."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from random import Random

import pytest

from analytics.local_time import HourRange, ZoneHistory, day_of, midnight_utc
from analytics.member_activity import RANKED_BY, member_activity, messages_by_day, values_of
from analytics.member_spans import MemberSpan
from analytics.months import month_of, whole_months
from analytics.participation import daily_active, participation
from bot.claims import ALL_SERVERS
from bot.db.database import Driver, Handle
from bot.db.directory import Directory
from bot.db.erasing import erase
from bot.db.member_months import read_months, valid_months
from bot.db.migrations import migrate, set_schema_version
from bot.db.month_packing import MonthPacker
from bot.db.packing import Packer
from bot.db.reader import Reader
from bot.db.valid_packs import read_marks
from bot.ingest.activities.messages import MessageSent
from bot.ingest.activities.voice import VoiceFlag, VoiceTime
from bot.ingest.books.reactions import Given, ReactionCounted
from bot.ingest.fold import Foldable
from tests.bot.db.counting import count_activities
from tests.support.slices import spans_of

GUILD = 9
NOW = int(datetime(2026, 3, 11, 15, 20, tzinfo=UTC).timestamp() * 1000)
TODAY = day_of(datetime(2026, 3, 11, tzinfo=UTC).date())
FEBRUARY = month_of(TODAY - 20)
WHO = [1, 2, 3, 1 << 63, (1 << 64) - 1]
DAYS = range(TODAY - 100, TODAY + 1)


def happening(random: Random, zone: int, day: int) -> Foldable:
    hour, member = random.randrange(24), random.choice(WHO)
    at = (day * 24 + hour) * 3_600_000
    match random.randrange(4):
        case 0:
            flags = random.choice([0, VoiceFlag.AFK.value])
            return VoiceTime(GUILD, 11, 1, member, at, random.randrange(1, 9**7), zone, day, hour, flags)
        case 1:
            given, by = Given("x", zone, day, hour), random.choice([1, 1, -1])
            return ReactionCounted(GUILD, 11, 0, 0, member, random.choice(WHO), given, by, at)
    return MessageSent(GUILD, 12, 0, 0, member, 0, 0, at, zone, day, hour, 0)


def some(random: Random, number: int, days: range, zone: int = 0) -> list[Foldable]:
    return [happening(random, zone, random.choice(days)) for _ in range(number)]


def figures(spans: list[MemberSpan]) -> list[object]:
    activity = member_activity(spans)
    return [
        participation(spans),
        {day: number for day, number in daily_active(spans).items() if number},
        [values_of(activity, by) for by in RANKED_BY],
        [+Counter(messages_by_day(spans, who)) for who in WHO],
    ]


async def same(db: Handle, *ranges: HourRange) -> None:
    """What is read with months is what the days say."""
    reader = Reader(db)
    spans, days = await reader.member_spans(GUILD, ranges), await reader.dated_member_days(GUILD, ranges)
    assert figures(spans) == figures(spans_of(days))
    period = await reader.period(GUILD, ranges)
    wrote = {day.day: set(day.columns.wrote.tolist()) for day in days}
    assert period.writers() == (None if period.forgotten else len(set().union(*wrote.values())))
    assert {day: period.writers(range(day, day + 1)) for day in wrote} == {
        day: None if day in period.forgotten else len(who) for day, who in wrote.items()
    }
    assert not period.forgotten & {day for day, who in wrote.items() if who}


async def valid(db: Handle, days: range = DAYS, zone: int = 0) -> set[range]:
    """Months that are read in place of their days."""
    span = HourRange(zone, days.start * 24, days.stop * 24)
    months = await read_months(db, (GUILD, zone), whole_months(days), ("members",))
    return set(valid_months(months, await read_marks(db, GUILD, span)))


def around(random: Random) -> HourRange:
    """Hours of some days, cut or not."""
    first, last = sorted(random.choices(DAYS, k=2))
    cut = random.choice([0, 5])
    return HourRange(0, first * 24 + cut, (last + 1) * 24 - cut)


@pytest.mark.parametrize("seed", range(3))
async def test_any_period_says_what_its_days_say(driver: Driver, db: Handle, seed: int) -> None:
    random = Random(seed)
    await count_activities(driver, db, GUILD, some(random, 400, DAYS))
    await Packer(db).pack_all(NOW)
    assert len(await valid(db)) == 3
    for _ in range(6):
        await same(db, around(random))
    await count_activities(driver, db, GUILD, some(random, 4, DAYS))
    for _ in range(3):
        await same(db, around(random))
    await Packer(db).pack_all(NOW)
    assert len(await valid(db)) == 3
    for _ in range(3):
        await same(db, around(random))


async def test_history_makes_its_month_stale_and_a_later_pack_mends_it(driver: Driver, db: Handle) -> None:
    await count_activities(driver, db, GUILD, some(Random(1), 100, DAYS))
    await Packer(db).pack_all(NOW)
    whole = HourRange(0, FEBRUARY.start * 24, FEBRUARY.stop * 24)
    assert FEBRUARY in await valid(db)
    others = await valid(db) - {FEBRUARY}
    late = [happening(Random(2), 0, FEBRUARY.start + 3)]
    await count_activities(driver, db, GUILD, late)
    assert await valid(db) == others, "the days are read"
    await same(db, whole)
    assert await MonthPacker(db).pack(NOW) == 0, "nothing has packed the day yet"
    await Packer(db).pack(NOW)
    assert await valid(db) == others
    await same(db, whole)
    assert await MonthPacker(db).pack(NOW) == 1
    assert await valid(db) == {*others, FEBRUARY}
    await same(db, whole)
    assert await MonthPacker(db).pack(NOW) == 0


async def test_a_month_is_packed_once_it_is_over(driver: Driver, db: Handle) -> None:
    await count_activities(driver, db, GUILD, some(Random(1), 60, range(FEBRUARY.start, TODAY)))
    last = FEBRUARY.stop * 86_400_000
    await Packer(db).pack_all(last - 1)
    assert await valid(db) == set()
    await Packer(db).pack_all(last)
    assert await valid(db) == {FEBRUARY}


async def test_a_month_whose_days_are_kept_no_longer_is_read_by_days(driver: Driver, db: Handle) -> None:
    """A day of it has expired, and its pack with it, before the month was packed."""
    await count_activities(driver, db, GUILD, some(Random(3), 200, FEBRUARY))
    while await Packer(db).pack(NOW):
        pass
    gone = {"day": midnight_utc(FEBRUARY.start)}
    for personal in (db.memberDays, db.memberPacks):
        await personal.delete_many(gone)
    assert await MonthPacker(db).pack(NOW) == 0
    assert await valid(db) == set()
    assert await db.memberMonths.count_documents({"stale": True}) == 0, "it is not tried again and again"
    await same(db, HourRange(0, FEBRUARY.start * 24, FEBRUARY.stop * 24))


async def test_a_month_goes_no_later_than_its_days(driver: Driver, db: Handle) -> None:
    await count_activities(driver, db, GUILD, some(Random(3), 50, FEBRUARY))
    await Packer(db).pack_all(NOW)
    days = [each["day"] async for each in db.memberMonths.find()]
    assert days == [midnight_utc(FEBRUARY.start)]


async def test_a_change_of_zone_within_a_month(driver: Driver, db: Handle) -> None:
    random = Random(5)
    change = FEBRUARY.start + 9
    await count_activities(driver, db, GUILD, some(random, 150, range(DAYS.start, change)))
    await Directory(db).change_zone(GUILD, "Asia/Kolkata", change * 86_400_000 + 7 * 3_600_000)
    await count_activities(driver, db, GUILD, some(random, 150, range(change, TODAY), 1))
    await Packer(db).pack_all(NOW)
    zones: ZoneHistory = await Reader(db).zones(GUILD)
    for start, stop in ((DAYS.start, TODAY), (FEBRUARY.start, FEBRUARY.stop), (change - 40, change + 30)):
        await same(db, *zones.ranges(start * 24, stop * 24))


async def test_who_is_erased_is_in_no_month_and_all_else_stays(driver: Driver, db: Handle) -> None:
    await count_activities(driver, db, GUILD, some(Random(6), 200, DAYS))
    await Packer(db).pack_all(NOW)
    before = await valid(db)
    assert before
    await erase(db, GUILD, {WHO[1], WHO[4]})
    assert await valid(db) == before, "no day has changed"
    spans = await Reader(db).member_spans(GUILD, (HourRange(0, DAYS.start * 24, DAYS.stop * 24),))
    assert {who for span in spans for who in span.members.tolist()} == {WHO[0], WHO[2], WHO[3]}
    for _ in range(3):
        await same(db, around(Random(7)))


@pytest.mark.parametrize("late", ["before the days are read", "before the month is written"])
async def test_a_month_that_is_being_packed_keeps_nobody(driver: Driver, db: Handle, late: str) -> None:
    await count_activities(driver, db, GUILD, some(Random(8), 200, FEBRUARY))
    while await Packer(db).pack(NOW):
        pass
    packer = MonthPacker(db)
    name = "_packs" if late.endswith("read") else "_save"
    setattr(packer, name, after_erasure(db, getattr(packer, name)))
    await packer.pack(NOW)
    assert await valid(db) == set()
    assert await MonthPacker(db).pack(NOW) == 1
    (month,) = await db.memberMonths.find().to_list(None)
    spans = await Reader(db).member_spans(GUILD, (HourRange(0, FEBRUARY.start * 24, FEBRUARY.stop * 24),))
    assert month["members"] == spans[0].members.tobytes()
    assert WHO[0] not in spans[0].members


def after_erasure(db: Handle, step: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[object]]:
    async def late(*arguments: object) -> object:
        await erase(db, GUILD, {WHO[0]})
        return await step(*arguments)

    return late


async def test_a_database_from_before_gets_its_months(driver: Driver, db: Handle) -> None:
    await count_activities(driver, db, GUILD, some(Random(9), 100, DAYS))
    await Packer(db).pack_all(NOW)
    before = await valid(db)
    await db.memberMonths.drop()
    await set_schema_version(db, 2)
    await migrate(db)
    assert await db.memberMonths.count_documents({"stale": True}) == await db.memberMonths.count_documents({})
    await Packer(db, ALL_SERVERS).pack_all(NOW)
    assert await valid(db) == before != set()
