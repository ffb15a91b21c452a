"""What the readers return: rows, where they end, and batches of them."""

from enum import StrEnum

import msgspec

DEFAULT_TYPE = 0
REPLY_TYPE = 19
THREAD_STARTER_TYPE = 21
UNKNOWN_TYPE = -1

_MEMBER_TYPES = frozenset({DEFAULT_TYPE, REPLY_TYPE})
_THREAD_TYPES = frozenset({10, 11, 12})


class FileFormat(StrEnum):
    """The formats that are understood, each plain or gzipped."""

    JSON_LINES = "JSON lines"
    EXPORTER = "DiscordChatExporter JSON"


class ImportFileError(Exception):
    """A file cannot be read, or not any further; the text says why and what to do.

    ``position`` is where the good rows end, all of which were returned before; ``None``: nothing was read.
    """

    def __init__(self, message: str, position: "Position | None" = None) -> None:
        super().__init__(message)
        self.position = position


class Position(msgspec.Struct, frozen=True, order=True, gc=False):
    """A place between two rows, at which reading can start again.

    ``index`` counts the lines (JSON lines) or messages (exporter) before it. ``offset`` is in uncompressed
    bytes: for JSON lines just behind the row, for the exporter as many as had been taken in by then.
    """

    index: int = 0
    offset: int = 0


START = Position()


class ChannelRef(msgspec.Struct, frozen=True, gc=False):
    """A channel as the file names it; ``type`` is Discord's number of the channel type, if the file has it.

    A thread names its parent channel, any other channel its category.
    """

    id: int | None
    name: str
    type: int | None = None
    parent_id: int | None = None
    parent_name: str | None = None
    category_id: int | None = None
    category_name: str | None = None

    @property
    def is_thread(self) -> bool:
        """Whether this is a thread, whose messages also count for the parent channel."""
        return self.type in _THREAD_TYPES


class ImportedMessage(msgspec.Struct, frozen=True, gc=False):
    """One message, without what it says.

    ``at_ms`` is in ms since 1970 UTC. ``author`` is the user id in decimal, or a name if not
    ``author_is_id``. ``type`` is Discord's number (``UNKNOWN_TYPE`` for a word not known here). A webhook
    is a bot too. Flags are ``None`` where the file does not tell.
    ``starts_thread``: a thread's first message, or the placeholder for it. The exporter since June 2026
    copies the message out of the parent channel, so it can stand in two files under the same id.
    """

    at_ms: int
    channel: ChannelRef
    author: str
    author_is_id: bool
    author_is_bot: bool = False
    author_is_webhook: bool = False
    message_id: int | None = None
    type: int = DEFAULT_TYPE
    starts_thread: bool = False
    files: bool | None = None
    embeds: bool | None = None
    stickers: bool | None = None
    poll: bool | None = None
    reply: bool | None = None
    forward: bool | None = None
    reply_to: int | None = None

    @property
    def is_system(self) -> bool:
        """Whether Discord or an app wrote this in place of a member: any type but default and reply."""
        return self.type not in _MEMBER_TYPES


class OtherRow(msgspec.Struct, frozen=True, gc=False):
    """Something else that happened: ``join``, ``leave``, or a kind that is not known here."""

    kind: str
    at_ms: int
    author: str | None = None
    author_is_id: bool = False
    channel: ChannelRef | None = None


class BrokenLine(msgspec.Struct, frozen=True, gc=False):
    """Line or message ``number`` (from 1) could not be read; ``reason`` never quotes the file."""

    number: int
    reason: str


Row = ImportedMessage | OtherRow | BrokenLine


class Located(msgspec.Struct, frozen=True, gc=False):
    """A row and the position just behind it."""

    row: Row
    end: Position


class Batch(msgspec.Struct, frozen=True):
    """Rows that follow each other; ``positions[i]`` is just behind ``rows[i]``.

    ``end`` is where to go on once the batch is committed, ``digest`` the SHA-256 of the first
    ``end.offset`` uncompressed bytes. ``consumed`` of the file's own (compressed) bytes are read.
    The ``last`` batch may have no rows.
    """

    rows: list[Row]
    positions: list[Position]
    end: Position
    digest: bytes
    consumed: int
    last: bool = False
