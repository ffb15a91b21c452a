"""Files of DiscordChatExporter (``-f Json``): one channel or thread each, an object with all messages.

What its source says (JsonMessageWriter, ChannelExporter):

* ``guild``, ``channel``, ``dateRange`` and ``exportedAt`` stand before ``messages``; what else writes such
  files may put them behind.
* ``categoryId`` of a thread is its parent channel, of any other channel its category.
* Types that its enumerations do not know are written as numbers in quotes.
* Messages are oldest first; with ``--reverse`` newest first, and nothing in the file says so.
* ``discriminator`` is "0000" also for people without one, so it marks a webhook for bots only.
"""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

import ijson  # type: ignore[import-untyped]  # it ships no types
import msgspec

from bot.importing.faults import (
    TOO_DEEP,
    Bounds,
    Rule,
    find_fault,
    is_flag,
    is_id,
    is_list,
    is_object,
    is_time,
    is_word,
    name_from,
)
from bot.importing.rows import (
    REPLY_TYPE,
    START,
    THREAD_STARTER_TYPE,
    UNKNOWN_TYPE,
    BrokenLine,
    ChannelRef,
    ImportedMessage,
    Located,
    Position,
    Row,
)
from bot.importing.values import LATEST_MS, epoch_ms, snowflake

MAX_MESSAGE_BYTES = 16 * 1024 * 1024

MAX_HELD_BYTES = 256 * 1024

_MESSAGES = "messages"
_OF_ESCAPES = b'\\"/0123456789abcdefABCDEFnrtu'
"""Of these escapes are made."""
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_HALF = re.compile(
    rb"((?<!\\)(?:\\\\)*)(?:\\u[dD][89abAB]..(?!\\u[dD][c-fC-F])"
    rb"|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F]..)"
)
"""One of the two escapes that make a character beyond 16 bits, without the other: the parser chokes on it."""
_OPENS = frozenset({"start_map", "start_array"})
_CLOSES = frozenset({"end_map", "end_array"})
_HEAD: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "guild": frozenset({"id", "name"}),
        "channel": frozenset({"id", "name", "type", "categoryId", "category"}),
        "dateRange": frozenset({"after", "before"}),
    }
)
"""What is kept of a file beside its messages."""
_AUTHOR, _REFERENCE = frozenset({"id", "isBot", "discriminator"}), frozenset({"type", "messageId"})
_OBJECTS: Mapping[str, frozenset[str]] = MappingProxyType({"author": _AUTHOR, "reference": _REFERENCE})
_SHOWN = frozenset({"attachments", "embeds", "stickers", "poll", "forwardedMessage"})
"""Fields of a message of which only matters whether they hold anything."""
_FIELDS = frozenset({"id", "type", "timestamp", *_OBJECTS, *_SHOWN})
"""What is kept of a message. Whatever else there is, and be it nested a million times, takes no memory."""
_TYPE_DIGITS = 4
_NO_DISCRIMINATOR = "0000"
_CHANNEL_TYPES = {
    "GuildTextChat": 0,
    "DirectTextChat": 1,
    "GuildVoiceChat": 2,
    "DirectGroupTextChat": 3,
    "GuildCategory": 4,
    "GuildNews": 5,
    "GuildNewsThread": 10,
    "GuildPublicThread": 11,
    "GuildPrivateThread": 12,
    "GuildStageVoice": 13,
    "GuildDirectory": 14,
    "GuildForum": 15,
    "GuildMedia": 16,
}
_MESSAGE_TYPES = {
    "Default": 0,
    "RecipientAdd": 1,
    "RecipientRemove": 2,
    "Call": 3,
    "ChannelNameChange": 4,
    "ChannelIconChange": 5,
    "ChannelPinnedMessage": 6,
    "GuildMemberJoin": 7,
    "ThreadCreated": 18,
    "Reply": REPLY_TYPE,
    "ThreadStarterMessage": THREAD_STARTER_TYPE,
}
_TIME = "a date and time"
_ID = "a Discord id"
_RULES = (
    Rule(("id",), is_id, _ID, required=True),
    Rule(("type",), is_word, "a message type", required=True),
    Rule(("timestamp",), is_time, _TIME, required=True),
    Rule(("author",), is_object, "an object", required=True),
    Rule(("author", "id"), is_id, _ID, required=True),
    Rule(("author", "isBot"), is_flag, "true or false"),
    Rule(("author", "discriminator"), is_word, "text"),
    Rule(("attachments",), is_list, "a list"),
    Rule(("embeds",), is_list, "a list"),
    Rule(("stickers",), is_list, "a list"),
    Rule(("reference",), is_object, "an object"),
    Rule(("reference", "type"), is_word, "text"),
    Rule(("reference", "messageId"), is_id, _ID),
)


class _Author(msgspec.Struct, rename="camel"):
    id: int | str
    is_bot: bool | None = None
    discriminator: str | int | None = None


class _Reference(msgspec.Struct, rename="camel"):
    type: str | int | None = None
    message_id: int | str | None = None


class _Message(msgspec.Struct, rename="camel"):
    id: int | str
    type: str | int
    timestamp: datetime
    author: _Author
    attachments: list[object] | None = None
    embeds: list[object] | None = None
    stickers: list[object] | None = None
    poll: object = None
    reference: _Reference | None = None
    forwarded_message: object = None


class ExporterHead(msgspec.Struct, frozen=True):
    """What a file says beside the messages; a time range is the one asked of the exporter, if any was.

    ``complete``: it names server and channel.
    """

    guild_id: int | None
    guild_name: str | None
    channel: ChannelRef
    after_ms: int | None
    before_ms: int | None
    exported_ms: int | None = None

    @property
    def complete(self) -> bool:
        """Whether it is known of which channel of which server the messages are."""
        return self.guild_id is not None and self.channel.id is not None


def parse_head(chunks: Iterable[bytes]) -> ExporterHead | None:
    """Read what stands beside the messages, from a file's bytes (uncompressed) or its beginning.

    Reads no further than it has to: up to the messages, and behind them only where server and channel were
    not named before. ``None`` for a file without messages, or if the bytes end before them.
    """
    found = _Found()
    source = _Source(chunks)
    # A beginning ends somewhere; what is broken is said by who reads the rows.
    with suppress(ijson.JSONError, UnicodeDecodeError, _OtherFileError, _TooLargeError):
        for record in _walk(_events(source), found):
            source.since_message = 0
            if record is _BEGIN and _head(found.fields).complete:
                break  # else it may stand behind the messages
    return _head(found.fields) if found.messages else None


class ExporterDecoder:
    """Turns the bytes of a file into rows, a message at a time; cut anywhere, the rows are the same.

    A message without the needed fields is a ``BrokenLine`` with its ordinal. Broken JSON ends the reading:
    ``failure`` then says why, and the rows before it were returned.
    """

    def __init__(
        self, channel: ChannelRef, start: Position = START, *, not_after_ms: int = LATEST_MS
    ) -> None:
        self._parser = MessageParser(channel, not_after_ms=not_after_ms)
        self._first = start.index
        self._index = 0
        self._offset = 0
        self.failure: str | None = None

    @property
    def settled(self) -> Position:
        """Behind the last whole message; the offset counts all bytes taken in."""
        return Position(self._index, self._offset)

    def rows(self, chunks: Iterable[bytes]) -> Iterator[list[Located]]:
        """The rows of a whole file, a message at a time."""
        source = _Source(chunks)
        try:
            for record in _walk(_events(source), _Found()):
                if record is _BEGIN:
                    continue
                self._index += 1
                self._offset = source.offset
                source.since_message = 0
                if self._index > self._first:
                    yield [Located(self._parser.parse(record, self._index), self.settled)]
        except (ijson.JSONError, UnicodeDecodeError):
            # The parser's own words quote the file.
            self.failure = "its JSON ends in the middle" if source.ended else "its JSON is broken"
        except _OtherFileError:
            self.failure = "its JSON is not that of an export"
        except _TooLargeError:
            self.failure = "a message is larger than 16 MiB"
        self._offset = source.offset


Events = Iterator[tuple[str, object]]
"""What the JSON parser says one after the other, and the value where there is one."""

_BEGIN = object()
"""Stands for the beginning of the messages among them."""


@dataclass(slots=True)
class _Found:
    """What was found beside the messages, and whether there are any."""

    fields: dict[str, object] = field(default_factory=dict)
    messages: bool = False


def _events(source: "_Source") -> Events:
    events: Events = ijson.basic_parse(source, use_float=True)
    return events


def _walk(events: Events, found: _Found) -> Iterator[object]:
    """``_BEGIN`` and the messages of a file, each cut down to what is kept; notes what stands beside them.

    Nothing is built of what is not kept, and no call goes deeper for what is nested deeper.
    """
    if next(events, ("", None))[0] != "start_map":
        raise _OtherFileError
    name = ""
    for event, value in events:
        if event == "map_key":
            name = str(value)
        elif event == "start_array" and name == _MESSAGES:
            found.messages = True
            yield _BEGIN
            yield from _messages(events)
        elif event == "start_map" and name in _HEAD:
            for key, said in _object(events, _HEAD[name]).items():
                found.fields[f"{name}.{key}"] = said
        elif event in _OPENS:
            _skip(events)
        elif event not in _CLOSES and name == "exportedAt":
            found.fields[name] = value


def _messages(events: Events) -> Iterator[object]:
    for event, value in events:
        if event == "start_map":
            yield _message(events)
        elif event == "end_array":
            return
        elif event == "start_array":
            _skip(events)
            yield []
        else:
            yield value


def _message(events: Events) -> dict[str, object]:
    """The next message, cut down."""
    record: dict[str, object] = {}
    name = ""
    for event, value in events:
        if event == "map_key":
            name = value  # type: ignore[assignment]  # keys are text
        elif event == "end_map":
            break
        elif event == "start_map":
            if name in _OBJECTS:
                record[name] = _object(events, _OBJECTS[name])
            elif _skip(events):
                _keep(record, name, _SOMETHING)
            else:
                _keep(record, name, {})
        elif event == "start_array":
            _keep(record, name, [None] if _skip(events) else [])
        elif name in _FIELDS:
            record[name] = value
    return record


_SOMETHING: Mapping[str, object] = MappingProxyType({"": None})
"""Stands for an object that holds anything."""


def _keep(record: dict[str, object], name: str, value: object) -> None:
    if name in _FIELDS:
        record[name] = dict(value) if isinstance(value, Mapping) else value


def _object(events: Events, wanted: frozenset[str]) -> dict[str, object]:
    """The next object, with what is wanted of it; what is nested in it is an empty list or object."""
    record: dict[str, object] = {}
    name = ""
    for event, value in events:
        if event == "map_key":
            name = str(value)
        elif event == "end_map":
            break
        elif event in _OPENS:
            _skip(events)
            if name in wanted:
                record[name] = {} if event == "start_map" else []
        elif name in wanted:
            record[name] = value
    return record


def _skip(events: Events) -> bool:
    """Pass over the rest of an array or object; whether there was anything in it."""
    depth, something = 1, False
    for event, _ in events:
        if event in _CLOSES:
            depth -= 1
            if not depth:
                break
        elif event in _OPENS:
            depth += 1
        something = True
    return something


class _Source:
    """What the JSON parser reads from; ``offset`` bytes of the file were handed to it."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        # A byte that is no UTF-8 stands in some text that is not kept; it must not end the reading.
        self._repair = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._held = b""
        self.offset = 0
        self.since_message = 0
        self.ended = False

    def read(self, size: int) -> bytes:
        """The next chunk, whatever its size; empty at the end, and if nothing is asked for."""
        text = b""
        while size and not text and not self.ended:
            data = next(self._chunks, b"")
            self.ended = not data
            self.offset += len(data)
            self.since_message += len(data)
            if self.since_message > MAX_MESSAGE_BYTES:
                raise _TooLargeError
            text = self._whole(self._repair.decode(data, final=self.ended).encode())
        return text

    def _whole(self, text: bytes) -> bytes:
        """As much as ends between two escapes, with a sign in place of each half of a character."""
        text = self._held + text
        all_of_it = self.ended or len(text) > MAX_HELD_BYTES
        cut = len(text) if all_of_it else len(text.rstrip(_OF_ESCAPES))
        text, self._held = text[:cut], text[cut:]
        return _HALF.sub(rb"\1\\ufffd", text) if _SURROGATE.search(text) else text


class _TooLargeError(Exception):
    """No message has ended for too long."""


class _OtherFileError(Exception):
    """The file is JSON, but no object with messages."""


class MessageParser:
    """Makes a row of a message as the JSON holds it."""

    def __init__(self, channel: ChannelRef, *, not_after_ms: int = LATEST_MS) -> None:
        self._channel = channel
        self._bounds = Bounds(not_after_ms)

    def parse(self, record: object, number: int) -> Row:
        """The row of a message; a ``BrokenLine`` with this number if something needed is missing."""
        try:
            message = msgspec.convert(record, _Message)
            at_ms = epoch_ms(message.timestamp)
            fault = self._bounds.fault(at_ms, snowflake(message.id))
            return self._row(message, at_ms) if fault is None else BrokenLine(number, fault)
        except (msgspec.ValidationError, ValueError, RecursionError):
            return BrokenLine(number, find_fault(record, _RULES) or TOO_DEEP)

    def _row(self, message: _Message, at_ms: int) -> ImportedMessage:
        message_id = snowflake(message.id)
        kind = _number(message.type, _MESSAGE_TYPES)
        author = message.author
        reference = message.reference or _Reference()
        reply = kind == REPLY_TYPE
        return ImportedMessage(
            at_ms,
            self._channel,
            str(snowflake(author.id)),
            author_is_id=True,
            author_is_bot=bool(author.is_bot),
            author_is_webhook=bool(author.is_bot) and author.discriminator == _NO_DISCRIMINATOR,
            message_id=message_id,
            type=UNKNOWN_TYPE if kind is None else kind,
            starts_thread=kind == THREAD_STARTER_TYPE
            or (self._channel.is_thread and message_id == self._channel.id),
            files=_any(message.attachments),
            embeds=_any(message.embeds),
            stickers=_any(message.stickers),
            poll=True if message.poll else None,
            reply=reply,
            forward=_is_forward(message, reference),
            reply_to=snowflake(reference.message_id) if reply and reference.message_id else None,
        )


def _head(fields: Mapping[str, object]) -> ExporterHead:
    channel_id = _id(fields.get("channel.id"))
    kind = _number(fields.get("channel.type"), _CHANNEL_TYPES)
    over_id, over_name = _id(fields.get("channel.categoryId")), name_from(fields.get("channel.category"))
    name = name_from(fields.get("channel.name")) or str(channel_id or "")
    channel = ChannelRef(channel_id, name, kind)
    if channel.is_thread:
        channel = msgspec.structs.replace(channel, parent_id=over_id, parent_name=over_name)
    else:
        channel = msgspec.structs.replace(channel, category_id=over_id, category_name=over_name)
    return ExporterHead(
        guild_id=_id(fields.get("guild.id")),
        guild_name=name_from(fields.get("guild.name")),
        channel=channel,
        after_ms=_time(fields.get("dateRange.after")),
        before_ms=_time(fields.get("dateRange.before")),
        exported_ms=_time(fields.get("exportedAt")),
    )


def _is_forward(message: _Message, reference: _Reference) -> bool | None:
    """Versions before 2.47 do not tell: they write a reference without a type."""
    if message.forwarded_message or reference.type == "Forward":
        return True
    return None if message.reference is not None and reference.type is None else False


def _number(value: object, names: Mapping[str, int]) -> int | None:
    """A type's number from its name, or from the number written as number or text."""
    if isinstance(value, str):
        known = names.get(value)
        if known is None and value.isascii() and value.isdigit() and len(value) <= _TYPE_DIGITS:
            known = int(value)
        return known
    return value if isinstance(value, int) and value >= 0 else None


def _any(items: list[object] | None) -> bool | None:
    return None if items is None else bool(items)


def _id(value: object) -> int | None:
    return snowflake(value) if isinstance(value, int | str) and is_id(value) else None


def _time(value: object) -> int | None:
    return epoch_ms(msgspec.convert(value, datetime)) if is_time(value) else None
