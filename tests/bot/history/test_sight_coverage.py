"""Loss and return of sight mixed with messages, redelivery, pages of history and new sessions: a model.

A channel and a thread below it; names of sessions are those that the listeners would use. Nothing may count
twice at any moment, and in the end every message that Discord still has has counted once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.history.source import PAGE_SIZE, Page, Place
from bot.history.worker import _filling, _next_page
from bot.ingest.activities.messages import MessageSent
from bot.ingest.coverage import Coverage, admit_live
from bot.ingest.pages import HistoryPage, admit, standing_of
from bot.ingest.sessions import GatewaySessions

SHARD, GUILD, CHANNEL, THREAD = 0, 7, 7, 9
"""An old server's first channel has the server's own id."""
SECOND = 1000 << 22
FULL = 3
"""Messages a page of this small world."""


def sent(message_id: int) -> MessageSent:
    return MessageSent(GUILD, CHANNEL, 0, 0, 1, message_id, 0, 0, 0, 0, 0, 0)


@dataclass
class Spot:
    """A channel or a thread at Discord, and the bot's counting of it."""

    id: int
    parent: int = 0
    coverage: Coverage = field(default_factory=Coverage)
    alive: list[int] = field(default_factory=list)
    counted: list[int] = field(default_factory=list)
    heard: list[tuple[int, int]] = field(default_factory=list)
    page: HistoryPage | None = None
    strays: bool | None = None

    @property
    def place(self) -> Place:
        return Place(GUILD, self.id, self.parent, latest=max(self.alive, default=None))


@dataclass
class World:
    """What there is, what of it is in sight, and the sessions as the listeners name them."""

    sessions: GatewaySessions = field(default_factory=GatewaySessions)
    spots: tuple[Spot, Spot] = field(default_factory=lambda: (Spot(CHANNEL), Spot(THREAD, CHANNEL)))
    lost: set[str] = field(default_factory=set)
    newest: int = 0

    def name(self, spot: Spot) -> int:
        if spot.parent:
            return self.sessions.of(SHARD, GUILD, spot.parent, spot.id)
        return self.sessions.of(SHARD, GUILD, spot.id)

    def sees(self, spot: Spot) -> bool:
        return not self.lost & ({"server", "channel", "thread"} if spot.parent else {"server", "channel"})

    def send(self, spot: Spot, gap: int, *, stray: bool = False) -> None:
        """Somebody writes.

        A stray message is on its way when the loss is told, or comes before the return is: between two that
        are told out of sight nothing is missed.
        """
        self.newest += gap
        spot.alive.append(self.newest)
        if self.sees(spot):
            self.deliver(spot, self.newest, self.name(spot))
        elif stray and spot.strays is not False:
            spot.strays = True
            self.deliver(spot, self.newest, self.name(spot))
        elif spot.strays:
            spot.strays = False

    def deliver(self, spot: Spot, message_id: int, session: int) -> None:
        spot.heard.append((message_id, session))
        if admit_live(spot.coverage, message_id, session):
            spot.counted.append(message_id)

    def again(self, spot: Spot, back: int) -> None:
        """Discord delivers a message of this session once more, as after a RESUME."""
        if self.sees(spot) and spot.heard:
            message_id, session = spot.heard[-1 - back % len(spot.heard)]
            if session == self.name(spot):
                self.deliver(spot, message_id, session)

    def break_off(self, what: str) -> None:
        for spot in self.spots:
            if what != "thread" or spot.parent:  # the session of a channel outlives its threads'
                spot.strays = None
        if what == "server":
            self.sessions.break_off_guild(GUILD)
        else:
            self.sessions.break_off(CHANNEL if what == "channel" else THREAD)

    def lose(self, what: str) -> None:
        if what not in self.lost:
            self.lost.add(what)
            self.break_off(what)

    def regain(self, what: str) -> None:
        if what in self.lost:
            self.lost.discard(what)
            self.break_off(what)

    def fetch(self, spot: Spot) -> bool:
        """Ask for the page that the worker would ask for, if it may."""
        session = self.name(spot)
        before = _next_page(standing_of(spot.coverage), spot.place, session)
        if before is None or not self.sees(spot):
            return False
        found = [i for i in spot.alive if not before or i < before][-FULL:]
        size = PAGE_SIZE if len(found) == FULL else len(found)
        page = Page([sent(i) for i in reversed(found)], size, min(found, default=0), max(found, default=0))
        spot.page = _filling((GUILD, spot.id), page, before, session)
        return True

    def fill(self, spot: Spot) -> None:
        """Commit the page, whatever has happened since it was asked for."""
        if spot.page is not None:
            spot.counted += [each.id for each in admit(spot.coverage, spot.page)]
            spot.page = None

    def finish(self) -> None:
        """All comes back into sight, and the worker runs until nothing is left."""
        for what in list(self.lost):
            self.regain(what)
        for spot in self.spots:
            self.fill(spot)
            while self.fetch(spot):
                self.fill(spot)


Step = Callable[[World], object]
spots = st.integers(0, 1)
things = st.sampled_from(["server", "channel", "thread"])
gaps = st.one_of(st.integers(1, 5), st.integers(1, 200).map(lambda seconds: seconds * SECOND))


def steps() -> st.SearchStrategy[list[Step]]:
    def at(method: Callable[..., object], *values: st.SearchStrategy[int]) -> st.SearchStrategy[Step]:
        made = st.tuples(spots, *values)
        return made.map(lambda drawn: lambda world: method(world, world.spots[drawn[0]], *drawn[1:]))

    def of(method: Callable[[World, str], object]) -> st.SearchStrategy[Step]:
        return things.map(lambda what: lambda world: method(world, what))

    def stray(world: World, spot: Spot, gap: int) -> None:
        world.send(spot, gap, stray=True)

    session: Step = lambda world: world.sessions.renew(SHARD)  # noqa: E731 - one step among others
    outage = of(World.lose).flatmap(
        lambda lose: st.lists(st.one_of(at(World.send, gaps), at(stray, gaps)), min_size=3, max_size=6).map(
            lambda meanwhile: [lose, *meanwhile]
        )
    )
    single = st.one_of(
        at(World.send, gaps),
        at(stray, gaps),
        at(World.again, st.integers(0, 10)),
        at(World.fetch),
        at(World.fill),
        of(World.lose),
        of(World.regain),
        st.just(session),
    ).map(lambda step: [step])
    return st.lists(st.one_of(single, single, outage), max_size=50).map(lambda each: list(chain(*each)))


@settings(max_examples=500, deadline=None)
@given(steps())
def test_what_was_out_of_sight_counts_once_in_the_end(script: list[Step]) -> None:
    world = World()
    for step in script:
        step(world)
        for spot in world.spots:
            assert len(spot.counted) == len(set(spot.counted)), "nothing counts twice"
    world.finish()
    for spot in world.spots:
        assert sorted(spot.counted) == spot.alive
        assert spot.coverage.uncounted == []


@pytest.mark.parametrize("what", ["server", "channel", "thread"])
def test_a_name_changes_at_the_loss_and_at_the_return(what: str) -> None:
    world = World()
    channel, thread = world.spots
    names = [(world.name(channel), world.name(thread))]
    for change in (world.lose, world.regain):
        change(what)
        names.append((world.name(channel), world.name(thread)))
    assert len({name for _, name in names}) == 3, "a thread goes and comes with its channel and server"
    assert len({name for name, _ in names}) == (1 if what == "thread" else 3)


def test_other_servers_channels_and_shards_keep_their_sessions() -> None:
    sessions = GatewaySessions()
    others = [(1, GUILD, CHANNEL, THREAD), (0, 8, 5, 6), (0, GUILD, 5, 6)]
    before = [sessions.of(*each) for each in others]
    sessions.break_off(CHANNEL)
    sessions.break_off(THREAD)
    assert [sessions.of(*each) for each in others[1:]] == before[1:]
    sessions.break_off_guild(GUILD)
    after = [sessions.of(*each) for each in others]
    assert after[1] == before[1]
    assert after[2] != before[2]
    sessions.renew(1)
    assert sessions.of(0, 8, 5, 6) == before[1]


def test_every_change_of_a_name_is_noticed_by_who_holds_something() -> None:
    sessions = GatewaySessions()
    sessions.of(SHARD)
    seen = [sessions.breaks]
    changes: list[Callable[[], object]] = [
        lambda: sessions.break_off(1),
        lambda: sessions.break_off_guild(1),
        lambda: sessions.renew(SHARD),
        sessions.interrupt,
    ]
    for change in changes:
        change()
        seen.append(sessions.breaks)
    assert seen == sorted(set(seen))
