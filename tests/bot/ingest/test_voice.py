"""The voice tracker against a model that looks at every second by itself."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.local_time import Label, ZoneHistory
from bot.ingest.activities.voice import VoiceFlag, VoiceLevel, VoiceTime
from bot.ingest.activity import Activity, decode, encode
from bot.ingest.fold import fold
from bot.ingest.voice import Connection, Moment, Presence, VoiceTracker
from schemas.guild_day_names import GuildLevel

GUILD = 7
SECOND = 1_000
ZONES = (
    ("Europe/Berlin", datetime(2026, 10, 25, 0, 40, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 3, 29, 0, 40, tzinfo=UTC)),
    ("Asia/Kolkata", datetime(2026, 6, 1, 18, 10, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 14, 30, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 12, 31, 4, 50, tzinfo=UTC)),
)

flags = st.sampled_from([0, VoiceFlag.DEAFENED.value, VoiceFlag.STREAMING.value, VoiceFlag.AFK.value])
member = st.integers(1, 4)
wait = st.tuples(st.just("wait"), st.sampled_from([1, 7, 59, 600, 1800]))
steps = st.one_of(
    st.tuples(st.just("enter"), member, st.integers(1, 2), flags),
    st.tuples(st.just("enter"), member, st.integers(1, 2), flags),
    st.tuples(st.just("leave"), member),
    st.tuples(st.just("wait"), st.sampled_from([0, 1, 7, 59, 60, 61, 600, 1800, 4000])),
    wait,
    st.tuples(st.just("depart"), member),
    st.tuples(st.just("tick")),
    st.tuples(st.just("lose")),
    st.tuples(st.just("resume")),
    st.tuples(st.just("reconnect"), st.sets(member)),
    st.tuples(st.just("restart"), st.sampled_from([0, 5, 90])),
)
"""Single steps."""
broken_connection = st.tuples(
    st.tuples(st.just("enter"), member, st.integers(1, 2), flags),
    wait,
    st.tuples(st.just("lose")),
    wait,
    st.one_of(
        st.tuples(st.just("resume")),
        st.tuples(st.just("reconnect"), st.sets(member)),
        st.tuples(st.just("replace"), member),
        st.tuples(st.just("depart"), member),
    ),
    wait,
    st.sampled_from([("reconnect", set()), ("resume",), ("tick",)]),
)
"""A connection that is lost, time that goes by, and a return: single steps hardly ever come so."""
operations = st.lists(st.one_of(steps.map(lambda step: (step,)), broken_connection), max_size=20).map(
    lambda parts: [step for part in parts for step in part]
)


@dataclass
class World:
    """The tracker, and beside it the truth second by second."""

    zones: ZoneHistory
    wall: int
    recorded: list[Activity] = field(default_factory=list)
    expected: Counter[tuple[int, int, int, int, int, int]] = field(default_factory=Counter)
    people: dict[tuple[int, int, int], list[int]] = field(default_factory=dict)
    inside: dict[int, Connection] = field(default_factory=dict)
    back: dict[int, Connection] = field(default_factory=dict)
    gap: list[Label] | None = None
    steady: int = 5_000
    sessions: int = 0

    def __post_init__(self) -> None:
        self.tracker = self.fresh()

    def fresh(self) -> VoiceTracker:
        return VoiceTracker(
            self.recorded.append,
            lambda _guild, at: self.zones.label(at),
            lambda: Moment(self.steady, self.wall),
        )

    def wait(self, seconds: int, *, unheard: bool = False) -> None:
        for _ in range(seconds):
            label = self.zones.label(self.wall)
            if self.gap is not None:
                self.gap.append(label)
            elif not unheard:
                self.count([label])
            self.wall += SECOND
            self.steady += SECOND

    def count(self, labels: list[Label]) -> None:
        occupancy = Counter(connection.presence.channel for connection in self.inside.values())
        for zone, day, hour in labels:
            for who, (presence, _) in self.inside.items():
                alone = VoiceFlag.ALONE.value if occupancy[presence.channel] == 1 else 0
                key = (day, hour, who, presence.channel, presence.flags | alone, zone)
                self.expected[key] += SECOND
            awake = sum(
                not connection.presence.flags & VoiceFlag.AFK.value for connection in self.inside.values()
            )
            for channel, people in [*occupancy.items(), (0, awake)]:
                self.people.setdefault((day, hour, channel), []).append(people)

    def enter(self, who: int, channel: int, how: int) -> None:
        known = self.inside.get(who)
        self.sessions += 1
        session = known.session if known else str(self.sessions)
        self.inside[who] = Connection(Presence(channel, 2, how), session)
        self.tracker.seen(GUILD, who, self.inside[who])

    def leave(self, who: int) -> None:
        self.inside.pop(who, None)
        self.tracker.seen(GUILD, who, None)

    def depart(self, who: int) -> None:
        """Leave the server; a voice state of before follows."""
        was = self.inside.pop(who, None) or self.back.pop(who, None)
        self.tracker.depart(GUILD, who)
        if was is not None:
            assert not self.tracker.seen(GUILD, who, was)

    def replace(self, who: int) -> None:
        """Somebody left unheard and came back, and tells so before Discord lists who is there."""
        was = self.inside.get(who)
        if self.gap is None or was is None:
            return
        del self.inside[who]
        self.sessions += 1
        self.back[who] = Connection(was.presence, str(self.sessions))
        self.tracker.seen(GUILD, who, self.back[who])

    def lose(self) -> None:
        self.tracker.lose(GUILD)
        self.gap = self.gap or []

    def resume(self) -> None:
        """Nothing was missed, so what held at the break held all along, but for who was told of meanwhile."""
        self.tracker.regain(GUILD)
        self.close_gap()

    def reconnect(self, changed: set[int]) -> None:
        """In the gap some left, and some of them came back with a new session."""
        inside = dict(self.inside)
        for who in changed & inside.keys():
            del self.inside[who]
        self.close_gap()
        for who in sorted(changed & inside.keys()):
            if who % 2:
                self.sessions += 1
                self.inside[who] = Connection(inside[who].presence, str(self.sessions))
        self.tracker.sync(GUILD, self.inside)

    def close_gap(self) -> None:
        gap, self.gap = self.gap, None
        self.count(gap or [])
        self.inside.update(self.back)
        self.back.clear()

    def restart(self, seconds: int) -> None:
        if self.gap is None:
            self.tracker.tick()
        self.gap = None
        self.inside.update(self.back)
        self.back.clear()
        self.wait(seconds, unheard=True)
        self.tracker = self.fresh()
        self.tracker.sync(GUILD, self.inside)

    def measured(self) -> Counter[tuple[int, int, int, int, int, int]]:
        found: Counter[tuple[int, int, int, int, int, int]] = Counter()
        for spent in self.recorded:
            if isinstance(spent, VoiceTime):
                how = spent.flags & ~VoiceFlag.BEGAN.value
                found[spent.day, spent.hour, spent.member, spent.channel, how, spent.zone] += spent.ms
        return found


def play(world: World, script: list[tuple[object, ...]]) -> bool:
    """Act; returns whether Discord was ever not heard of."""
    world.tracker.sync(GUILD, {})
    lost = False
    for name, *arguments in script:
        if world.gap is not None and name in {"enter", "leave"}:
            continue  # nobody tells the tracker; "reconnect" says what happened
        if name == "tick":
            world.tracker.tick()
        else:
            getattr(world, str(name))(*arguments)
        lost = lost or name == "lose"
    world.resume()
    world.wait(1)
    world.tracker.tick()
    return lost


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(ZONES), operations)
def test_time_and_peaks_are_those_of_a_second_by_second_model(
    place: tuple[str, datetime], script: list[tuple[object, ...]]
) -> None:
    zone, start = place
    world = World(ZoneHistory.single(ZoneInfo(zone)), int(start.timestamp()) * SECOND)
    lost = play(world, script)
    assert world.measured() == world.expected

    delta = fold(world.recorded)
    days = {(day, channel) for day, _, channel in world.people}
    for day, channel in days:
        peak = max(max(n) for (d, _, c), n in world.people.items() if (d, c) == (day, channel))
        if channel:
            assert delta.voice_channel_days[GUILD, 0, day, channel].peak == peak
        elif peak:
            assert delta.guild_days[GUILD, 0, day].voice_peak == peak
    for (day, hour, channel), people in world.people.items():
        if channel == 0 and not lost and people[-1]:
            assert delta.guild_days[GUILD, 0, day].levels[GuildLevel.VOICE][hour][1] == people[-1]
    total = sum(world.expected.values())
    assert sum(entry.ms for entry in delta.voice_member_days.values()) == total
    assert sum(entry.ms for entry in delta.voice_channel_days.values()) == total


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 200), st.booleans()), max_size=12))
def test_a_crash_loses_less_than_what_came_since_the_last_tick(steps: list[tuple[int, bool]]) -> None:
    world = World(ZoneHistory.single(ZoneInfo("UTC")), 1_790_000_000_000)
    world.enter(1, 1, 0)
    crashes = 0
    since_tick = 0
    for seconds, crash in steps:
        for _ in range(seconds):
            world.wait(1)
            since_tick += 1
            if since_tick == 60:
                world.tracker.tick()
                since_tick = 0
        if crash:
            crashes += 1
            world.tracker = world.fresh()
            world.tracker.sync(GUILD, world.inside)
            since_tick = 0
    world.tracker.tick()
    missing = sum(world.expected.values()) - sum(world.measured().values())
    assert 0 <= missing <= crashes * 60 * SECOND


@pytest.fixture
def world() -> World:
    return World(ZoneHistory.single(ZoneInfo("UTC")), 1_790_000_000_000)


def test_a_visit_is_counted_once_however_often_it_is_cut(world: World) -> None:
    world.enter(1, 1, 0)
    world.wait(30)
    world.tracker.tick()
    world.enter(1, 1, VoiceFlag.DEAFENED.value)
    world.wait(30)
    world.enter(1, 2, 0)
    world.wait(30)
    world.restart(10)
    world.wait(30)
    world.leave(1)
    delta = fold(world.recorded)
    assert sum(entry.visits for entry in delta.voice_member_days.values()) == 2


def test_a_clock_that_is_set_changes_labels_and_no_sums(world: World) -> None:
    world.enter(1, 1, 0)
    world.wait(10)
    world.wall -= 3_600_000
    world.wait(10)
    world.leave(1)
    assert sum(world.measured().values()) == 20 * SECOND


def test_the_afk_channel_is_no_activity(world: World) -> None:
    world.enter(1, 1, VoiceFlag.AFK.value)
    world.wait(10)
    world.leave(1)
    (entry,) = fold(world.recorded).voice_member_days.values()
    assert (entry.ms, entry.afk_ms, entry.last_at) == (10 * SECOND, 10 * SECOND, 0)


def test_an_empty_server_is_told_once_an_hour(world: World) -> None:
    world.tracker.sync(GUILD, {})
    for _ in range(130):
        world.wait(60)
        world.tracker.tick()
    hours = [a.hour for a in world.recorded if isinstance(a, VoiceLevel)]
    assert len(hours) == len(set(hours)) >= 3


def test_a_server_that_was_left_is_forgotten(world: World) -> None:
    world.enter(1, 1, 0)
    world.wait(5)
    world.tracker.leave_guild(GUILD)
    recorded = len(world.recorded)
    world.wait(60)
    world.tracker.tick()
    assert sum(world.measured().values()) == 5 * SECOND
    assert len(world.recorded) == recorded


def test_a_departure_ends_time_in_voice_and_a_voice_state_of_before_does_not_bring_it_back(
    world: World,
) -> None:
    world.enter(1, 1, 0)
    was = world.inside[1]
    world.wait(5)
    world.depart(1)
    world.wait(5)
    assert not world.tracker.seen(GUILD, 1, was), "it is late"
    world.wait(60)
    world.tracker.tick()
    assert sum(world.measured().values()) == 5 * SECOND
    assert world.tracker.seen(GUILD, 1, was), "that late, nothing is late any more"


def test_who_joins_again_at_once_is_in_voice_again_with_the_same_session(world: World) -> None:
    world.enter(1, 1, 0)
    was = world.inside[1]
    world.wait(5)
    world.depart(1)
    world.tracker.arrive(GUILD, 1)
    assert world.tracker.seen(GUILD, 1, was)
    world.wait(7)
    world.tracker.depart(GUILD, 1)
    assert sum(world.measured().values()) == 12 * SECOND


def test_who_left_and_came_back_unheard_was_not_there_between(world: World) -> None:
    """What is told before Discord lists who is there must not make the two sessions one."""
    world.enter(1, 1, 0)
    world.wait(5)
    world.tracker.lose(GUILD)
    world.wait(600, unheard=True)
    back = Connection(Presence(1, 2, 0), "another")
    world.tracker.seen(GUILD, 1, back)
    world.wait(2, unheard=True)
    world.tracker.sync(GUILD, {1: back})
    world.wait(3)
    world.tracker.tick()
    assert sum(world.measured().values()) == 8 * SECOND


def test_a_deleted_channel_has_nobody_in_it(world: World) -> None:
    world.enter(1, 1, 0)
    world.enter(2, 2, 0)
    world.wait(5)
    world.tracker.close_channel(GUILD, 1)
    del world.inside[1]
    world.wait(60)
    world.tracker.tick()
    assert sum(world.measured().values()) == (5 + 65) * SECOND


@given(st.integers(1, 2**63), st.integers(0, 63))
def test_records_read_back_as_they_were(big: int, how: int) -> None:
    spent = VoiceTime(big, big, 2, big, 1, 60_000, 0, 20_000, 3, how)
    level = VoiceLevel(big, 0, 2, 1, 0, 20_000, 3, 44)
    assert decode(encode(spent)) == spent
    assert decode(encode(level)) == level
