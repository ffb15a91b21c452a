"""Distinct counts and scores, and rankings, against the activities themselves."""

from collections import Counter, defaultdict
from random import Random

import numpy as np
import pytest

from analytics.activity_score import activity_scores
from analytics.local_time import HourRange
from analytics.member_activity import MemberActivity, RankedBy, member_activity, values_of
from analytics.packs import distinct
from bot.db.cleaning import Cleaner
from bot.db.daily import LATER_MS, DailyFigures
from bot.db.database import Driver, Handle
from bot.db.packing import Packer
from bot.db.reader import Reader
from bot.db.retention import apply_retention
from bot.ingest.activities.messages import MessageSent
from bot.ingest.activities.voice import VoiceFlag, VoiceTime
from bot.ingest.books.reactions import Given, ReactionCounted
from bot.ingest.fold import Foldable
from bot.privacy.pseudonym import hexadecimal
from tests.bot.db.counting import count_activities

GUILD = 9
TODAY = 20_700
NOW = TODAY * 86_400_000 + LATER_MS


def some(random: Random, number: int, days: int) -> list[Foldable]:
    return [one(random, TODAY - 1 - random.randrange(days)) for _ in range(number)]


def one(random: Random, day: int, member: int | None = None) -> Foldable:
    member = member or random.randrange(1, 9)
    hour, channel = random.randrange(24), random.choice([11, 12, 13])
    at = (day * 24 + hour) * 3_600_000
    match random.randrange(4):
        case 0:
            flags = random.choice([0, VoiceFlag.AFK.value])
            return VoiceTime(GUILD, channel, 1, member, at, random.randrange(1, 9**7), 0, day, hour, flags)
        case 1:
            return ReactionCounted(GUILD, channel, 0, 0, member, 8, Given("x", 0, day, hour), 1, at)
    return MessageSent(GUILD, channel, random.choice([0, 77]), 0, member, 0, 0, at, 0, day, hour, 0)


def naive(happened: list[Foldable], hours: range) -> dict[str, Counter[int]]:
    """What each member did, by what it is."""
    found: dict[str, Counter[int]] = defaultdict(Counter)
    days: set[tuple[int, int]] = set()
    for each in happened:
        label = each.given if isinstance(each, ReactionCounted) else each
        if not isinstance(each, MessageSent | VoiceTime | ReactionCounted):
            continue
        if label.day * 24 + label.hour not in hours:
            continue
        if isinstance(each, VoiceTime) and each.flags & VoiceFlag.AFK:
            continue
        days.add((label.day, each.member))
        if isinstance(each, MessageSent):
            found["messages"][each.member] += 1
        elif isinstance(each, VoiceTime):
            found["voice_ms"][each.member] += each.ms
        else:
            found["given"][each.member] += 1
    found["days"] = Counter(member for _, member in days)
    return found


@pytest.mark.parametrize("packed", ["nothing", "all", "some"])
async def test_amounts_are_those_of_a_naive_count(driver: Driver, db: Handle, packed: str) -> None:
    random = Random(packed)
    happened = some(random, 300, 20)
    await count_activities(driver, db, GUILD, happened)
    if packed != "nothing":
        await Packer(db).pack_all(NOW)
    if packed == "some":
        later = some(random, 8, 20)
        happened += later
        await count_activities(driver, db, GUILD, later)
    for start, stop in [((TODAY - 20) * 24, TODAY * 24), ((TODAY - 9) * 24 + 5, (TODAY - 2) * 24 + 7)]:
        spans = await Reader(db).member_spans(GUILD, (HourRange(0, start, stop),))
        expected = naive(happened, range(start, stop))
        by: RankedBy
        for by in ("messages", "voice_ms", "given", "days"):
            assert values_of(member_activity(spans), by) == expected[by], by
        assert distinct([span.members[span.wrote != 0] for span in spans]) == len(expected["messages"])


async def scores(db: Handle) -> dict[str, float | None]:
    return {each["userId"]: each["activityScore"] async for each in db.memberActivityStats.find()}


async def test_scores_are_those_of_the_last_28_days(driver: Driver, db: Handle) -> None:
    random = Random(1)
    long_ago = [one(random, TODAY - 40, member=99)]
    happened = [*some(random, 200, 28), *long_ago]
    await count_activities(driver, db, GUILD, happened)
    await Packer(db).pack_all(NOW)
    assert await DailyFigures(db).compute(NOW) == [GUILD]
    found = await scores(db)
    did = naive(happened, range((TODAY - 28) * 24, TODAY * 24))
    for member in range(1, 9):
        one_member = MemberActivity(
            *(
                np.array([did[part][member]])
                for part in ("members", "days", "messages", "voice_ms", "given", "received")
            )
        )
        assert found[hexadecimal(member)] == activity_scores(one_member)[0] > 0
    assert found[hexadecimal(99)] == 0
    assert await DailyFigures(db).compute(NOW + 3_600_000) == [], "once a day"
    month_later = NOW + 30 * 86_400_000
    assert await DailyFigures(db).compute(month_later) == [GUILD]
    assert set((await scores(db)).values()) == {0}


async def test_nobody_is_scored_by_days_that_are_not_kept(driver: Driver, db: Handle) -> None:
    await count_activities(driver, db, GUILD, some(Random(1), 20, 5))
    await apply_retention(db, {"members": 28, "totals": None})
    await DailyFigures(db).compute(NOW)
    assert set((await scores(db)).values()) == {None}


async def distinct_counts(db: Handle) -> dict[tuple[str, str], tuple[int | None, int | None]]:
    return {
        (each["channelId"], each["type"]): (
            each["metrics"]["uniqueAuthors"],
            each["metrics"]["uniqueVoiceUsers"],
        )
        async for each in db.channelStats.find()
    }


async def test_distinct_counts_are_exact_and_outlast_the_members_totals(driver: Driver, db: Handle) -> None:
    happened = some(Random(3), 60, 5)
    await count_activities(driver, db, GUILD, happened)
    members = await db.memberActivityStats.distinct("userId")
    await DailyFigures(db).compute(NOW)
    found = await distinct_counts(db)
    for channel in (11, 12, 13):
        wrote = {e.member for e in happened if isinstance(e, MessageSent) and e.channel == channel}
        spoke = {e.member for e in happened if isinstance(e, VoiceTime) and e.channel == channel}
        kinds = {kind for name, kind in found if name == str(channel)}
        assert found[str(channel), kinds.pop()] == (len(wrote), len(spoke))
    assert found["77", "THREAD"] == (None, None)

    await apply_retention(db, {"members": 50, "totals": None})
    far = NOW + 60 * 86_400_000
    cleaned = await Cleaner(db).clean(far)
    assert cleaned.idle_members == len(members)
    await DailyFigures(db).compute(far)
    assert await distinct_counts(db) == found
    await count_activities(
        driver, db, GUILD, [MessageSent(GUILD, 11, 0, 0, 500, 0, 0, far, 0, far // 86_400_000, 0, 0)]
    )
    await DailyFigures(db).compute(far + 86_400_000)
    after = await distinct_counts(db)
    kind = next(kind for name, kind in found if name == "11")
    authors, voices = found["11", kind]
    assert authors is not None
    assert after["11", kind] == (authors + 1, voices)
