"""Leaderboards and a member's figures on a real database, against the activities themselves."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from analytics.local_time import midnight_utc
from analytics.timeframes import Between, Recent
from bot.db.database import Driver, Handle
from bot.db.packing import Packer
from bot.db.reader import Reader
from bot.ingest.activity import MessageSent, VoiceTime
from bot.views.people import member as of_member
from bot.views.people.leaderboard import VIEWS
from bot.views.scope import Scope
from schemas.results.days import WholeDays
from tests.bot.db.counting import count_activities, goes_live
from tests.bot.views import counted as server

GUILD = 9
FIRST = date(2026, 1, 1)
START = 20_454
"""The number of that day."""
NOW = (START + 30) * 86_400_000
PERIOD = Between(date(2026, 1, 11), date(2026, 1, 20))


def some(random: Random) -> list[MessageSent | VoiceTime]:
    return [one(random, number) for number in range(400)]


def one(random: Random, number: int) -> MessageSent | VoiceTime:
    day, hour, member = START + random.randrange(20), random.randrange(24), random.randrange(1, 9)
    at = (day * 24 + hour) * 3_600_000
    if number % 3:
        return MessageSent(GUILD, 11, 0, 0, member, 0, 0, at, 0, day, hour, 0)
    return VoiceTime(GUILD, 12, 1, member, at, random.randrange(1, 3_600_000), 0, day, hour, 0)


def counted(happened: list[MessageSent | VoiceTime], days: range) -> tuple[Counter[int], Counter[int]]:
    messages: Counter[int] = Counter()
    voice: Counter[int] = Counter()
    for each in happened:
        if each.day in days and isinstance(each, MessageSent):
            messages[each.member] += 1
        elif each.day in days and isinstance(each, VoiceTime):
            voice[each.member] += each.ms
    return messages, voice


@pytest.mark.parametrize("packed", [False, True])
async def test_figures_are_those_of_what_happened(driver: Driver, db: Handle, packed: bool) -> None:  # noqa: FBT001 - a parameter
    happened = some(Random(packed))
    happened.append(MessageSent(GUILD, 11, 0, 0, 1, 0, 0, START * 86_400_000, 0, START, 0, 0))
    await count_activities(driver, db, GUILD, happened)
    await goes_live(db, GUILD, datetime(2020, 1, 1, tzinfo=UTC))
    if packed:
        await Packer(db).pack_all(NOW)
    scope = Scope(GUILD, PERIOD, NOW)
    messages, voice = counted(happened, range(START + 10, START + 20))
    messages_before, voice_before = counted(happened, range(START, START + 10))

    by_messages, by_voice = [await view.load(Reader(db), scope) for view in VIEWS[:2]]
    assert [(place.member, place.value, place.previous) for place in by_messages.rows] == [
        (member, value, messages_before[member])
        for member, value in sorted(messages.items(), key=lambda row: (-row[1], row[0]))
    ]
    assert (by_messages.total, by_messages.previous_total) == (messages.total(), messages_before.total())
    assert {place.member: place.value for place in by_voice.rows} == pytest.approx(
        {member: ms / 60_000 for member, ms in voice.items()}
    )
    assert by_voice.previous_total == pytest.approx(voice_before.total() / 60_000)

    for who in range(1, 10):
        own = await of_member.load(Reader(db), Scope(GUILD, PERIOD, NOW, who))
        written = own.figures[0]
        assert (written.value, written.previous) == (messages[who], messages_before[who])
        others = [number for member, number in messages.items() if member != who]
        expected = sum(number < messages[who] for number in others) / len(others) if messages[who] else None
        assert written.ahead_of == expected
        by_day = Counter(
            each.day for each in happened if isinstance(each, MessageSent) and each.member == who
        )
        assert own.messages.values == tuple(by_day[START + day] for day in range(10, 20))


async def test_without_a_period_before_nothing_is_compared(driver: Driver, db: Handle) -> None:
    await count_activities(driver, db, GUILD, some(Random(1)))
    for scope in (
        Scope(GUILD, Between(FIRST, date(2026, 1, 20)), NOW),
        Scope(GUILD, PERIOD, NOW, compare=False),
    ):
        board = await VIEWS[0].load(Reader(db), scope)
        assert board.previous_total is None
        assert {place.previous for place in board.rows} == {None}


async def test_members_who_are_kept_no_longer_are_unknown_not_zero(driver: Driver, db: Handle) -> None:
    await count_activities(driver, db, GUILD, some(Random(2)))
    await Packer(db).pack_all(NOW)
    kept = START + 13
    for collection in (db.memberDays, db.memberPacks):
        await collection.delete_many({"day": {"$lt": midnight_utc(kept)}})

    first = await VIEWS[0].load(Reader(db), Scope(GUILD, PERIOD, NOW))
    own = await of_member.load(Reader(db), Scope(GUILD, PERIOD, NOW, 1))

    assert (first.previous_total, {place.previous for place in first.rows}) == (None, {None})
    assert first.known_from == own.known_from == datetime(2026, 1, 14, tzinfo=ZoneInfo("UTC"))
    assert VIEWS[0].board(first).notes == (
        "What members did before 2026-01-14 is kept no longer and missing here.",
    )
    assert own.messages.values[:3] == (None, None, None)
    assert None not in own.messages.values[3:]
    assert not first.head.compared


async def test_what_was_received_stands_under_the_period_that_was_asked_for(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    await server.counted(driver, db, server.message(30, 0))
    await server.lived(driver, db, tmp_path, *(server.reaction(day, 9, "+") for day in (0, 1, 1, 8)))
    scope = Scope(server.GUILD, Recent(24, "h"), server.NOW_MS)
    by_received = await VIEWS[3].load(Reader(db), scope)
    own = await of_member.load(Reader(db), Scope(server.GUILD, Recent(24, "h"), server.NOW_MS, 2))

    assert (by_received.head.start, by_received.head.stop) == (server.NOW - timedelta(days=1), server.NOW)
    assert by_received.head == own.head
    yesterday = WholeDays(date(2026, 3, 10), date(2026, 3, 10), date(2026, 3, 3), date(2026, 3, 3))
    assert (by_received.days, own.days) == (yesterday, yesterday)
    assert (by_received.total, by_received.previous_total) == (2, 1)
    assert (own.figures[3].value, own.figures[3].previous) == (2, 1)


async def test_what_was_received_is_unknown_of_a_day_before_the_bot_came(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    await server.counted(driver, db, server.message(30, 0), live=server.instant(0, 10))
    await server.lived(driver, db, tmp_path, server.reaction(0, 11, "+"))
    scope = Scope(server.GUILD, Recent(24, "h"), server.NOW_MS)
    by_received = await VIEWS[3].load(Reader(db), scope)
    own = await of_member.load(Reader(db), Scope(server.GUILD, Recent(24, "h"), server.NOW_MS, 1))

    figures = {figure.title: figure.value for figure in own.figures}
    assert figures["Reactions given"] == 1, "today's"
    assert figures["Reactions received"] is None, "of yesterday"
    assert by_received.total is None
