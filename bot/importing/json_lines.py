"""JSON lines: one event an object a line.

Fields: ``ts``, ``kind``, ``channel`` and ``author`` (names), ``channel_id`` and ``author_id`` in their place
or beside them, ``id`` of the message, ``bot`` and the flags. Whatever else a line holds is not looked at.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from bot.importing.faults import (
    MAX_NAME,
    NOT_JSON,
    NOT_UTF8,
    TOO_DEEP,
    Bounds,
    Rule,
    find_fault,
    is_flag,
    is_id,
    is_name,
    is_time,
)
from bot.importing.rows import (
    DEFAULT_TYPE,
    REPLY_TYPE,
    START,
    BrokenLine,
    ChannelRef,
    ImportedMessage,
    Located,
    OtherRow,
    Position,
    Row,
)
from bot.importing.values import LATEST_MS, epoch_ms, snowflake

MAX_LINE_BYTES = 1024 * 1024
BOM = b"\xef\xbb\xbf"

_MAX_KNOWN_CHANNELS = 10_000
_CUT = "ends in the middle of its JSON"
TOO_LONG = "is longer than 1 MiB"
_GREW = "goes on behind what was imported of it before"

_NAME = "a text of 1 to 200 characters"
_ID = "an id (a number above 0, or its digits)"
_FLAG = "true or false"
_RULES = (
    Rule(("ts",), is_time, "a date and time like 2026-01-31T12:00:00Z", required=True),
    Rule(("kind",), is_name, _NAME, required=True),
    Rule(("channel",), is_name, _NAME),
    Rule(("author",), is_name, _NAME),
    Rule(("id",), is_id, _ID),
    Rule(("channel_id",), is_id, _ID),
    Rule(("author_id",), is_id, _ID),
    *(
        Rule((name,), is_flag, _FLAG)
        for name in ("bot", "files", "embeds", "stickers", "poll", "reply", "forward")
    ),
)


class _Event(msgspec.Struct, gc=False):
    ts: datetime
    kind: str
    channel: str | None = None
    author: str | None = None
    id: int | str | None = None
    channel_id: int | str | None = None
    author_id: int | str | None = None
    bot: bool | None = None
    files: bool | None = None
    embeds: bool | None = None
    stickers: bool | None = None
    poll: bool | None = None
    reply: bool | None = None
    forward: bool | None = None


class EventParser:
    """Makes a row of a line's bytes."""

    def __init__(self, *, not_after_ms: int = LATEST_MS) -> None:
        self._decode = msgspec.json.Decoder(_Event).decode
        self._bounds = Bounds(not_after_ms)
        self._channels: dict[tuple[str | None, int | str | None], ChannelRef] = {}

    def parse(self, line: bytes, number: int) -> Row | None:
        """The row of a line without its line end; ``None`` for an empty one."""
        if len(line) > MAX_LINE_BYTES:
            return BrokenLine(number, TOO_LONG)
        try:
            event = self._decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return self._parse_patiently(line, number)
        return self._row(event, number)

    def _parse_patiently(self, line: bytes, number: int) -> Row | None:
        """Say what is wrong with the line, or read it: half an emoji in ignored text does no harm."""
        if number == 1:
            line = line.removeprefix(BOM)
        if not line or line.isspace():
            return None
        try:
            record = _load(line)
        except _UnreadableError as error:
            return BrokenLine(number, str(error))
        fault = find_fault(record, _RULES)
        if fault is not None:
            return BrokenLine(number, fault)
        return self._row(msgspec.convert(record, _Event), number)

    def _row(self, event: _Event, number: int) -> Row:
        at_ms = epoch_ms(event.ts)
        try:
            message_id = None if event.id is None else snowflake(event.id)
            fault = self._bounds.fault(at_ms, message_id)
            if fault is not None:
                return BrokenLine(number, fault)
            if event.kind == "message":
                return self._message(event, at_ms, message_id)
            return self._other(event, at_ms)
        except ValueError:
            fault = find_fault(msgspec.to_builtins(event, builtin_types=(datetime,)), _RULES[1:])
            return BrokenLine(number, fault or _incomplete(event))

    def _message(self, event: _Event, at_ms: int, message_id: int | None) -> ImportedMessage:
        channel, author = self._channel(event), _author(event)
        if channel is None or author is None:
            raise ValueError("a message without channel or author")
        return ImportedMessage(
            at_ms,
            channel,
            author,
            event.author_id is not None,
            bool(event.bot),
            message_id=message_id,
            type=REPLY_TYPE if event.reply else DEFAULT_TYPE,
            files=event.files,
            embeds=event.embeds,
            stickers=event.stickers,
            poll=event.poll,
            reply=event.reply,
            forward=event.forward,
        )

    def _other(self, event: _Event, at_ms: int) -> OtherRow:
        return OtherRow(
            _name(event.kind), at_ms, _author(event), event.author_id is not None, self._channel(event)
        )

    def _channel(self, event: _Event) -> ChannelRef | None:
        key = (event.channel, event.channel_id)
        return self._channels.get(key) or self._new_channel(key)

    def _new_channel(self, key: tuple[str | None, int | str | None]) -> ChannelRef | None:
        name, raw_id = key
        if name is None and raw_id is None:
            return None
        channel_id = None if raw_id is None else snowflake(raw_id)
        channel = ChannelRef(channel_id, str(channel_id) if name is None else _name(name))
        if len(self._channels) >= _MAX_KNOWN_CHANNELS:
            self._channels.clear()
        self._channels[key] = channel
        return channel


class JsonLinesDecoder:
    """Splits bytes into lines and these into rows; fed in any pieces, the rows are the same.

    All bytes of the file are fed; those before ``start`` make no rows. A last line without an end is read
    too. If it is broken it may only be half written, so the position stays before it; if it is good the
    position is behind it, and a start from there passes over what has come behind it in that line.
    """

    def __init__(self, start: Position = START, *, not_after_ms: int = LATEST_MS) -> None:
        self._parser = EventParser(not_after_ms=not_after_ms)
        self._line = start.index
        self._offset = 0
        self._to_pass = start.offset
        self._pending = b""
        self._skip: _Skip | None = None

    @property
    def failure(self) -> str | None:
        """Why nothing behind the last row can be read: never so, a bad line spoils no other."""
        return None

    @property
    def settled(self) -> Position:
        """Behind all that is done with; no row to come ends before it."""
        return Position(self._line, self._offset)

    def rows(self, chunks: Iterable[bytes]) -> Iterator[list[Located]]:
        """The rows of a whole file, chunk by chunk."""
        for data in chunks:
            yield self.feed(data)
        yield self.finish()

    def feed(self, data: bytes) -> list[Located]:
        """The rows of the lines that end in ``data``, the bytes that follow."""
        found: list[Located] = []
        if self._to_pass:
            data = self._pass_over(data)
        if self._skip is not None:
            data = self._skip_on(self._skip, data, found)
        *lines, self._pending = (self._pending + data).split(b"\n")
        number, offset, parse = self._line, self._offset, self._parser.parse
        for line in lines:
            number += 1
            offset += len(line) + 1
            row = parse(line, number)
            if row is not None:
                found.append(Located(row, Position(number, offset)))
        self._line, self._offset = number, offset
        if len(self._pending) > MAX_LINE_BYTES:
            self._skip = _Skip()
            self._offset += len(self._pending)
            self._pending = b""
        return found

    def finish(self) -> list[Located]:
        """The row of a last line without an end; nothing can be fed any more."""
        if self._skip is not None:
            return self._end_skip(self._skip)
        row = self._parser.parse(self._pending, self._line + 1)
        if row is None:
            return []
        if not isinstance(row, BrokenLine):
            self._line += 1
            self._offset += len(self._pending)
        return [Located(row, self.settled)]

    def _pass_over(self, data: bytes) -> bytes:
        """Pass over what lies before the start; what follows it."""
        passed = data[: self._to_pass]
        self._to_pass -= len(passed)
        self._offset += len(passed)
        if not self._to_pass and not passed.endswith(b"\n"):
            self._skip = _Skip(rest_of_line=True)
        return data[len(passed) :]

    def _skip_on(self, skip: "_Skip", data: bytes, found: list[Located]) -> bytes:
        """Pass over the line being skipped; what follows it."""
        rest, newline, behind = data.partition(b"\n")
        skip.blank = skip.blank and not rest.strip()
        self._offset += len(rest) + len(newline)
        if newline:
            found.extend(self._end_skip(skip))
            self._skip = None
        return behind

    def _end_skip(self, skip: "_Skip") -> list[Located]:
        if not skip.rest_of_line:
            self._line += 1
            return [Located(BrokenLine(self._line, TOO_LONG), self.settled)]
        if not skip.blank:
            return [Located(BrokenLine(self._line, _GREW), self.settled)]
        return []


class _Skip:
    """A line whose bytes are passed over: too long, or ``rest_of_line`` of one that was read before."""

    def __init__(self, *, rest_of_line: bool = False) -> None:
        self.rest_of_line = rest_of_line
        self.blank = True


class _UnreadableError(Exception):
    """The line holds no JSON; says why."""


def _load(line: bytes) -> object:
    """Decode a line as patiently as can be; ``_UnreadableError`` says why it cannot."""
    try:
        text = line.decode().rstrip()
        return json.loads(text)
    except UnicodeDecodeError as error:
        raise _UnreadableError(NOT_UTF8) from error
    except RecursionError as error:
        raise _UnreadableError(TOO_DEEP) from error
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text) or error.msg.startswith("Unterminated")
        raise _UnreadableError(_CUT if cut else NOT_JSON) from error
    except ValueError as error:
        # A number with thousands of digits.
        raise _UnreadableError(NOT_JSON) from error


def _author(event: _Event) -> str | None:
    if event.author_id is not None:
        return str(snowflake(event.author_id))
    return None if event.author is None else _name(event.author)


def _name(text: str) -> str:
    if not 0 < len(text) <= MAX_NAME:
        raise ValueError("not a name")
    return text


def _incomplete(event: _Event) -> str:
    missing = "channel" if event.channel is None and event.channel_id is None else "author"
    return f"has neither `{missing}` nor `{missing}_id`"
