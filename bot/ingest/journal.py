"""The journal: activities on disk before anything else happens to them.

A segment is a preallocated file, mapped into memory: appending is a copy into the page cache, which survives
``kill -9`` and never waits for the disk; ``sync`` (in a thread) makes it survive a power cut too. A record is
``u32 length | u32 crc32 | payload``, little-endian; a zero length ends the segment. After a restart a new
segment is begun, so a torn tail stays where it is and is not read past.
"""

import mmap
import os
import struct
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

_MAGIC = b"SSJ1"
_HEADER = struct.Struct("<4s16s")
_RECORD = struct.Struct("<II")

DEFAULT_SEGMENT_BYTES = 8 << 20


class JournalFull(Exception):  # noqa: N818 - a state of the disk, named as users know it
    """No room: the disk is full or the journal's bound is reached. The record was not kept."""


class JournalCorrupt(Exception):  # noqa: N818 - same
    """A file in the journal's folder is no segment of this journal."""


class Position(NamedTuple):
    """A place in the journal: segment number and byte offset just after a record."""

    segment: int
    offset: int


START = Position(0, 0)


class _Segment:
    """One mapped file."""

    def __init__(self, number: int, path: Path, *, create: tuple[UUID, int] | None = None) -> None:
        self.number = number
        self.path = path
        self._open = threading.Lock()  # held while its file must not be closed
        if create is not None:
            _preallocate(path, *create)
        self._descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        try:
            self.map = mmap.mmap(self._descriptor, 0)
        except (OSError, ValueError):
            os.close(self._descriptor)
            raise
        self.end = _HEADER.size

    def journal_id(self) -> UUID:
        """Return the id of the journal it belongs to; raise JournalCorrupt if it is no segment."""
        if len(self.map) < _HEADER.size:
            raise JournalCorrupt(f"{self.path} is too short for a journal segment: move it away")
        magic, identity = _HEADER.unpack_from(self.map)
        if magic != _MAGIC:
            raise JournalCorrupt(f"{self.path} is not a journal segment: move it away")
        return UUID(bytes=identity)

    def find_end(self) -> None:
        """Set ``end`` behind the last whole record."""
        self.end = max((behind for _, behind in self.records(_HEADER.size, len(self.map))), default=self.end)

    def has_room(self, size: int) -> bool:
        return self.end + size + _RECORD.size <= len(self.map)

    def append(self, payload: bytes) -> None:
        start = self.end + _RECORD.size
        stop = start + len(payload)
        self.map[start:stop] = payload
        _RECORD.pack_into(self.map, self.end, len(payload), zlib.crc32(payload))
        self.end = stop

    def records(self, offset: int, end: int) -> Iterator[tuple[bytes, int]]:
        """Yield (payload, offset behind it) up to ``end`` or the first record that is not whole."""
        while offset + _RECORD.size <= end:
            length, checksum = _RECORD.unpack_from(self.map, offset)
            stop = offset + _RECORD.size + length
            if length == 0 or stop > end:
                return
            payload = self.map[offset + _RECORD.size : stop]
            if zlib.crc32(payload) != checksum:
                return
            offset = stop
            yield payload, offset

    @property
    def empty(self) -> bool:
        """Whether it holds no record."""
        return self.end == _HEADER.size

    def sync(self) -> None:
        with self._open:
            if not self.map.closed:
                os.fsync(self._descriptor)

    def sync_full(self) -> None:
        """Sync it for the last time, and keep no page of it in memory until it is read."""
        self.sync()
        with self._open:
            if hasattr(mmap, "MADV_DONTNEED") and not self.map.closed:
                self.map.madvise(mmap.MADV_DONTNEED)

    def close(self) -> None:
        with self._open:
            self.map.close()
            os.close(self._descriptor)

    def remove(self) -> None:
        """Close it and delete its file."""
        self.close()
        self.path.unlink()


class Journal:
    """Append on one thread, read and sync on others; one process a folder (the caller holds a lock)."""

    def __init__(
        self, folder: Path, *, segment_bytes: int = DEFAULT_SEGMENT_BYTES, max_bytes: int = 1 << 30
    ) -> None:
        """Open or create the journal of a folder; raise JournalCorrupt for files that are not its own."""
        self._folder = folder
        self._segment_bytes = segment_bytes
        self._max_segments = max(2, max_bytes // segment_bytes)
        folder.mkdir(parents=True, exist_ok=True)
        self.id = _identity(folder)
        self._segments, self._next_number = self._open_existing()
        self._rolling = threading.Lock()
        self._spare: _Segment | None = None
        self._unsynced: list[_Segment] = []
        self._refusal: str | None = None  # why the last segment could not be made
        # Beyond the bound if need be: a full journal must be opened to be emptied.
        self._current = self._create()
        self._segments[self._current.number] = self._current

    @property
    def end(self) -> Position:
        """The place behind the last record."""
        current = self._current  # read once: another thread may begin the next segment
        return Position(current.number, current.end)

    @property
    def fill(self) -> float:
        """Share of the bound that is in use, 0 to 1."""
        return len(self._segments) / self._max_segments

    @property
    def ready(self) -> bool:
        """Whether there is room beyond the present segment."""
        return self._spare is not None

    def append(self, payload: bytes) -> None:
        """Keep a record; raise JournalFull when there is no room. On a full disk, ``sync`` looks again."""
        if not self._current.has_room(_RECORD.size + len(payload)):
            self._roll()
        self._current.append(payload)

    def read(self, after: Position) -> Iterator[tuple[bytes, Position]]:
        """Yield (record, place behind it) for what stands behind a place, up to now."""
        end = self.end
        for number in sorted(self._segments):
            segment = self._segments[number]
            if after.segment <= number <= end.segment:
                offset = after.offset if number == after.segment else 0
                until = end.offset if number == end.segment else segment.end
                for payload, behind in segment.records(max(offset, _HEADER.size), until):
                    yield payload, Position(number, behind)

    def sync(self) -> None:
        """Bring all records to the disk and prepare the next segment; blocking, for a thread."""
        with self._rolling:
            behind, self._unsynced = self._unsynced, []
        for segment in behind:
            segment.sync_full()
        self._current.sync()
        with self._rolling:
            if self._spare is None and len(self._segments) < self._max_segments:
                self._spare = self._create()

    def discard(self, before: Position) -> None:
        """Delete the segments that end before a place; blocking, for a thread."""
        for number in [n for n in list(self._segments) if n < before.segment]:
            self._segments.pop(number).remove()

    def begin_segment(self) -> None:
        """Let what comes next stand in another file, and all before can go. Raises JournalFull."""
        self._roll()

    def close(self) -> None:
        """Sync and release the files; a segment that holds nothing is deleted."""
        for segment in [*self._segments.values(), *([self._spare] if self._spare else [])]:
            if segment.empty:
                segment.remove()
            else:
                segment.sync()
                segment.close()

    def _roll(self) -> None:
        with self._rolling:
            if len(self._segments) >= self._max_segments:
                raise JournalFull(f"the journal in {self._folder} has reached its bound")
            if self._spare is None and self._refusal is not None:
                raise JournalFull(self._refusal)  # to ask the disk each time would hold up the gateway
            spare = self._spare or self._create()
            self._spare = None
            self._unsynced.append(self._current)
            self._segments[spare.number] = spare
            self._current = spare

    def _create(self) -> _Segment:
        number = self._next_number
        path = self._folder / f"{number:010d}.segment"
        try:
            segment = _Segment(number, path, create=(self.id, self._segment_bytes))
        except OSError as error:
            for left in (path, path.with_suffix(".new")):
                left.unlink(missing_ok=True)
            self._refusal = f"no room for the journal in {self._folder}: {error.strerror}"
            raise JournalFull(self._refusal) from error
        self._refusal = None
        self._next_number = number + 1
        return segment

    def _open_existing(self) -> tuple[dict[int, _Segment], int]:
        """Open what is there, and say which number comes next.

        Segments that a crash left without a record go: crashes without traffic must not fill the journal.
        """
        segments = {}
        next_number = 1
        for path in sorted(self._folder.glob("*.segment")):
            segment = _Segment(int(path.stem), path)
            if segment.journal_id() != self.id:
                raise JournalCorrupt(f"{path} belongs to another journal: move it away")
            segment.find_end()
            next_number = segment.number + 1
            if segment.empty:
                segment.remove()
            else:
                segments[segment.number] = segment
        return segments, next_number


def records_in(folder: Path) -> Iterator[bytes]:
    """Yield every record that a folder holds, in order; for whoever has its lock and no journal open."""
    for path in sorted(folder.glob("*.segment")):
        segment = _Segment(int(path.stem), path)
        try:
            for payload, _ in segment.records(_HEADER.size, len(segment.map)):
                yield payload
        finally:
            segment.close()


def _identity(folder: Path) -> UUID:
    """Id of the folder's journal. One without segments is a new journal: no watermark may speak of it."""
    path = folder / "journal.id"
    if any(folder.glob("*.segment")):
        if path.exists():
            return UUID(path.read_text(encoding="ascii").strip())
        raise JournalCorrupt(
            f"{folder} holds segments but no journal.id: restore it or move the segments away"
        )
    identity = uuid4()
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="ascii") as file:
        file.write(f"{identity}\n")
        file.flush()
        os.fsync(file.fileno())
    _put_in_place(fresh, path)
    return identity


def _preallocate(path: Path, identity: UUID, size: int) -> None:
    """Write a segment's header and claim its whole size: a full disk must show here, not in a write."""
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, size)
        else:
            file.write(bytes(size))
            file.seek(0)
        file.write(_HEADER.pack(_MAGIC, identity.bytes))
        file.flush()
        os.fsync(file.fileno())
    _put_in_place(fresh, path)


def _put_in_place(fresh: Path, path: Path) -> None:
    """Give a synced file its name, for good: a number whose file a power cut undid would be used twice."""
    fresh.replace(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
