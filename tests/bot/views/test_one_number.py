"""The same thing over the same time has one number in every view, and it is that of a naive sum.

A made-up life is recorded by the real parts; beside it stands what happened, to be added up plainly.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from analytics.local_time import day_of
from analytics.timeframes import Between
from bot.db.database import Driver, Handle
from bot.db.directory import Directory
from bot.db.reader import Reader
from bot.db.snapshots import SETTLE_MS, Snapshotter
from bot.ingest.activities.levels import MembersCounted
from bot.ingest.activities.members import JoinSeen, MemberJoined, MemberLeft
from bot.ingest.activities.messages import MessageSent
from bot.ingest.activities.reactions import ReactionAdded, ReactionRemoved, ReactionsCleared
from bot.ingest.activities.voice import VoiceFlag, VoiceTime
from bot.ingest.activity import Activity
from bot.views.registry import VIEWS
from bot.views.scope import Scope
from bot.views.trends import METRICS
from schemas.day_packs import CHANNEL_PACKS, MEMBER_PACKS
from schemas.month_packs import MEMBER_MONTHS
from schemas.results.board import Board
from tests.bot.db.counting import goes_live
from tests.bot.views.counted import GUILD, HOUR_MS, MINUTE_MS, NOW, NOW_MS, TODAY, lived, thread

LIFE = range(TODAY - 24, TODAY)
DAYS = range(TODAY - 11, TODAY - 1)
PERIOD = Between(date(2026, 2, 28), date(2026, 3, 9))
LOUNGE, STAGE, AFK = 21, 22, 23
TEXT = (11, 12)
EMOJI = ("👍", "🎉", "55")


class Life:
    """Activities in their order, and what they come to by day."""

    told: list[Activity]

    def __init__(self, random: Random) -> None:
        self.random = random
        self.told = []
        self.messages: Counter[tuple[int, int]] = Counter()
        self.wrote: dict[int, set[int]] = {}
        self.joins: Counter[int] = Counter()
        self.threads: Counter[int] = Counter()
        self.members: dict[int, int] = {}
        self.spoke: Counter[tuple[int, int, int]] = Counter()
        self.in_afk: Counter[int] = Counter()
        self.standing: dict[tuple[int, int, str], int] = {}
        self.given: Counter[tuple[int, str, int, int]] = Counter()
        """By day, emoji, member and channel."""
        for day in LIFE:
            for hour in sorted(random.sample(range(24), 6)):
                self._hour(day, hour)

    def _hour(self, day: int, hour: int) -> None:
        at = (day * 24 + hour) * HOUR_MS
        random = self.random
        self.members[day] = random.randrange(10, 20)
        self.told.append(MembersCounted(GUILD, at, 0, day, hour, self.members[day]))
        for _ in range(random.randrange(4)):
            member, channel = random.randrange(1, 5), random.choice(TEXT)
            number = len(self.told)
            self.told.append(
                MessageSent(GUILD, channel, 0, 0, member, (at + number) << 22, 1, at, 0, day, hour, 0)
            )
            self.messages[day, channel] += 1
            self.wrote.setdefault(day, set()).add(member)
        self._voice(day, hour, at)
        for _ in range(random.randrange(5)):
            self._reaction(day, hour, at)
        if random.random() < 0.4:
            member = random.randrange(100, 104)
            if any(isinstance(each, MemberJoined) and each.member == member for each in self.told):
                self.told.append(MemberLeft(GUILD, member, at, 0, day, hour))
            self.told.append(MemberJoined(GUILD, member, at + 2_000, 0, day, hour, JoinSeen.LIVE))
            self.joins[day] += 1
        if random.random() < 0.3:
            self.told += thread(TODAY - day, hour, 5_000 + len(self.told))
            self.threads[day] += 1

    def _voice(self, day: int, hour: int, at: int) -> None:
        member, channel = self.random.randrange(1, 5), self.random.choice((LOUNGE, STAGE, AFK))
        ms = self.random.randrange(1, 60) * MINUTE_MS
        flags = VoiceFlag.BEGAN.value | (VoiceFlag.AFK.value | VoiceFlag.ALONE.value if channel == AFK else 0)
        self.told.append(VoiceTime(GUILD, channel, 1, member, at, ms, 0, day, hour, flags))
        if channel == AFK:
            self.in_afk[day] += ms
        else:
            self.spoke[day, member, channel] += ms

    def _reaction(self, day: int, hour: int, at: int) -> None:
        random = self.random
        message, member, emoji = random.randrange(1, 6), random.randrange(1, 5), random.choice(EMOJI)
        identity = message * 1_000 + member * 10 + EMOJI.index(emoji)
        key, where = (message, member, emoji), TEXT[message % 2]
        match random.choice(("add", "add", "add", "remove", "clear", "clear emoji")):
            case "add":
                label = (0, day)
                added = ReactionAdded(
                    GUILD, where, 0, 0, message, 4, 0, day, member, identity, emoji, at, *label, hour, hour
                )
                self.told += [added] * random.choice((1, 1, 2))
                if key not in self.standing:
                    self.standing[key] = day
                    self.given[day, emoji, member, where] += 1
            case "remove":
                self.told += [ReactionRemoved(GUILD, message, member, identity, at)] * random.choice((1, 2))
                given_on = self.standing.pop(key, None)
                if given_on is not None:
                    self.given[given_on, emoji, member, where] -= 1
            case how:
                only = emoji if how == "clear emoji" else ""
                self.told.append(ReactionsCleared(GUILD, message, only, at))
                for each in [each for each in self.standing if each[0] == message and only in {"", each[2]}]:
                    del self.standing[each]


def by(amounts: Mapping[Any, int], place: int, days: range = DAYS) -> dict[Any, int]:
    """Sums over some days by one part of the keys, of which the first is the day."""
    sums: Counter[Any] = Counter()
    for key, number in amounts.items():
        if key[0] in days:
            sums[key[place]] += number
    return {key: number for key, number in sums.items() if number}


def minutes(amounts: Mapping[Any, int]) -> dict[Any, float]:
    return {key: pytest.approx(ms / MINUTE_MS) for key, ms in amounts.items()}


def ranked(board: Board, title: str) -> dict[int | str | None, float]:
    (ranking,) = [each for each in board.rankings if each.title == title]
    return {row.subject.id or row.subject.name: row.value for row in ranking.rows}


def figure(board: Board, title: str) -> float | None:
    return next(each.value for each in board.figures if each.title == title)


@pytest.fixture(params=["packed", "unpacked"])
async def life(request: pytest.FixtureRequest, driver: Driver, db: Handle, tmp_path: Path) -> Life:
    found = Life(Random(len(request.param)))
    await Directory(db).add_guild(GUILD, "A server", "UTC")
    await lived(driver, db, tmp_path, *found.told)
    await goes_live(db, GUILD, NOW - timedelta(days=60))
    if request.param == "unpacked":
        for packs in (CHANNEL_PACKS, MEMBER_PACKS, MEMBER_MONTHS):
            await db[packs.name].delete_many({})
    return found


async def load(db: Handle, kind: str, subject: int = 0, channels: tuple[int, ...] = ()) -> Any:  # noqa: ANN401 - of each view another result
    return await VIEWS[kind].load(Reader(db), Scope(GUILD, PERIOD, NOW_MS, subject, channels=channels))


async def test_each_day_of_every_course_is_a_naive_sum(life: Life, db: Handle) -> None:
    expected: dict[str, Sequence[float | None]] = {
        "messages": [by(life.messages, 0).get(day, 0) for day in DAYS],
        "active": [len(life.wrote.get(day, ())) for day in DAYS],
        "members": [life.members.get(day) for day in DAYS],
        "joins": [life.joins[day] for day in DAYS],
        "voice": [pytest.approx(by(life.spoke, 0).get(day, 0) / MINUTE_MS) for day in DAYS],
        "reactions": [by(life.given, 0).get(day, 0) for day in DAYS],
        "threads": [life.threads[day] for day in DAYS],
    }
    assert expected.keys() == {metric.name for metric in METRICS}
    for name, values in expected.items():
        trend = await load(db, f"trends/{name}")
        assert trend.curve.bucket == "day"
        assert list(trend.curve.values) == values, name
        if name != "members":
            compared = await load(db, f"compare/periods/{name}")
            assert list(compared.curve.values) == values, name
        if name not in {"active", "members"}:
            assert trend.level.now == pytest.approx(sum(by_day or 0 for by_day in trend.curve.values))


async def test_reactions_have_one_number_in_total_by_emoji_in_the_trend_and_in_rankings(
    life: Life, db: Handle
) -> None:
    total = sum(by(life.given, 0).values())
    assert any(isinstance(each, ReactionsCleared) for each in life.told)
    activity = await load(db, "activity/reactions")
    board = VIEWS["activity/reactions"].board(activity)
    assert activity.total.now == total
    assert ranked(board, "Top emoji") == {
        int(emoji) if emoji.isdecimal() else emoji: number for emoji, number in by(life.given, 1).items()
    }
    in_channels = by(life.given, 3)
    assert ranked(board, "Top channels") == in_channels
    assert (await load(db, "trends/reactions")).level.now == total
    leaders = await load(db, "leaderboard/given")
    assert {row.member: row.value for row in leaders.rows} == by(life.given, 2)
    assert leaders.total == total
    assert (await load(db, "compare/periods/reactions")).figures[0].amount.now == total
    for channel in TEXT:
        assert (await load(db, "channel/reactions", channel)).amount == in_channels[channel]
        only = await load(db, "activity/reactions", channels=(channel,))
        assert only.total.now == in_channels[channel]
    beside = await load(db, "compare/channels/reactions", channels=TEXT)
    assert beside.rows[0].values == tuple(in_channels[channel] for channel in TEXT)
    own = [await load(db, "member", member) for member in by(life.given, 2)]
    assert sum(each.value for one in own for each in one.figures if each.title == "Reactions given") == total


async def test_time_in_voice_is_without_the_afk_channel_everywhere(life: Life, db: Handle) -> None:
    total = pytest.approx(sum(by(life.spoke, 0).values()) / MINUTE_MS)
    away = sum(life.in_afk[day] for day in DAYS) / MINUTE_MS
    assert away
    activity = await load(db, "activity/voice")
    board = VIEWS["activity/voice"].board(activity)
    in_channels = minutes(by(life.spoke, 2))
    assert activity.total.now == total
    assert ranked(board, "Top channels") == in_channels
    assert figure(board, "In the AFK channel") == pytest.approx(away)
    assert (await load(db, "trends/voice")).level.now == total
    assert (await load(db, "compare/periods/voice")).figures[0].amount.now == total
    leaders = await load(db, "leaderboard/voice")
    assert {row.member: row.value for row in leaders.rows} == minutes(by(life.spoke, 1))
    use = await load(db, "channels/voice")
    assert {row.subject.id for row in use.channels} == in_channels.keys()
    for channel in (LOUNGE, STAGE, AFK):
        assert (await load(db, "channel/voice", channel)).amount == in_channels.get(channel, 0)
    beside = await load(db, "compare/channels/voice", channels=(LOUNGE, AFK))
    assert beside.rows[0].values == (in_channels[LOUNGE], 0)


@pytest.mark.parametrize("life", ["packed"], indirect=True)
async def test_snapshots_are_without_the_afk_channel(life: Life, db: Handle) -> None:
    snapshots = db["guildActivitySnapshots"].find({"guildId": str(GUILD), "interval": "1d"})
    await Snapshotter(db).make_all(NOW_MS + SETTLE_MS)
    days = {day_of(each["timestamp"].date()): each["metrics"]["voice"] async for each in snapshots}
    assert sum(days[day]["totalMinutes"] for day in DAYS) == pytest.approx(
        sum(by(life.spoke, 0).values()) / MINUTE_MS
    )
    assert str(AFK) not in {channel for day in days.values() for channel in day["perChannel"]}
