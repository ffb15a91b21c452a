"""Each event of the gateway is read inside a guard: what cannot be read is lost, and the bot goes on.

discord.py reads an event where it arrives, and what that raises ends the process; the event that comes again
after the next start ends that one, too. Here one event is lost instead. The log tells its kind and never what
stood in it, and who can find out otherwise what the event would have told is asked to.

READY and RESUMED are no such events: without them nothing is connected. Where they, or a frame as such,
cannot be read, the connection is left, and discord.py makes a new one in its own time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

import structlog

from bot.clock import steady_ms
from bot.sparsely import Sparsely

Payload = Any
"""What an event carries: an object in all that Discord documents, but nobody has looked yet."""
Parser = Callable[[Payload], None]
Frame = str | bytes

SESSION_CONTROL = frozenset({"READY", "RESUMED"})
UNREADABLE = 4000
"""Code with which a connection is closed that cannot be understood."""

_log = structlog.get_logger(__name__)


class UnreadableConnectionError(OSError):
    """What came over a connection is not the gateway's language.

    It is an OSError, since those are what discord.py connects again for.
    """


class Socket(Protocol):
    """A connection of discord.py's."""

    async def received_message(self, frame: Frame, /) -> None:
        """Read a frame."""

    async def close(self, code: int = 4000) -> None:
        """Leave."""


class EventGuard:
    """Knows what is to be done where an event is lost, and tells the log."""

    def __init__(self, now_ms: Callable[[], int] = steady_ms) -> None:
        self._mends: defaultdict[str, list[Parser]] = defaultdict(list)
        self._lines = Sparsely(now_ms)

    def on_loss(self, events: Iterable[str], mend: Parser) -> None:
        """Have ``mend`` called with each event of a kind that could not be read, whatever is in it."""
        for event in events:
            self._mends[event].append(mend)

    def lost(self, event: str, data: Payload, error: Exception) -> None:
        """Tell of an event that could not be read, and have done what can be done about it."""
        self._say("an event cannot be read and is lost", event, error)
        for mend in self._mends.get(event, ()):
            try:
                mend(data)
            except Exception as second:  # noqa: BLE001 - what is strange may be stranger than thought
                self._say("what an event would have told cannot be found out otherwise", event, second)

    def unreadable(self, shard: int | None, error: Exception) -> None:
        """Tell of a connection that is left."""
        _log.error(
            "the gateway cannot be understood: connecting again", shard=shard, cause=type(error).__name__
        )

    def _say(self, what: str, event: str, error: Exception) -> None:
        times = self._lines.times((what, event))
        if times:
            _log.error(what, kind=event, cause=type(error).__name__, at=_place(error), times=times)


class Guarded:
    """A parser that raises nothing."""

    __slots__ = ("_event", "_guard", "parse")

    def __init__(self, event: str, parse: Parser, guard: EventGuard) -> None:
        self._event = event
        self._guard = guard
        self.parse = parse

    def __call__(self, data: Payload) -> None:
        """Parse; what cannot be read is lost."""
        try:
            self.parse(data)
        except Exception as error:  # noqa: BLE001 - discord.py raises whatever a strange payload makes it
            self._guard.lost(self._event, data, error)


def unguarded(parse: Parser) -> Parser:
    """A parser as it was before: for who stands before it, and is guarded itself."""
    return parse.parse if isinstance(parse, Guarded) else parse


class GuardedParsers(dict[str, Parser]):
    """Parsers by the kind of event; each that is put in is guarded."""

    def __init__(self, parsers: Mapping[str, Parser], guard: EventGuard) -> None:
        super().__init__()
        self._guard = guard
        for event, parse in parsers.items():
            self[event] = parse

    def __setitem__(self, event: str, parse: Parser) -> None:
        """Put a parser in, guarded unless it controls the session."""
        if event not in SESSION_CONTROL and not isinstance(parse, Guarded):
            parse = Guarded(event, parse, self._guard)
        super().__setitem__(event, parse)


def guard_connection(
    socket: Socket, shard: int | None, guard: EventGuard, meant: tuple[type[BaseException], ...]
) -> None:
    """Have a connection left, and made again, where a frame or the session's control cannot be read.

    ``meant`` is what discord.py raises on purpose.
    """
    received = socket.received_message

    async def read(frame: Frame, /) -> None:
        try:
            await received(frame)
        except meant:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            guard.unreadable(shard, error)
            await socket.close(UNREADABLE)
            raise UnreadableConnectionError(type(error).__name__) from None  # its words may be content

    socket.received_message = read  # type: ignore[method-assign] # of this one connection


def _place(error: Exception) -> str:
    """Where in the code it happened."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    name = trace.tb_frame.f_code.co_filename.rpartition("/")[2]
    return f"{name}:{trace.tb_lineno}"
