"""The view of active members on a real database, with activities that the real fold counted."""

from datetime import UTC, datetime, timedelta

from analytics.charts.spec import Theme
from analytics.local_time import day_of
from analytics.timeframes import parse_timeframe
from bot.db.database import Driver, Handle
from bot.db.packing import Packer
from bot.db.reader import Reader
from bot.db.retention import apply_retention
from bot.ingest.activities.levels import MembersCounted
from bot.ingest.activities.messages import MessageSent
from bot.ingest.activities.voice import VoiceFlag, VoiceTime
from bot.ingest.books.reactions import Given, ReactionCounted
from bot.ingest.fold import Foldable
from bot.views.members.activity import VIEW, board, chart, load
from bot.views.scope import Scope
from schemas.results.members import MembersActive, Took
from tests.bot.db.counting import count_activities, goes_live

GUILD = 9
NOW = datetime(2026, 3, 11, 15, 20, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
TODAY = day_of(NOW.date())


def wrote(member: int, day: int, hour: int = 3) -> MessageSent:
    return MessageSent(GUILD, 11, 0, 0, member, 0, 0, (day * 24 + hour) * 3_600_000, 0, day, hour, 0)


def spoke(member: int, day: int, flags: int = 0) -> VoiceTime:
    return VoiceTime(GUILD, 12, 1, member, day * 86_400_000, 60_000, 0, day, 5, flags)


def reacted(member: int, day: int) -> ReactionCounted:
    return ReactionCounted(GUILD, 11, 0, 0, member, 8, Given("x", 0, day, 6), 1, day * 86_400_000)


def counted(day: int, members: int) -> MembersCounted:
    return MembersCounted(GUILD, (day * 24 + 1) * 3_600_000, 0, day, 1, members)


HAPPENED: list[Foldable] = [
    *(wrote(1, TODAY - back) for back in range(70)),
    wrote(2, TODAY - 2),
    spoke(3, TODAY - 3),
    spoke(4, TODAY - 3, VoiceFlag.AFK.value),
    reacted(5, TODAY - 12),
    wrote(6, TODAY - 40),
    counted(TODAY, 10),
]


async def shown(driver: Driver, db: Handle, timeframe: str, *, kept: int | None = None) -> MembersActive:
    await count_activities(driver, db, GUILD, HAPPENED)
    await goes_live(db, GUILD, NOW - timedelta(days=80))
    await Packer(db).pack(NOW_MS)
    if kept is not None:
        limit = datetime.fromtimestamp((TODAY - kept) * 86_400, UTC)
        for name in ("memberDays", "memberPacks"):
            await db[name].delete_many({"day": {"$lt": limit}})
        await apply_retention(db, {"members": kept})
    return await load(Reader(db), Scope(GUILD, parse_timeframe(timeframe, NOW.date()), NOW_MS))


async def test_active_and_inactive_members_by_what_they_did(driver: Driver, db: Handle) -> None:
    result = await shown(driver, db, "30d")

    assert result.took == Took(active=4, wrote=2, spoke=1, reacted=1)
    assert result.previous == Took(active=2, wrote=2, spoke=0, reacted=0)
    assert result.reached is not None
    assert (result.reached.weekly, result.reached.monthly) == (3, 4)
    assert result.reached.daily == (30 + 3) / 30, "the running day is not in it"
    assert result.values[-3:] == (2, 1, 1)
    figures = {figure.title: figure.value for figure in board(result).figures}
    assert (figures["Active members"], figures["Inactive members"]) == (4, 6)
    assert figures["Stickiness"] == 33 / 30 / 4


async def test_hours_are_cut_where_the_period_is(driver: Driver, db: Handle) -> None:
    result = await shown(driver, db, "24h")

    assert result.took == Took(active=1, wrote=1, spoke=0, reacted=0)
    assert len(result.values) == 24
    assert sum(value or 0 for value in result.values) == 1


async def test_what_is_kept_no_longer_is_unknown_and_not_nobody(driver: Driver, db: Handle) -> None:
    result = await shown(driver, db, "60d", kept=20)

    assert result.took is None
    assert result.previous is None
    assert result.reached is None
    assert result.values[:39] == (None,) * 39
    assert result.values[-1] == 1
    figures = {figure.title: figure.value for figure in board(result).figures}
    assert figures["Active members"] is None
    assert figures["Inactive members"] is None
    assert board(result).notes


async def test_an_empty_server_knows_nothing(driver: Driver, db: Handle) -> None:
    await count_activities(driver, db, GUILD, [])
    result = await load(Reader(db), Scope(GUILD, parse_timeframe("30d", NOW.date()), NOW_MS))

    assert result.took is None
    assert set(result.values) == {None}
    assert chart(result, Theme.DARK).values == result.values


async def test_the_chart_says_the_finding(driver: Driver, db: Handle) -> None:
    spec = chart(await shown(driver, db, "30d"), Theme.LIGHT)

    assert spec.title == "4 active members: 40% of all 10"
    assert spec.y_label == "active members a day"
    assert VIEW.kind == "members/activity"
