"""The comparison while members come and go, against what is true in the end."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ingest.activities.members import JoinSeen, MemberChanged, MemberJoined, MemberLeft, MembersCompared
from bot.ingest.activity import Activity
from bot.ingest.books.members import MembershipCounted
from bot.ingest.calendars import Calendars
from bot.members import comparer as comparing
from bot.members.comparer import MemberComparer
from bot.members.comparison import Comparison, Finding, Known, digest_of
from bot.members.listed import Listed, ListForbiddenError, ListUnavailableError, Page
from schemas.guild_day_names import GuildCount
from tests.support.rosters import MemoryRosters

GUILD = 7
BEGAN = 1_790_000_000_000
PEOPLE = tuple(range(1, 9))
PAGE = 2


@dataclass
class Discord:
    """A member list; what happens between two pages is a script. Events reach the bot if it listens."""

    there: dict[int, Listed] = field(default_factory=dict)
    now: int = BEGAN
    script: list[list[tuple[str, int]]] = field(default_factory=list)
    listening: bool = True
    rosters: MemoryRosters = field(default_factory=MemoryRosters)
    counts: Counter[GuildCount] = field(default_factory=Counter)
    recorded: list[Activity] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    joins: int = 0
    leaves: int = 0
    session_name: int | None = 1
    comparer: MemberComparer = field(init=False)

    def __post_init__(self) -> None:
        calendars = Calendars(ZoneInfo("UTC"))
        self.comparer = MemberComparer(self.record, self.flush, self.rosters, calendars, self)
        self.comparer.attach(self)

    def now_ms(self) -> int:
        return self.now

    def record(self, activity: Activity) -> None:
        self.recorded.append(activity)
        for change in self.rosters.take(activity):
            if isinstance(change, MembershipCounted):
                self.counts[change.name] += change.by

    async def flush(self) -> None:
        await asyncio.sleep(0)

    def session(self, guild: int) -> int | None:
        assert guild == GUILD
        return self.session_name

    def expected(self, guild: int) -> int | None:
        assert guild == GUILD
        return len(self.there) + 1

    async def page(self, guild: int, after: int) -> Page:
        assert guild == GUILD
        if self.failures:
            raise self.failures.pop(0)
        self.happen()
        ids = sorted(each for each in self.there if each > after)[:PAGE]
        members = [self.there[each] for each in ids]
        bot = not after
        latest = max((each.joined for each in members), default=0)
        page = Page(
            members,
            len(ids) + bot,
            ids[-1] if len(ids) == PAGE else None,
            max(latest, BEGAN - 1 if bot else 0),
        )
        await asyncio.sleep(0)
        self.happen()
        return page

    def happen(self) -> None:
        if self.script:
            for what, member in self.script.pop(0):
                self.act(what, member)

    def act(self, what: str, member: int) -> None:
        """Let somebody come, go, or get a role; the same order of calls as a listener's."""
        self.now += 5_000
        if what == "role" and member in self.there:
            before = self.there[member]
            now = self.there[member] = Listed(member, before.joined, (*before.roles, self.now))
            if self.listening:
                self.comparer.changed(GUILD, now)
                self.record(MemberChanged(GUILD, member, self.now, 0, 0, 0, now.roles, 0, pending=False))
        elif what == "move" and member in self.there:
            del self.there[member]
            if self.listening:
                self.leaves += 1
                self.comparer.came_or_left(GUILD, member)
                self.record(MemberLeft(GUILD, member, self.now, 0, 0, 0))
        elif what == "move":
            self.there[member] = Listed(member, self.now)
            if self.listening:
                self.joins += 1
                self.comparer.came_or_left(GUILD, member)
                self.record(MemberJoined(GUILD, member, self.now, 0, 0, 0, JoinSeen.LIVE))

    async def compare(self) -> None:
        self.comparer.look(GUILD)
        run = self.comparer._runs[GUILD].task
        assert run is not None
        await run

    def agree(self) -> bool:
        """Whether what is known is what is true."""
        known = {
            member: (state.joined, state.roles)
            for (_, member), state in self.rosters.states.items()
            if state.present
        }
        return known == {member: (listed.joined, listed.roles) for member, listed in self.there.items()}


acts = st.lists(st.tuples(st.sampled_from(["move", "move", "role"]), st.sampled_from(PEOPLE)), max_size=4)


@settings(max_examples=150, deadline=None)
@given(acts, st.lists(acts, max_size=12), acts, st.lists(acts, max_size=12))
async def test_the_list_and_events_together_tell_the_truth(
    before: list[tuple[str, int]],
    first: list[list[tuple[str, int]]],
    away: list[tuple[str, int]],
    second: list[list[tuple[str, int]]],
) -> None:
    discord = Discord(listening=False)
    for act in before:
        discord.act(*act)
    discord.listening, discord.script = True, first
    await discord.compare()
    assert discord.agree()
    assert discord.counts[GuildCount.JOINS] == discord.joins

    assert discord.counts[GuildCount.LEAVES] == discord.leaves

    discord.script, discord.listening = [], False
    there = {member: listed.joined for member, listed in discord.there.items()}
    for act in away:
        discord.act(*act)
    now = {member: listed.joined for member, listed in discord.there.items()}
    discord.listening, discord.script = True, []
    await discord.compare()
    assert discord.agree()
    discord.joins += len(now.items() - there.items())
    discord.leaves += len(there.items() - now.items())
    assert discord.counts[GuildCount.JOINS] == discord.joins
    assert discord.counts[GuildCount.LEAVES] == discord.leaves

    discord.script = second
    await discord.compare()
    assert discord.agree()
    assert discord.counts[GuildCount.JOINS] == discord.joins
    assert discord.counts[GuildCount.LEAVES] == discord.leaves
    recorded = len(discord.recorded)
    discord.script = []
    await discord.compare()
    assert [type(each) for each in discord.recorded[recorded:]] == [MembersCompared]


async def test_a_list_that_cannot_be_had_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "FIRST_RETRY_SECONDS", 0.0)
    discord = Discord(failures=[ListUnavailableError("gone"), ListUnavailableError("gone")])
    discord.there[1] = Listed(1, BEGAN)
    await discord.compare()
    assert discord.agree()


async def test_a_list_that_may_not_be_had_is_left_alone_until_the_next_session() -> None:
    discord = Discord(failures=[ListForbiddenError("no intent")])
    discord.there[1] = Listed(1, BEGAN)
    await discord.compare()
    assert discord.recorded == []
    await discord.compare()
    assert discord.agree()


async def test_a_session_that_begins_meanwhile_begins_the_comparison_anew() -> None:
    discord = Discord()
    discord.there.update({member: Listed(member, BEGAN) for member in PEOPLE})
    discord.comparer.look(GUILD)
    for _ in range(10):
        await asyncio.sleep(0)
    await discord.compare()
    assert discord.agree()
    assert sum(isinstance(each, MembersCompared) for each in discord.recorded) == 1


async def test_how_long_leaves_were_heard_of_is_noted_while_the_session_lasts() -> None:
    discord = Discord()
    discord.there[1] = Listed(1, BEGAN)
    await discord.comparer.watch()
    assert discord.rosters.heard_at == {}
    await discord.compare()
    discord.now = BEGAN + 1_000_000
    await discord.comparer.watch()
    heard = BEGAN + 1_000_000 - comparing.HEARD_MARGIN_MS
    assert discord.rosters.heard_at == {GUILD: heard}

    discord.now += 1_000_000
    discord.session_name = None  # the connection is down
    await discord.comparer.watch()
    assert discord.rosters.heard_at == {GUILD: heard}

    discord.session_name = 2  # events were lost
    del discord.there[1]
    await discord.comparer.watch()
    await asyncio.gather(*(run.task for run in discord.comparer._runs.values() if run.task is not None))
    (gone,) = [each for each in discord.recorded if isinstance(each, MemberLeft)]
    assert (gone.found, gone.not_before, gone.at) == (True, heard, discord.now)


async def test_stopping_ends_what_goes_on() -> None:
    discord = Discord()
    discord.comparer.look(GUILD)
    task = discord.comparer._runs[GUILD].task
    assert task is not None
    await discord.comparer.stop()
    assert task.done()
    assert discord.recorded == []


def test_who_differs_and_who_is_gone() -> None:
    known = Known()
    people = [Listed(2**63 + member, BEGAN, (1, 2), BEGAN) for member in range(5)]
    for each in reversed(people):
        known.add(each.member, each.joined, digest_of(each))
    comparison = Comparison(known)
    rejoined = Listed(people[1].member, BEGAN + 60_000, (1, 2), BEGAN)
    rounded = Listed(people[2].member, BEGAN - 999, (1, 2), BEGAN)
    boosts_no_more = Listed(people[3].member, BEGAN, (1, 2))
    new = Listed(1, BEGAN)
    assert comparison.page([people[0], rejoined, rounded]) == [(Finding.JOINED, rejoined)]
    assert comparison.page([]) == []
    assert comparison.page([boosts_no_more, new]) == [
        (Finding.CHANGED, boosts_no_more),
        (Finding.JOINED, new),
    ]
    assert comparison.gone() == [(people[4].member, BEGAN)]
