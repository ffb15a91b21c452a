from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from analytics.local_time import HOURS_PER_DAY, day_of, instant_of_hour
from bot.db.database import Handle
from bot.demo import evenings
from bot.demo.community import Community
from bot.demo.plan import ROOMS, Plan
from bot.demo.seeding import Cast, Script, seed
from bot.ingest.activities.levels import MembersCounted
from bot.ingest.activities.members import JoinSeen, MemberJoined
from bot.ingest.activities.messages import UNSCORED, MessageSent
from bot.ingest.activities.reactions import ReactionAdded
from bot.ingest.activities.threads import ThreadSeen
from bot.ingest.activities.voice import VoiceTime
from bot.ingest.calendars import Calendars
from bot.ingest.journal import Journal
from bot.ingest.recorder import Recorder
from bot.ingest.sessions import GatewaySessions
from bot.opening import Writing, open_writing
from bot.privacy.pseudonym import hexadecimal
from bot.settings import Settings

GUILD = 7
ZONE = ZoneInfo("America/New_York")
LAST_DAY = day_of(date(2026, 11, 3))  # the clocks went back two days before
PLAN = Plan(ZONE, LAST_DAY, days=5, people=30, messages_a_day=60.0)
BEGIN = instant_of_hour(PLAN.first_day * HOURS_PER_DAY, ZONE) - 1
NOW = instant_of_hour(LAST_DAY * HOURS_PER_DAY + 17, ZONE)


@asynccontextmanager
async def recording(settings: Settings) -> AsyncIterator[tuple[Recorder, Script, Writing]]:
    async with open_writing(settings) as writing:
        recorder = Recorder(
            Journal(writing.folder.journal), writing.store, GatewaySessions(), writing.consents
        )
        await recorder.start()
        community = Community(PLAN)
        cast = Cast(
            GUILD,
            tuple(range(100, 100 + len(ROOMS))),
            tuple(range(1_000, 1_000 + len(community.crowd.names))),
            bots=2,
        )
        try:
            yield recorder, Script(community, cast, Calendars(ZONE), writing.pseudonyms), writing
        finally:
            await recorder.stop()


@pytest.fixture
def settings(mongodb_uri: str, database_name: str, data_dir: Path) -> Settings:
    return Settings.model_construct(
        mongodb_uri=SecretStr(mongodb_uri), database=database_name, data_dir=data_dir
    )


def made_up(until: int) -> list[tuple[int, int, int]]:
    """Every message until an instant, as (room, person, day)."""
    community = Community(PLAN)
    return [
        (100 + room, 1_000 + person, day)
        for day in range(PLAN.first_day, LAST_DAY + 1)
        for found in [community.messages(day).within(0, until)]
        for room, person in zip(found.rooms.tolist(), found.people.tolist(), strict=True)
    ]


async def test_everything_is_counted_once_also_when_it_is_told_twice(settings: Settings, db: Handle) -> None:
    told: list[int] = []
    half = instant_of_hour((LAST_DAY - 2) * HOURS_PER_DAY + 20, ZONE)
    async with recording(settings) as (recorder, script, writing):
        first = await seed(script, recorder, BEGIN, half, told.append)
        pseudonyms = writing.pseudonyms
    async with recording(settings) as (recorder, script, _):
        again = await seed(script, recorder, BEGIN, NOW, told.append)

    expected = made_up(NOW)
    assert (first, again) == (len(made_up(half)), len(expected))
    assert told == [3, 5]
    rooms = Counter(room for room, _, _ in expected)
    stored = {
        int(row["channelId"]): row["metrics"]["messageCount"]
        async for row in db["channelStats"].find({"type": {"$ne": "THREAD"}})
    }
    assert stored == rooms
    people = Counter(hexadecimal(pseudonyms.of(GUILD, person)) for _, person, _ in expected)
    assert people == {
        row["userId"]: row["messageStats"]["totalCount"]
        async for row in db["memberActivityStats"].find({"messageStats.totalCount": {"$gt": 0}})
    }
    days = Counter(date.fromordinal(day + date(1970, 1, 1).toordinal()) for _, _, day in expected)
    by_day: Counter[date] = Counter()
    async for row in db["channelDays"].find():
        if int(row["channelId"]) in rooms:
            by_day[row["day"].date()] += row["messages"]
    assert by_day == days


async def test_nothing_of_the_future_is_told(settings: Settings) -> None:
    async with recording(settings) as (_, script, _):
        days = script.days(BEGIN, NOW)
        told = [activity for day in days for activity in script.activities(day, BEGIN, NOW, session=1)]
    assert list(days) == list(range(PLAN.first_day, LAST_DAY + 1))
    first_looks = [each for each in told if isinstance(each, MemberJoined) and each.joined <= BEGIN]
    instants = [
        each.joined if isinstance(each, MemberJoined) else each.at for each in told if each not in first_looks
    ]
    assert min(instants) > BEGIN
    assert max(instants) <= NOW
    assert {each.seen for each in first_looks} == {JoinSeen.SURVIVOR}


async def test_reactions_voice_posts_and_comings_are_counted(settings: Settings, db: Handle) -> None:
    async with recording(settings) as (recorder, script, writing):
        told = [
            activity for day in script.days(BEGIN, NOW) for activity in script.activities(day, BEGIN, NOW, 1)
        ]
        days: list[int] = []
        await seed(script, recorder, BEGIN, NOW, days.append)
        people = {
            hexadecimal(writing.pseudonyms.of(GUILD, person)): row
            for row, person in enumerate(range(1_000, 1_000 + len(Community(PLAN).crowd.names)))
        }
    given = Counter(hexadecimal(each.member) for each in told if isinstance(each, ReactionAdded))
    spoken: Counter[str] = Counter()
    for each in told:
        if isinstance(each, VoiceTime):
            spoken[hexadecimal(each.member)] += each.ms
    stored_given: Counter[str] = Counter()
    stored_voice: Counter[str] = Counter()
    async for row in db["memberDays"].find():
        stored_given[row["userId"]] += row.get("reactionsGiven", 0)
        stored_voice[row["userId"]] += row.get("voice", {}).get("ms", 0)
    assert +stored_given == given
    assert +stored_voice == spoken
    assert sum(given.values()) > 5
    assert sum(spoken.values()) > 3_600_000
    assert set(given) | set(spoken) <= set(people)
    threads = {each.thread for each in told if isinstance(each, ThreadSeen)}
    assert {int(row["threadId"]) async for row in db["threads"].find({"createdAt": {"$ne": None}})} == threads
    crowd = Community(PLAN).crowd
    joined = sum(BEGIN < at <= NOW for at in crowd.joined.tolist())
    assert sum(isinstance(each, MemberJoined) and each.seen == JoinSeen.LIVE for each in told) == joined


def test_nobody_is_in_voice_twice_at_once() -> None:
    community = Community(Plan(ZONE, LAST_DAY, days=60))
    for day in range(community.plan.first_day, LAST_DAY + 1):
        until: dict[int, int] = {}
        for stay in evenings.stays(community, day):
            assert until.get(stay.person, 0) < stay.since < stay.until
            assert community.crowd.joined[stay.person] <= stay.since
            until[stay.person] = stay.until


async def test_the_number_of_members_is_read_at_every_hour(settings: Settings) -> None:
    async with recording(settings) as (_, script, _):
        gauges = [
            activity
            for day in script.days(BEGIN, NOW)
            for activity in script.activities(day, BEGIN, NOW, session=1)
            if isinstance(activity, MembersCounted)
        ]
    # Four whole days of 24 labelled hours (the one that November repeats is read once), and 0 to 17 o'clock.
    assert len(gauges) == 4 * 24 + 18
    crowd = Community(PLAN).crowd
    assert [gauge.members for gauge in gauges] == [crowd.members_at(gauge.at) + 2 for gauge in gauges]


async def test_every_message_reads_somehow(settings: Settings, db: Handle) -> None:
    async with recording(settings) as (recorder, script, _):
        told = [
            activity for day in script.days(BEGIN, NOW) for activity in script.activities(day, BEGIN, NOW, 1)
        ]
        days: list[int] = []
        await seed(script, recorder, BEGIN, NOW, days.append)
    sent = [each for each in told if isinstance(each, MessageSent)]
    scored = [each.sentiment for each in sent if each.sentiment not in {None, UNSCORED}]
    assert None not in {each.sentiment for each in sent}
    assert 0.4 < len(scored) / len(sent) < 0.7
    sums: Counter[str] = Counter()
    async for row in db["channelDays"].find():
        sums.update(row.get("sentiment", {}))
    assert (sums["lookedAt"], sums["scored"], sums["hundredths"]) == (len(sent), len(scored), sum(scored))
