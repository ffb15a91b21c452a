"""Newcomers, retention, growth and inactive members of random lives, against a naive look at each of them.

Members join, leave and come back, also twice on a day, and write one to four messages, mostly soon after.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from analytics.timeframes import Between
from bot.db.database import Driver, Handle
from bot.db.directory import Directory
from bot.db.packing import Packer
from bot.db.reader import Reader
from bot.ingest.activities.levels import MembersCounted
from bot.ingest.activities.members import JoinSeen, MemberJoined, MemberLeft
from bot.ingest.activities.messages import MessageSent
from bot.ingest.activity import Activity
from bot.views.members import activity, growth, newcomers, retention
from bot.views.scope import Scope
from schemas.results.arrivals import FirstSteps, Retained
from tests.bot.db.counting import goes_live
from tests.bot.views.members.membership import DAY_MS, GUILD, NOW, NOW_MS, TODAY, record

HOUR_MS = 3_600_000
BEGAN = TODAY - 80
DAYS = range(TODAY - 29, TODAY - 1)
PERIOD = Between(date(2026, 2, 10), date(2026, 3, 9))
START, STOP = DAYS.start * DAY_MS, DAYS.stop * DAY_MS


class Lives:
    """What happened, in order; ``stays`` are of (member, joined, left), in ms (0: still there)."""

    activities: list[Activity]

    def __init__(self, random: Random) -> None:
        self.random = random
        self.stays: list[tuple[int, int, int]] = []
        self.wrote: list[tuple[int, int, int]] = []
        """Member, day, how many."""
        self.activities = []
        events = sorted(self._lives(), key=lambda event: event[0])
        there, told = 0, BEGAN * DAY_MS
        for at, activity_, change in events:
            for hour in range(-(-told // HOUR_MS), at // HOUR_MS + 1):
                self._count(hour, there)
            told = (at // HOUR_MS + 1) * HOUR_MS
            self.activities.append(activity_)
            there += change
            if change:
                day, hour = divmod(at // HOUR_MS, 24)
                self.activities.append(MembersCounted(GUILD, at, 0, day, hour, there))
        for hour in range(-(-told // HOUR_MS), NOW_MS // HOUR_MS):
            self._count(hour, there)

    def _count(self, hour: int, there: int) -> None:
        if there and hour % 24 in {0, 23}:
            self.activities.append(MembersCounted(GUILD, hour * HOUR_MS, 0, hour // 24, hour % 24, there))

    def _lives(self) -> Iterator[tuple[int, Activity, int]]:
        for member in range(1, 31):
            at = BEGAN * DAY_MS + self.random.randrange(70 * 24) * HOUR_MS + member * 1_000
            while at < NOW_MS - 2 * DAY_MS:
                joined, stay = at, self.random.choice((2, 5, 30, 200, 900, 3_000))
                day, hour = divmod(joined // HOUR_MS, 24)
                yield joined, MemberJoined(GUILD, member, joined, 0, day, hour, JoinSeen.LIVE), 1
                leaves = joined + stay * HOUR_MS
                yield from self._writes(member, joined, min(leaves, NOW_MS))
                if leaves >= NOW_MS - DAY_MS:
                    self.stays.append((member, joined, 0))
                    break
                self.stays.append((member, joined, leaves))
                day, hour = divmod(leaves // HOUR_MS, 24)
                yield leaves, MemberLeft(GUILD, member, leaves, 0, day, hour), -1
                if self.random.random() < 0.3:
                    break
                at = leaves + self.random.choice((1, 3, 50, 400)) * HOUR_MS

    def _writes(self, member: int, joined: int, until: int) -> Iterator[tuple[int, Activity, int]]:
        for after in (0, 1, *(self.random.randrange(1_200) for _ in range(self.random.randrange(4)))):
            at = joined + after * HOUR_MS + 60_000
            if at >= until or self.random.random() < 0.3:
                continue
            day, hour = divmod(at // HOUR_MS, 24)
            number = self.random.randrange(1, 5)
            self.wrote.append((member, day, number))
            for each in range(number):
                key = (at + each << 22) + member
                yield at + each, MessageSent(GUILD, 50, 0, 0, member, key, 1, at + each, 0, day, hour, 0), 0

    def joins(self, days: range) -> list[tuple[int, int]]:
        """Members and days of joining."""
        return [(member, joined // DAY_MS) for member, joined, _ in self.stays if joined // DAY_MS in days]

    def messages(self, member: int, days: range) -> int:
        return sum(number for who, day, number in self.wrote if who == member and day in days)

    def there(self, at: int) -> set[int]:
        return {member for member, joined, left in self.stays if joined < at and not 0 < left < at}


@pytest.fixture(params=range(3))
async def lives(request: pytest.FixtureRequest, driver: Driver, db: Handle, tmp_path: Path) -> Lives:
    found = Lives(Random(request.param))
    await Directory(db).add_guild(GUILD, "A server", "UTC")
    await record(driver, db, tmp_path, found.activities)
    await goes_live(db, GUILD, NOW - timedelta(days=81))
    await Packer(db).pack_all(NOW_MS)
    return found


SCOPE = Scope(GUILD, PERIOD, NOW_MS)


async def test_newcomers_and_each_way_of_retention_are_naive_counts(lives: Lives, db: Handle) -> None:
    assert len({member for member, _ in lives.joins(range(TODAY))}) < len(lives.stays), "somebody came back"
    result = await newcomers.load(Reader(db), SCOPE)
    joins = lives.joins(DAYS)
    on_day = [lives.messages(member, range(day, day + 1)) for member, day in joins]
    week = [(member, day) for member, day in joins if day + 7 <= DAYS.stop]
    assert result.steps == FirstSteps(
        joined=len(joins),
        followed=len(joins),
        on_day=sum(number > 0 for number in on_day),
        activated=sum(number >= 3 for number in on_day),
        in_week=sum(lives.messages(member, range(day, day + 7)) > 0 for member, day in week),
        followed_for_a_week=len(week),
    )
    for each in (await retention.load(Reader(db), SCOPE)).returned:
        over = each.last or each.first
        asked = lives.joins(range(max(DAYS.start - over, BEGAN), DAYS.stop - over))
        last = {Retained.BOUNDED: each.first, Retained.ROLLING: 999}.get(each.retained, over)
        back = [
            lives.messages(member, range(day + each.first, min(day + last + 1, DAYS.stop))) > 0
            for member, day in asked
        ]
        expected = (len(asked), sum(back)) if DAYS.stop - over > BEGAN else (None, None)
        assert (each.followed, each.active) == expected, each


async def test_growth_churn_and_inactive_members_are_naive_counts(lives: Lives, db: Handle) -> None:
    result = await growth.load(Reader(db), SCOPE)
    at_start, at_end = lives.there(START), lives.there(STOP)
    assert result.flow is not None
    assert result.flow.joins == len(lives.joins(DAYS))
    assert result.flow.leaves == sum(START <= left < STOP for _, _, left in lives.stays)
    churn = result.flow.churned
    assert churn is not None
    assert (churn.lost, churn.there) == (len(at_start - at_end), len(at_start))
    assert churn.rate == pytest.approx(1 - (1 - churn.lost / churn.there) ** (30 / len(DAYS)))

    found = await activity.load(Reader(db), SCOPE)
    active = {member for member, day, _ in lives.wrote if day in DAYS}
    assert found.took is not None
    assert (found.took.active, found.left) == (len(active), len(active - at_end))
    figures = {figure.title: figure.value for figure in activity.board(found).figures}
    assert figures["Inactive members"] == len(at_end - active)
