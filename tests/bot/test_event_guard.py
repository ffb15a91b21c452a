"""The guard around events: what it lets pass, what it says, and whom it asks."""

from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from bot.event_guard import (
    EventGuard,
    GuardedParsers,
    UnreadableConnectionError,
    guard_connection,
    unguarded,
)
from bot.ingest.activities.messages import ChannelKind, MessageSent
from bot.ingest.activities.threads import ThreadSeen
from bot.ingest.activity import LIMIT, decode, journalled
from bot.sparsely import Sparsely

SECRET = "what somebody wrote"  # noqa: S105 - a mark to look for in the log


class Hand:
    """A clock that is put on by hand."""

    now = 0

    def __call__(self) -> int:
        return self.now


def broken(data: object) -> None:
    raise ValueError(f"invalid: {SECRET} {data}")


def test_what_cannot_be_read_is_told_by_its_kind_alone_and_asked_for_otherwise() -> None:
    guard = EventGuard(Hand())
    asked: list[object] = []
    guard.on_loss(["A"], broken)
    guard.on_loss(["A", "B"], asked.append)
    parsers = GuardedParsers({"A": broken, "B": broken, "C": broken}, guard)
    with capture_logs() as logs:
        for event in "ABC":
            parsers[event]({"content": SECRET})
    assert asked == [{"content": SECRET}] * 2, "though what else was asked failed"
    assert [(each["event"], each["kind"], each["cause"]) for each in logs] == [
        ("an event cannot be read and is lost", "A", "ValueError"),
        ("what an event would have told cannot be found out otherwise", "A", "ValueError"),
        ("an event cannot be read and is lost", "B", "ValueError"),
        ("an event cannot be read and is lost", "C", "ValueError"),
    ]
    assert SECRET not in str(logs)
    assert logs[0]["at"].startswith("test_event_guard.py:")


def test_a_parser_that_is_put_in_later_is_guarded_once_and_the_sessions_own_never() -> None:
    parsers = GuardedParsers({"READY": broken}, EventGuard(Hand()))
    parsers["RESUMED"] = broken
    for event in ("READY", "RESUMED"):
        with pytest.raises(ValueError, match="invalid"):
            parsers[event](None)
    parsers["A"] = broken
    parsers["A"] = parsers["A"]
    assert unguarded(parsers["A"]) is broken


class Wire:
    """A connection of discord.py's."""

    def __init__(self, raises: BaseException | None) -> None:
        self.raises = raises
        self.closed: list[int] = []
        self.frames: list[object] = []

    async def received_message(self, frame: str | bytes, /) -> None:
        self.frames.append(frame)
        if self.raises is not None:
            raise self.raises

    async def close(self, code: int = 4000) -> None:
        self.closed.append(code)


async def test_a_frame_that_cannot_be_read_ends_the_connection_and_not_the_bot() -> None:
    wire = Wire(KeyError(SECRET))
    guard_connection(wire, 3, EventGuard(Hand()), (TimeoutError,))
    with capture_logs() as logs, pytest.raises(UnreadableConnectionError) as left:
        await wire.received_message("frame")
    assert (wire.closed, wire.frames) == ([4000], ["frame"])
    assert isinstance(left.value, OSError), "for which discord.py connects again"
    assert left.value.__suppress_context__
    assert SECRET not in str(logs) + str(left.value)


@pytest.mark.parametrize("meant", [None, TimeoutError(), ConnectionResetError()])
async def test_what_discord_py_means_passes(meant: BaseException | None) -> None:
    wire = Wire(meant)
    guard_connection(wire, None, EventGuard(Hand()), (OSError, TimeoutError))
    if meant is None:
        await wire.received_message("frame")
    else:
        with pytest.raises(type(meant)):
            await wire.received_message("frame")
    assert wire.closed == []


def test_each_kind_is_told_the_first_time_and_then_with_how_often_it_came() -> None:
    hand = Hand()
    lines = Sparsely(hand, pause_ms=100)
    assert [lines.times("a"), lines.times("b")] == [1, 1]
    hand.now = 99
    assert [lines.times("a"), lines.times("a")] == [0, 0]
    hand.now = 100
    assert [lines.times("a"), lines.times("a"), lines.times("b")] == [3, 0, 1]
    hand.now = 199
    assert lines.times("a") == 0
    hand.now = 200
    assert lines.times("a") == 3


SEEN = ThreadSeen(1, 2, 3, 0, 5, True, False, False, False, 6, 7, 8, 9, 10, (0, 0, 0), (0, 0, 0), (0, 0, 0))  # noqa: FBT003


def changed(**fields: object) -> Callable[[], bytes]:
    values = {name: getattr(SEEN, name) for name in SEEN.__struct_fields__}
    return lambda: journalled(ThreadSeen(**{**values, **fields}))


@pytest.mark.parametrize(
    "fields", [{"locked": None}, {"idle": "x"}, {"thread": LIMIT}, {"thread": -LIMIT - 1}, {"idle": 1.5}]
)
def test_what_could_not_be_read_back_never_comes_into_the_journal(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="ThreadSeen"):
        changed(**fields)()


def test_what_is_as_it_should_be_reads_back_as_it_was() -> None:
    assert decode(journalled(SEEN)) == SEEN
    assert decode(changed(creator=2**64 - 1)()).creator == 2**64 - 1, "a keyed hash has 64 bits"


@pytest.mark.parametrize("number", [-1, LIMIT])
def test_a_message_whose_id_is_none_is_not_kept(number: int) -> None:
    with pytest.raises(ValueError, match="ids"):
        journalled(MessageSent(1, 2, 0, ChannelKind.TEXT, 3, number, 4, 5, 6, 7, 8, 0))
