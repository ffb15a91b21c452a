"""Servers beside each other on a real database, each on its own calendar, and only while both agree."""

from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from analytics.charts.spec import ComparisonSpec, Theme
from analytics.timeframes import parse_timeframe
from bot.agreements import Step
from bot.db.agreements import StoredAgreements
from bot.db.database import Driver, Handle
from bot.db.directory import ChannelRecord, Directory
from bot.db.packing import Packer
from bot.db.reader import Reader
from bot.db.retention import apply_retention
from bot.ingest.activities.levels import MembersCounted
from bot.ingest.fold import Foldable
from bot.views.refusal import CannotShow
from bot.views.registry import VIEWS
from bot.views.scope import Scope
from schemas.results.board import Board
from tests.bot.db.counting import count_activities
from tests.bot.views.counted import (
    GUILD,
    LONG_AGO,
    NOW,
    NOW_MS,
    TODAY,
    counted,
    instant,
    message,
    told_of_members,
    voice,
)
from tests.support.agreements import agree

OTHER, EMPTY, STRANGER = 3 << 60, 5 << 60, 6 << 60
OURS: tuple[Foldable, ...] = (
    message(20, 0),
    *(message(1, 9, member=member) for member in (1, 1, 2)),
    message(8, 9),
    voice(2, 9, 150),
    MembersCounted(GUILD, instant(1, 1), 0, TODAY - 1, 1, 50),
    MembersCounted(GUILD, instant(8, 1), 0, TODAY - 8, 1, 40),
)
THEIR_ROOM = "their-secret-room"


def theirs(guild: int = OTHER) -> list[Foldable]:
    """Twelve messages of three members among 200, in the last five days; counting began with them."""
    found: list[Foldable] = [
        msgspec.structs.replace(message(day, 9, 77, member=member), guild=guild)
        for day in (1, 2, 3, 5)
        for member in (1, 8, 9)
    ]
    return [*found, MembersCounted(guild, instant(1, 1), 0, TODAY - 1, 1, 200)]


async def lives(driver: Driver, db: Handle, name: str = "Over there", live: int | None = LONG_AGO) -> None:
    """Two servers that are counted, and agree; ``live``: since when the bot listens to the first."""
    await counted(driver, db, *OURS, live=live)
    await Directory(db).add_guild(GUILD, "Here", "UTC")
    await count_activities(driver, db, OTHER, theirs())
    await Directory(db).add_guild(OTHER, name, "UTC")
    await db.guilds.update_one({"_id": str(OTHER)}, {"$set": {"name": name}})
    await Directory(db).mark_discord(OTHER, instant(6, 0))
    await told_of_members(db, OTHER, instant(6, 0))
    await Directory(db).save_channels(OTHER, [ChannelRecord(77, THEIR_ROOM, "TEXT")])
    await Packer(db).pack_all(NOW_MS)
    await agree(db, GUILD, OTHER)


REACTIONS_BY_DAY = (
    "Reactions are counted by whole days: the figures are of 5 Mar \N{EN DASH} 10 Mar 2026, compared with "
    "26 Feb \N{EN DASH} 3 Mar 2026."
)


def asked(timeframe: str = "7d", *servers: int) -> Scope:
    return Scope(GUILD, parse_timeframe(timeframe, NOW.date()), NOW_MS, servers=servers)


async def shown(db: Handle, metric: str, scope: Scope) -> Board:
    view = VIEWS[f"compare/servers/{metric}"]
    return view.board(await view.load(Reader(db), scope))


def rows(board: Board) -> dict[str, list[tuple[int, float, float | None]]]:
    return {
        ranking.title: [(row.subject.id, row.value, row.previous) for row in ranking.rows]
        for ranking in board.rankings
    }


async def test_all_metrics_of_both_and_per_100_members(driver: Driver, db: Handle) -> None:
    await lives(driver, db)

    board = await shown(db, "all", asked("7d", OTHER))

    assert rows(board) == {
        "Messages": [(OTHER, 12, None), (GUILD, 3, 1)],
        "Members who wrote": [(OTHER, 3, None), (GUILD, 2, 1)],
        "Joins": [(GUILD, 0, 0), (OTHER, 0, None)],
        "Time in voice": [(GUILD, 150, 0), (OTHER, 0, None)],
        "Reactions": [(GUILD, 0, 0), (OTHER, 0, None)],
        "Threads": [(GUILD, 0, 0), (OTHER, 0, None)],
        "Messages per 100 members": [(GUILD, 6, 2.5), (OTHER, 6, None)],
        "Members who wrote per 100 members": [(GUILD, 4, 2.5), (OTHER, 1.5, None)],
        "Joins per 100 members": [(GUILD, 0, 0), (OTHER, 0, None)],
        "Time in voice per 100 members": [(GUILD, 300, 0), (OTHER, 0, None)],
        "Reactions per 100 members": [(GUILD, 0, 0), (OTHER, 0, None)],
        "Threads per 100 members": [(GUILD, 0, 0), (OTHER, 0, None)],
        "Members": [(OTHER, 200, None), (GUILD, 50, 40)],
    }
    assert board.notes == (
        "The days are those of each server's own time zone: Here (UTC), Over there (UTC).",
        REACTIONS_BY_DAY,
        "The table has each of them per 100 members, too.",
        "Counted for a part of this period only: Over there.",
    )
    view = VIEWS["compare/servers/all"]
    chart = view.chart(await view.load(Reader(db), asked("7d", OTHER)), Theme.DARK)
    assert isinstance(chart, ComparisonSpec)
    assert chart.subjects == ("Over there", "Here")
    assert chart.title == "Over there: 4 times as many messages as Here"


async def test_of_a_server_that_files_fed_only_messages_are_known(driver: Driver, db: Handle) -> None:
    await lives(driver, db, live=None)

    board = await shown(db, "all", asked("7d", OTHER))

    assert rows(board)["Messages"] == [(OTHER, 12, None), (GUILD, 3, 1)]
    for title in ("Joins", "Time in voice", "Reactions", "Threads"):
        assert rows(board)[title] == [(OTHER, 0, None)]
    assert board.notes[-1] == "Unknown of Here: Joins, Time in voice, Reactions, Threads."


async def test_one_metric_closely(driver: Driver, db: Handle) -> None:
    await lives(driver, db)

    board = await shown(db, "messages", asked("7d", OTHER))

    assert rows(board) == {
        "Messages": [(OTHER, 12, None), (GUILD, 3, 1)],
        "Messages per 100 members": [(GUILD, 6, 2.5), (OTHER, 6, None)],
        "Messages a day": [
            (OTHER, pytest.approx(12 / (5 + 16 / 24)), None),
            (GUILD, pytest.approx(3 / (6 + 16 / 24)), None),
        ],
        "Most in a day": [(GUILD, 3, None), (OTHER, 3, None)],
        "Members": [(OTHER, 200, None), (GUILD, 50, 40)],
    }
    active = await shown(db, "active", asked("7d", OTHER))
    assert "Members who wrote a day" not in rows(active)
    alone = await shown(db, "messages", replace(asked("7d", OTHER), compare=False))
    assert rows(alone)["Messages"] == [(OTHER, 12, None), (GUILD, 3, None)]


async def test_nothing_of_the_other_servers_channels_and_members_is_read(driver: Driver, db: Handle) -> None:
    await lives(driver, db)
    for view in VIEWS.values():
        if view.group == "compare/servers":
            result = await view.load(Reader(db), asked("30d", OTHER))
            text = msgspec.json.encode((result, view.board(result))).decode()
            assert THEIR_ROOM not in text
            assert '"id":77' not in text
            assert {"server"} == {
                row.subject.kind for each in view.board(result).rankings for row in each.rows
            }


async def test_each_server_has_its_own_days(driver: Driver, db: Handle) -> None:
    await lives(driver, db)
    await db.guilds.update_one({"_id": str(OTHER)}, {"$set": {"zones.0.zone": "Asia/Tokyo"}})
    yesterday = asked("2026-03-10..2026-03-10", OTHER)
    assert rows(await shown(db, "messages", yesterday))["Messages"] == [(GUILD, 3, 1), (OTHER, 3, None)]
    board = await shown(db, "messages", replace(yesterday, now_ms=NOW_MS - 15 * 3_600_000))
    assert "Over there (Asia/Tokyo)" in board.notes[0]
    # there the 12th has begun when it is the 11th here: the last two days are not the same ones
    late = int(datetime(2026, 3, 11, 16, 20, tzinfo=UTC).timestamp() * 1000)
    two = replace(asked("2d", OTHER), now_ms=late)
    assert rows(await shown(db, "messages", two))["Messages"] == [(GUILD, 3, 1), (OTHER, 0, None)]


async def test_all_time_begins_where_all_are_counted(driver: Driver, db: Handle) -> None:
    await lives(driver, db)
    board = await shown(db, "messages", asked("all", OTHER))
    assert rows(board)["Messages"] == [(OTHER, 12, None), (GUILD, 3, None)], "not the one of 20 days ago"
    assert board.head.timeframe == "2026-03-06..2026-03-11"
    assert board.notes[1].startswith("All time begins here on the first day on which all")


async def test_what_is_unknown_is_said_and_not_0(driver: Driver, db: Handle) -> None:
    await lives(driver, db)
    await Directory(db).add_guild(EMPTY, "Nobody home", "UTC")
    await agree(db, GUILD, EMPTY)
    await db.guildDays.update_many({"guildId": str(OTHER)}, {"$unset": {"members": 1}})
    board = await shown(db, "messages", asked("7d", OTHER, EMPTY))
    assert rows(board)["Messages"] == [(OTHER, 12, None), (GUILD, 3, 1)]
    assert rows(board)["Messages per 100 members"] == [(GUILD, 6, 2.5)]
    assert board.notes[-2:] == (
        "Unknown of Over there: Members.",
        "Unknown of Nobody home: Messages, Members.",
    )
    await db.memberDays.delete_many({})
    await db.memberPacks.delete_many({})
    await apply_retention(db, {"members": 1})
    assert rows(await shown(db, "active", asked("7d", OTHER)))["Members who wrote"] == []


@pytest.mark.parametrize("who", [GUILD, OTHER])
async def test_it_is_shown_while_both_agree_and_no_longer(driver: Driver, db: Handle, who: int) -> None:
    await lives(driver, db)
    other = OTHER if who == GUILD else GUILD
    assert (await shown(db, "all", asked())).rankings, "without a choice all that agree"
    await StoredAgreements(db).take(Step(who, other, offers=False, actor=1), NOW_MS)
    for scope in (asked("7d", OTHER), asked(), replace(asked("7d", GUILD), guild_id=OTHER)):
        for metric in ("all", "voice"):
            with pytest.raises(CannotShow, match="There is no agreement"):
                await shown(db, metric, scope)


async def test_nobody_learns_whether_a_server_is_there(driver: Driver, db: Handle) -> None:
    await lives(driver, db)
    await count_activities(driver, db, STRANGER, theirs(STRANGER))
    await StoredAgreements(db).take(Step(GUILD, STRANGER, offers=True, actor=1), NOW_MS)
    said = set()
    for server in (STRANGER, 12345, GUILD):
        with pytest.raises(CannotShow) as refused:
            await shown(db, "all", asked("7d", OTHER, server))
        said.add(str(refused.value))
    assert len(said) == 1
    with pytest.raises(CannotShow):
        await shown(db, "all", asked("7d", OTHER, OTHER, OTHER, OTHER))


async def test_a_hostile_name_stays_a_name(driver: Driver, db: Handle) -> None:
    await lives(driver, db, "[free](https://evil.example) @everyone **x**")
    board = await shown(db, "all", asked("7d", OTHER))
    assert not set("[]()@*:/") & set(board.notes[0].partition(": ")[2].replace("(UTC)", ""))
