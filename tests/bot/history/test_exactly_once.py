"""Live messages, gateway sessions and pages of history against a model that remembers every id."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.history.source import PAGE_SIZE, Page, Place
from bot.history.worker import _filling, _next_page
from bot.ingest.activities.messages import MessageSent
from bot.ingest.coverage import Coverage, admit_live, admit_page
from bot.ingest.pages import HistoryPage, admit, dropped, standing_of

GUILD, CHANNEL = 7, 5
SECOND = 1000 << 22
FULL = 3
"""Messages a page of this small world."""


def sent(message_id: int) -> MessageSent:
    return MessageSent(GUILD, CHANNEL, 0, 0, 1, message_id, 0, 0, 0, 0, 0, 0)


@dataclass
class Channel:
    """A channel at Discord, and the bot's counting of it; a page may lie between asking and counting."""

    coverage: Coverage = field(default_factory=Coverage)
    alive: list[int] = field(default_factory=list)
    ever: list[int] = field(default_factory=list)
    counted: list[int] = field(default_factory=list)
    connected: bool = False
    session: int = 1
    open_page: HistoryPage | None = None

    def send(self, gap: int) -> None:
        message_id = (self.ever[-1] if self.ever else 0) + gap
        self.ever.append(message_id)
        self.alive.append(message_id)
        if self.connected:
            self.deliver(message_id)

    def deliver(self, message_id: int) -> None:
        if admit_live(self.coverage, message_id, self.session):
            self.counted.append(message_id)

    def connect(self) -> None:
        self.connected = True
        self.session += 1

    def request(self) -> int | None:
        place = Place(GUILD, CHANNEL, latest=self.ever[-1] if self.ever else None)
        return _next_page(standing_of(self.coverage), place, self.session)

    def fetch(self) -> bool:
        """Ask for the page that the worker would ask for."""
        before = self.request()
        if before is None:
            return False
        found = [i for i in self.alive if not before or i < before][-FULL:]
        size = PAGE_SIZE if len(found) == FULL else len(found)
        page = Page([sent(i) for i in reversed(found)], size, min(found, default=0), max(found, default=0))
        self.open_page = _filling((GUILD, CHANNEL), page, before, self.session)
        return True

    def fill(self) -> None:
        """Commit the page; and once more, as if the answer had been lost."""
        if self.open_page is not None:
            self.counted += [each.id for each in admit(self.coverage, self.open_page)]
            again = msgspec.convert(msgspec.to_builtins(self.coverage), Coverage)
            assert admit(again, self.open_page) == []
            self.open_page = None

    def finish(self) -> None:
        """Let the worker run until nothing is left."""
        self.fill()
        self.connect()
        while self.fetch():
            self.fill()


steps = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(1, 40).map(lambda seconds: seconds * SECOND)),
        st.tuples(st.sampled_from(["connect", "disconnect", "fetch", "fill"]), st.just(0)),
        st.tuples(st.sampled_from(["delete", "redeliver"]), st.integers(0, 10)),
    ),
    max_size=60,
)


@settings(max_examples=400, deadline=None)
@given(steps)
def test_every_surviving_message_counts_exactly_once(script: list[tuple[str, Any]]) -> None:
    channel = Channel()
    for step, value in script:
        match step:
            case "send":
                channel.send(value)
            case "connect":
                channel.connect()
            case "disconnect":
                channel.connected = False
            case "fetch" if channel.connected:
                channel.fetch()
            case "fill":
                channel.fill()
            case "delete" if channel.alive:
                del channel.alive[-1 - value % len(channel.alive)]
            case "redeliver" if channel.connected and channel.counted:
                channel.deliver(channel.counted[-1 - value % len(channel.counted)])
            case _:
                pass
        assert len(channel.counted) == len(set(channel.counted)), "nothing counts twice"
    channel.finish()
    assert len(channel.counted) == len(set(channel.counted))
    assert set(channel.alive) <= set(channel.counted) <= set(channel.ever)
    assert channel.coverage.uncounted == []


def test_a_page_leaves_to_the_live_session_what_is_above_the_floor() -> None:
    coverage = Coverage(session=1, floor=99, recent=[100], uncounted=[])
    page = HistoryPage((GUILD, CHANNEL), [sent(101)], after=0, before=102)
    assert admit(coverage, page) == []
    assert admit_live(coverage, 101, 1)


def test_a_live_message_older_than_the_newest_page_belongs_to_history() -> None:
    channel = Channel(connected=True)
    channel.alive = channel.ever = [10, 20]
    assert channel.fetch()
    channel.fill()
    channel.deliver(20)
    channel.deliver(30)
    assert channel.counted == [20, 10, 30]


def test_a_file_fills_what_history_would_have_read() -> None:
    coverage = Coverage()
    assert admit_live(coverage, 50, 1)
    assert admit_page(coverage, [10, 20], covers_from=1) == [True, True]
    page = HistoryPage((GUILD, CHANNEL), [sent(30), sent(20), sent(10)], after=0, before=50)
    assert [each.id for each in admit(coverage, page)] == [30]
    assert coverage.uncounted == []


def test_nothing_is_left_of_a_channel_that_is_gone() -> None:
    coverage = Coverage(session=1, floor=99, recent=[100])
    admit_live(coverage, 200, 2)
    assert coverage.uncounted
    assert admit(coverage, dropped((GUILD, CHANNEL))) == []
    assert coverage.uncounted == []
