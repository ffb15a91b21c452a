"""Uses of invites, read after joins: the sums by invite are those that a list of joins gives."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.ingest.activities.invites import InviteRead
from bot.ingest.activities.members import MembersCompared
from bot.ingest.activity import Activity, decode, encode
from bot.ingest.books.invites import InviteState, apply_invite
from bot.ingest.calendars import Calendars
from bot.ingest.delta import Delta
from bot.ingest.fold import fold_into
from bot.members.invites import MAX_TOLD, NEAR_MS, Invite, InviteWatcher, Pace, used_up
from bot.members.listed import ListUnavailableError
from bot.privacy.consent import snowflake_at
from bot.privacy.consents import Consents
from bot.privacy.gate import Gate
from bot.privacy.pseudonym import Pseudonyms
from bot.privacy.records import Erased, OptedIn, OptedOut
from schemas.guild_day_names import GuildCount
from tests.support.rosters import MemoryRosters

GUILD = 7
BEGAN = 1_790_000_000_000
ADA, BOB = 0xA, 0xB
PSEUDONYMS = Pseudonyms(bytes(32))


@dataclass
class Discord:
    """A server's invites, and the real book and fold behind the watcher."""

    there: dict[int, Invite] = field(default_factory=dict)
    now: int = BEGAN
    rosters: MemoryRosters = field(default_factory=MemoryRosters)
    states: dict[int, InviteState] = field(default_factory=dict)
    delta: Delta = field(default_factory=Delta)
    readings: int = 0
    failures: int = 0
    allowed: bool = True
    hears_of_invites: bool = False
    joins: Counter[int] = field(default_factory=Counter)
    consents: Consents = field(default_factory=lambda: Consents(PSEUDONYMS.seal))
    gate: Gate = field(init=False)
    watcher: InviteWatcher = field(init=False)

    def __post_init__(self) -> None:
        self.gate = Gate(self.consents)
        self.start()

    def start(self) -> None:
        """A process that remembers nothing but what is stored."""
        self.watcher = InviteWatcher(
            self.record, self.rosters, self.gate, Calendars(ZoneInfo("UTC")), self, Pace(0.0, 0.0, 0.0)
        )
        self.watcher.attach(self)

    def now_ms(self) -> int:
        return self.now

    def record(self, activity: Activity) -> None:
        assert isinstance(activity, InviteRead)
        assert decode(encode(activity)) == activity
        state = self.states.setdefault(activity.invite, InviteState())
        for again in (activity, activity):
            for change in apply_invite(state, again):
                fold_into(self.delta, change)

    async def invites(self, guild: int) -> Sequence[Invite] | None:
        assert guild == GUILD
        self.readings += 1
        if self.failures:
            self.failures -= 1
            raise ListUnavailableError("busy")
        return list(self.there.values()) if self.allowed else None

    def make(self, name: int, most: int = 0, *, inviter: int = ADA, vanity: bool = False) -> None:
        self.now += 1_000
        self.there[name] = Invite(name, f"code{name}", inviter, 0, most, self.now, 0, vanity)

    def tell_made(self, name: int) -> None:
        self.watcher.made(GUILD, self.there[name])

    def delete(self, name: int) -> None:
        del self.there[name]
        self.watcher.deleted(GUILD, name)

    def use(self, name: int, *, told: bool = True) -> None:
        self.now += 1_000
        self.joins[name] += 1
        invite = self.there[name] = replace(self.there[name], uses=self.there[name].uses + 1)
        if invite.uses == invite.most:
            self.delete(name) if told and self.hears_of_invites else self.there.pop(name)
        if told:
            self.watcher.joined(GUILD)

    async def read(self) -> None:
        self.watcher.look(GUILD)
        while (task := self.watcher._servers[GUILD].task) is not None and not task.done():
            await task

    @property
    def counted(self) -> Counter[int]:
        counted: Counter[int] = Counter()
        for key, entry in self.delta.invite_days.items():
            counted[key[3]] += entry.joins
        return counted

    def count(self, name: GuildCount) -> int:
        return sum(sum(day.counts.get(name, {}).values()) for day in self.delta.guild_days.values())


steps = st.lists(
    st.tuples(st.sampled_from(["use", "use", "read", "make", "restart", "away"]), st.integers(0, 4)),
    max_size=40,
)


@settings(max_examples=100, deadline=None)
@given(steps)
async def test_sums_are_those_of_the_joins(script: list[tuple[str, int]]) -> None:
    discord = Discord()
    discord.make(0)
    await discord.read()
    discord.rosters.take(MembersCompared(GUILD, discord.now, discord.now))
    for what, name in script:
        if what == "make" and name not in discord.there:
            discord.make(name)
        elif what in {"use", "away"} and name in discord.there:
            discord.use(name, told=what == "use")
        elif what == "read":
            await discord.read()
        elif what == "restart":
            await discord.watcher.stop()
            discord.start()
    await discord.read()
    assert discord.counted == discord.joins
    assert discord.count(GuildCount.JOINS_INVITED) == discord.joins.total()


async def test_uses_before_the_first_reading_count_for_nobody() -> None:
    discord = Discord()
    discord.make(1)
    discord.use(1, told=False)
    await discord.read()
    assert discord.counted == {}
    discord.use(1)
    await discord.read()
    assert discord.counted == {1: 1}
    (entry,) = discord.delta.invite_days.values()
    assert (entry.code, entry.inviter) == ("code1", ADA)


async def test_an_invite_that_goes_with_its_last_use_has_brought_the_join_that_is_missing() -> None:
    discord = Discord()
    discord.make(1, most=1)
    discord.make(2, most=1)
    discord.make(3)
    await discord.read()
    discord.use(1)
    discord.use(3)
    await discord.read()
    assert discord.counted == {1: 1, 3: 1}
    del discord.there[2]  # a moderator's doing: nobody has joined
    await discord.read()
    assert discord.counted == {1: 1, 3: 1}


def test_an_invite_whose_time_is_over_was_not_used_up() -> None:
    gone = Invite(1, "a", ADA, 4, most=5, expires=BEGAN)
    assert used_up({1: gone}, {}, BEGAN - 1) == [gone]
    assert used_up({1: gone}, {}, BEGAN) == []
    assert used_up({1: gone}, {1: gone}, BEGAN - 1) == []
    assert used_up({1: replace(gone, uses=3)}, {}, BEGAN - 1) == []


async def test_the_servers_own_address_is_told_apart() -> None:
    discord = Discord()
    discord.make(1)
    discord.make(2, inviter=0, vanity=True)
    await discord.read()
    discord.use(1)
    discord.use(2)
    discord.use(2)
    await discord.read()
    assert (discord.count(GuildCount.JOINS_INVITED), discord.count(GuildCount.JOINS_VANITY)) == (1, 2)


async def test_what_may_not_be_read_is_unknown_and_a_failure_is_tried_again() -> None:
    discord = Discord(allowed=False)
    discord.make(1)
    discord.use(1)
    await discord.read()
    assert (discord.states, discord.counted) == ({}, {})
    discord.allowed, discord.failures = True, 2
    await discord.read()
    assert discord.states[1].uses == 1
    assert discord.failures == 0


async def test_an_invite_made_and_used_up_between_two_readings_is_known_where_it_was_told_of() -> None:
    discord = Discord(hears_of_invites=True)
    discord.make(9)
    await discord.read()
    for name, told in ((1, True), (2, False)):
        discord.make(name, most=1)
        if told:
            discord.tell_made(name)
        discord.use(name)
        await discord.read()
    assert discord.counted == {1: 1}, "of the second nobody told"
    (entry,) = discord.delta.invite_days.values()
    assert (entry.code, entry.inviter) == ("code1", ADA)


async def test_an_invite_that_was_told_of_is_new_in_the_first_reading() -> None:
    discord = Discord(hears_of_invites=True)
    discord.make(1)
    discord.tell_made(1)
    discord.make(2, most=1)
    discord.tell_made(2)
    discord.use(1)
    discord.use(2)
    await discord.read()
    assert discord.counted == {1: 1, 2: 1}


async def test_what_somebody_deleted_brought_nobody_who_came_later() -> None:
    discord = Discord(hears_of_invites=True)
    discord.make(1, most=1)
    discord.make(2, most=1)
    await discord.read()
    discord.delete(1)
    discord.now += NEAR_MS + 1
    discord.watcher.joined(GUILD)  # by the server's page, say
    await discord.read()
    assert discord.counted == {}
    discord.use(2)
    await discord.read()
    assert discord.counted == {2: 1}


async def test_failures_are_tried_again_ever_more_rarely() -> None:
    discord = Discord()
    discord.make(1)
    discord.watcher._pace = Pace(0.0, 0.01, 0.05)
    discord.failures = 5
    with capture_logs() as logs:
        await discord.read()
    assert [each["seconds"] for each in logs] == [0.01, 0.02, 0.04, 0.05, 0.05]


async def test_so_many_invites_made_are_a_reading() -> None:
    discord = Discord()
    discord.make(1)
    for name in range(MAX_TOLD + 1):
        discord.watcher.made(GUILD, replace(discord.there[1], invite=name))
    await discord.read()
    assert discord.readings >= 1
    assert discord.watcher._servers[GUILD].made == {}


async def test_many_joins_at_once_are_one_or_two_readings() -> None:
    discord = Discord()
    discord.make(1)
    await discord.read()
    readings = discord.readings
    for _ in range(50):
        discord.use(1)
    await discord.read()
    assert discord.counted == {1: 50}
    assert discord.readings - readings <= 2


async def test_a_server_that_is_left_is_read_no_more() -> None:
    discord = Discord()
    discord.watcher.look(GUILD)
    discord.watcher.forget(GUILD)
    await asyncio.sleep(0.01)
    assert discord.readings == 0


async def test_who_opted_out_or_was_erased_is_no_inviter_of_older_invites() -> None:
    discord = Discord()
    discord.make(1)
    discord.make(2, inviter=BOB)
    discord.make(3, 1)
    await discord.read()
    assert discord.states[1].inviter == ADA
    discord.consents.note(Erased(GUILD, ADA, snowflake_at(discord.now + 1)))
    discord.consents.note(OptedOut(GUILD, BOB, snowflake_at(discord.now + 1)))
    discord.make(4)
    for name in (1, 2, 3, 4):
        discord.use(name)
    await discord.read()
    inviters = {name: state.inviter for name, state in discord.states.items()}
    assert inviters == {1: 0, 2: 0, 3: 0, 4: ADA}, "the third is used up, and known from memory alone"
    assert discord.counted == Counter({1: 1, 2: 1, 3: 1, 4: 1})
    discord.consents.note(OptedIn(GUILD, BOB, snowflake_at(discord.now + 1)))
    discord.use(2)
    await discord.read()
    assert discord.states[2].inviter == BOB
