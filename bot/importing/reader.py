"""Reads the rows of a file in batches; synchronous, for a thread."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from bot.importing.digests import PrefixDigest
from bot.importing.exporter_json import ExporterDecoder
from bot.importing.json_lines import JsonLinesDecoder
from bot.importing.probe import FileFacts, probe
from bot.importing.rows import START, Batch, FileFormat, ImportFileError, Located, Position
from bot.importing.source import CHUNK_BYTES, Chunk, DamagedError, read_chunks
from bot.importing.values import LATEST_MS

BATCH_ROWS = 2_000


class Decoder(Protocol):
    """Makes rows of bytes; the two formats fulfil it."""

    @property
    def failure(self) -> str | None:
        """Why nothing behind the rows so far can be read, if so."""

    @property
    def settled(self) -> Position:
        """No row to come ends before it."""

    def rows(self, chunks: Iterable[bytes]) -> Iterator[list[Located]]:
        """All rows, in the groups in which they come."""


def read_rows(  # noqa: PLR0913 - sizes that tests choose
    path: Path,
    *,
    start: Position = START,
    not_after_ms: int = LATEST_MS,
    batch_rows: int = BATCH_ROWS,
    chunk_bytes: int = CHUNK_BYTES,
    facts: FileFacts | None = None,
) -> Iterator[Batch]:
    """Read the rows behind ``start``, at most ``batch_rows`` in a batch; the last one is marked.

    A message later than ``not_after_ms`` (ms since 1970 UTC) is broken. ``facts``: if the file was looked at
    before. Raises ``ImportFileError`` with the
    position of the last good row where the rest cannot be read, after all good rows were returned.
    """
    facts = facts or probe(path)
    decoder: Decoder
    if facts.channel is None:
        decoder = JsonLinesDecoder(start, not_after_ms=not_after_ms)
    else:
        decoder = ExporterDecoder(facts.channel, start, not_after_ms=not_after_ms)
    reading = _Reading(decoder, batch_rows)
    with path.open("rb") as file:
        yield from reading.run(read_chunks(file, chunk_bytes))
    if reading.problem is not None:
        raise ImportFileError(
            _describe(path, facts.format, reading.problem, decoder.settled), decoder.settled
        )
    if decoder.settled < start:
        raise ImportFileError(
            f"{path} is shorter than what was read of it before. Import the file that was used then, whole."
        )
    yield reading.last_batch()


class _Reading:
    """Collects rows into batches and keeps the digest of what lies before them."""

    def __init__(self, decoder: Decoder, batch_rows: int) -> None:
        self._decoder = decoder
        self._batch_rows = batch_rows
        self._rows: list[Located] = []
        self._digest = PrefixDigest()
        self._unhashed = b""
        self._consumed = 0
        self.problem: str | None = None

    def run(self, chunks: Iterable[Chunk]) -> Iterator[Batch]:
        """All batches but the last; ``problem`` then says whether and why the reading ended early."""
        try:
            for group in self._decoder.rows(self._tap(chunks)):
                for located in group:
                    self._rows.append(located)
                    if len(self._rows) == self._batch_rows:
                        yield self._batch(located.end, last=False)
            self.problem = self._decoder.failure
        except DamagedError as error:
            self.problem = str(error)
        if self.problem is not None and self._rows:
            yield self._batch(self._decoder.settled, last=False)

    def last_batch(self) -> Batch:
        """The rows that are left, perhaps none."""
        return self._batch(self._decoder.settled, last=True)

    def _tap(self, chunks: Iterable[Chunk]) -> Iterator[bytes]:
        """Hand chunks on; when the next is asked for, all rows of those before have been collected."""
        for chunk in chunks:
            self._hash_to(self._decoder.settled.offset)
            self._consumed = chunk.consumed
            self._unhashed += chunk.data
            yield chunk.data

    def _batch(self, end: Position, *, last: bool) -> Batch:
        self._hash_to(end.offset)
        located, self._rows = self._rows, []
        return Batch(
            [item.row for item in located],
            [item.end for item in located],
            end,
            self._digest.digest(),
            self._consumed,
            last,
        )

    def _hash_to(self, offset: int) -> None:
        """Hash up to ``offset``, the end of rows that are done: no batch to come ends before it."""
        size = offset - self._digest.offset
        self._digest.update(self._unhashed[:size])
        self._unhashed = self._unhashed[size:]


def _describe(path: Path, file_format: FileFormat, problem: str, good: Position) -> str:
    where = f"message {good.index:,}"
    if file_format is FileFormat.JSON_LINES:
        where = f"line {good.index:,} (byte {good.offset:,})"
    return (
        f"{path}: {problem}. It is good up to {where}, and that much was read. "
        "Get a whole file and import it: what was imported is not counted again."
    )
