"""What a test tells the bot's process to do, and how that does it: trace what it accepts, die at a place.

The bot knows nothing of this: trace and deaths are put around its parts, in its process, before it runs.
"""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from motor.motor_asyncio import AsyncIOMotorCollection

from bot import claiming
from bot.clock import SystemClock
from bot.db.recording import MongoStore
from bot.ingest import segment
from bot.ingest.activities.messages import MessageSent
from bot.ingest.journal import Journal
from bot.ingest.recorder import Recorder
from bot.ingest.segment import RECORD, Segment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.ingest.activity import Activity


class Place(StrEnum):
    """Where a process can kill itself."""

    RECORD_TORN = "a record stands half in the journal"
    RECORD_KEPT = "a record is in the journal, and nobody has heard of it"
    SYNC = "before the journal is synced"
    SEGMENT_UNNAMED = "a segment has its size and not yet its name"
    COMMIT_BEGUN = "a while after a commit began"
    NOTHING_WRITTEN = "before a commit"
    WATERMARK_MOVED = "the transaction holds the watermark and no counters"
    BETWEEN_BULKS = "the transaction holds some of the counters"
    ALL_WRITTEN = "the transaction holds everything and is not committed"
    COMMITTED = "the transaction is committed, and the answer not used"
    DISCARD = "before committed segments are deleted"


class Death(msgspec.Struct, frozen=True):
    """Die the ``nth`` time that a place is passed, or ``seconds`` later."""

    place: Place
    nth: int = 1
    seconds: float = 0.0


class Orders(msgspec.Struct, frozen=True):
    """What a process is to do beside the command.

    ``witness`` is the file of its trace; ``patience``, in seconds, is how long it waits for a lease;
    ``segment_bytes`` is the size of a journal's segments; ``clock`` is a file that says by how many
    milliseconds its clock is off.
    """

    command: list[str]
    witness: str | None = None
    death: Death | None = None
    patience: float | None = None
    segment_bytes: int | None = None
    clock: str | None = None


def obey(orders: Orders) -> None:
    """Put trace and death around the bot's parts."""
    if orders.witness is not None:
        leave_trace(orders.witness)
    if orders.death is not None:
        die_at(orders.death)
    if orders.patience is not None:
        claiming.LEASE_PATIENCE_SECONDS = orders.patience
    if orders.segment_bytes is not None:
        defaults = Journal.__init__.__kwdefaults__ or {}
        defaults["segment_bytes"] = orders.segment_bytes
    if orders.clock is not None:
        set_clock(Path(orders.clock))


def set_clock(path: Path) -> None:
    """Put the wall clock off by what a file says, from one moment to the next."""

    def off(now_ms: Callable[[SystemClock], int]) -> Callable[[SystemClock], int]:
        return lambda clock: now_ms(clock) + int(path.read_text("ascii"))

    _around(SystemClock, "now_ms", off)


def leave_trace(path: str) -> None:
    """Write down the id of every message right after it was accepted, one ``write`` each."""
    trace = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def tracing(record: Callable[[Recorder, Activity], None]) -> Callable[[Recorder, Activity], None]:
        def traced(recorder: Recorder, activity: Activity) -> None:
            dropped = recorder.dropped
            record(recorder, activity)
            if recorder.dropped == dropped and isinstance(activity, MessageSent):
                os.write(trace, b"%d\n" % activity.id)

        return traced

    _around(Recorder, "record", tracing)


def die_at(death: Death) -> None:
    """Install a death."""
    owner, name, how = _WHERE[death.place]
    _around(owner, name, getattr(_Fate(death), how))


def _around(owner: object, name: str, wrap: Callable[[Any], Any]) -> None:
    setattr(owner, name, wrap(getattr(owner, name)))


@dataclass(slots=True)
class _Fate:
    """Counts how often its place was passed."""

    death: Death
    passed: int = 0

    def meet(self) -> None:
        """Go on, or die as of `kill -9`."""
        if self.is_now():
            self.strike()

    def is_now(self) -> bool:
        self.passed += 1
        return self.passed == self.death.nth

    def strike(self) -> None:
        if self.death.seconds:
            threading.Timer(self.death.seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
        else:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: object, **named: object) -> object:
            self.meet()
            return call(*arguments, **named)

        return wrapped

    def after(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: object, **named: object) -> object:
            result = call(*arguments, **named)
            self.meet()
            return result

        return wrapped

    def after_awaiting(self, call: Callable[..., Any]) -> Callable[..., Any]:
        async def wrapped(*arguments: object, **named: object) -> object:
            result = await call(*arguments, **named)
            self.meet()
            return result

        return wrapped

    def tearing(self, append: Callable[..., None]) -> Callable[..., None]:
        """Write half of a record's payload, and not yet what says that it is there."""

        def wrapped(written: Segment, payload: bytes) -> None:
            if self.is_now():
                start = written.end + RECORD.size
                half = len(payload) // 2
                written.map[start : start + half] = payload[:half]
                self.strike()
            append(written, payload)

        return wrapped


_WHERE: Mapping[Place, tuple[object, str, str]] = {
    Place.RECORD_TORN: (Segment, "append", "tearing"),
    Place.RECORD_KEPT: (Journal, "append", "after"),
    Place.SYNC: (Journal, "sync", "before"),
    Place.SEGMENT_UNNAMED: (segment, "put_in_place", "before"),
    Place.COMMIT_BEGUN: (MongoStore, "commit", "before"),
    Place.NOTHING_WRITTEN: (MongoStore, "commit", "before"),
    Place.WATERMARK_MOVED: (MongoStore, "_move", "after_awaiting"),
    Place.BETWEEN_BULKS: (AsyncIOMotorCollection, "bulk_write", "before"),
    Place.ALL_WRITTEN: (MongoStore, "_write", "after_awaiting"),
    Place.COMMITTED: (MongoStore, "commit", "after_awaiting"),
    Place.DISCARD: (Journal, "discard", "before"),
}
"""What each place is in the code, and on which side of it death waits: a method of `_Fate`."""
