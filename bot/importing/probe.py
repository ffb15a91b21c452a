"""What a file is, from its first bytes and never from its name."""

import codecs
import re
from contextlib import suppress
from pathlib import Path

import msgspec

from bot.importing.exporter_json import ExporterDecoder, ExporterHead, parse_head
from bot.importing.json_lines import JsonLinesDecoder
from bot.importing.order import IdOrder, OrderWatch
from bot.importing.rows import (
    BrokenLine,
    ChannelRef,
    FileFormat,
    ImportedMessage,
    ImportFileError,
    Located,
    Row,
)
from bot.importing.source import DamagedError, read_chunks

HEAD_BYTES = 256 * 1024

_PERSONAL_CSV = re.compile(rb"ID,Timestamp,Contents", re.IGNORECASE)
_PERSONAL_JSON = re.compile(rb'\[\s*\{\s*"ID"\s*:\s*"?\d+"?\s*,\s*"Timestamp"\s*:')
"""How the messages begin in the data that Discord gives one person: `messages/c*/messages.csv` or `.json`."""
_DIRECT_TYPES = frozenset({1, 3})
_PACKED = {
    b"PK\x03\x04": "zip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"7z\xbc": "7z",
}
ONE_PERSONS = (
    "part of the data that Discord gives people about themselves: what one person wrote, and no history of a "
    "server. Export the server's channels with DiscordChatExporter (`-f Json`), or let the "
    "bot read the history."
)
_WANTED = "JSON lines or the JSON of DiscordChatExporter (`-f Json`), plain or gzipped"


class FileFacts(msgspec.Struct, frozen=True):
    """What a file's head tells.

    ``size_bytes`` is the size on disk. ``has_ids``: every message in the head has a message id and a
    channel id. ``order`` is that of the ids in the head. The rest is known for exporter files alone:
    ``after_ms`` and ``before_ms`` are the time range the exporter was asked for.
    """

    format: FileFormat
    size_bytes: int
    has_ids: bool
    order: IdOrder
    guild_id: int | None = None
    guild_name: str | None = None
    channel: ChannelRef | None = None
    after_ms: int | None = None
    before_ms: int | None = None
    exported_ms: int | None = None


def probe(path: Path) -> FileFacts:
    """Look at the head of a file; ``ImportFileError`` says why it cannot be imported."""
    try:
        raw, head = _read_head(path)
        size = path.stat().st_size
    except OSError as error:
        raise ImportFileError(f"{path} cannot be opened: {error.strerror}.") from error
    _refuse_foreign(path, raw, head)
    exported = _exporter_head(path, head)
    found = _line_rows(head) if exported is None else _exporter_rows(head, exported)
    if exported is None and len(head) == HEAD_BYTES and not _any_readable(found):
        # Much may stand before the messages of an export, too.
        exported, found = _exporter_head(path, head, whole=True), []
    rows = [located.row for located in found]
    if exported is None and not _any_readable(found):
        raise ImportFileError(f"{path} holds no events that can be read. Give {_WANTED}.")
    if exported is not None and exported.channel.type in _DIRECT_TYPES:
        raise ImportFileError(f"{path} holds direct messages. Export a channel of the server.")
    order = OrderWatch()
    order.watch(rows, (located.end for located in found))
    facts = FileFacts(
        format=FileFormat.JSON_LINES if exported is None else FileFormat.EXPORTER,
        size_bytes=size,
        has_ids=_have_ids(rows, exported),
        order=order.order,
    )
    return facts if exported is None else msgspec.structs.replace(facts, **msgspec.structs.asdict(exported))


def _any_readable(found: list[Located]) -> bool:
    return any(not isinstance(located.row, BrokenLine) for located in found)


def _exporter_head(path: Path, head: bytes, *, whole: bool = False) -> ExporterHead | None:
    """What an export says beside its messages, wherever that stands; None: the file is none.

    Of the ``whole`` file, or only where its beginning shows that it is an export. Raises ImportFileError
    where it does not say of which channel of which server it is.
    """
    found = parse_head([head])
    if (found is None and not whole) or (found is not None and found.complete):
        return found
    with path.open("rb") as file, suppress(DamagedError):
        found = parse_head(chunk.data for chunk in read_chunks(file)) or found
    if found is not None and found.channel.type not in _DIRECT_TYPES and not found.complete:
        raise ImportFileError(
            f"{path} does not say which channel of which server its messages are from (`guild.id` and "
            "`channel.id` are missing). Export the channel again with DiscordChatExporter (`-f Json`) and "
            "import that file as it is."
        )
    return found


def _read_head(path: Path) -> tuple[bytes, bytes]:
    """The first bytes as they stand in the file, and uncompressed."""
    with path.open("rb") as file:
        raw = file.read(8)
        file.seek(0)
        head = b""
        try:
            for chunk in read_chunks(file):
                head += chunk.data
                if len(head) >= HEAD_BYTES:
                    break
        except DamagedError as error:
            if not head:
                raise ImportFileError(f"{path}: {error}. Copy the file again.") from error
    return raw, head[:HEAD_BYTES]


def _refuse_foreign(path: Path, raw: bytes, head: bytes) -> None:
    """Name the likely mistake, if it is no JSON at all."""
    packed = next((name for magic, name in _PACKED.items() if raw.startswith(magic)), None)
    if packed is not None:
        raise ImportFileError(f"{path} is packed with {packed}. Unpack it first.")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ImportFileError(f"{path} is UTF-16 text. Save it as UTF-8.")
    text = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if not text:
        raise ImportFileError(f"{path} is empty.")
    if _PERSONAL_CSV.match(text) or _PERSONAL_JSON.match(text):
        raise ImportFileError(f"{path} is {ONE_PERSONS}")
    if text.startswith(b"<"):
        raise ImportFileError(f"{path} is HTML. Export the channel again with `-f Json`.")


def _line_rows(head: bytes) -> list[Located]:
    """Rows of the lines that are whole in the head."""
    decoder = JsonLinesDecoder()
    located = decoder.feed(head)
    if len(head) < HEAD_BYTES:
        located += decoder.finish()
    return located


def _exporter_rows(head: bytes, exported: ExporterHead) -> list[Located]:
    return [item for group in ExporterDecoder(exported.channel).rows([head]) for item in group]


def _have_ids(rows: list[Row], exported: ExporterHead | None) -> bool:
    messages = [row for row in rows if isinstance(row, ImportedMessage)]
    if exported is not None and not messages:
        return exported.channel.id is not None
    return bool(messages) and all(
        row.message_id is not None and row.channel.id is not None for row in messages
    )
