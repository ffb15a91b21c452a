"""A segment: one preallocated, mapped file of the journal, and how it is read when it is damaged.

Little-endian. The head has three blocks, each with a CRC-32 of its own:

* magic, id of the journal, size of the file, epoch of the lease under which it is written, and by how many
  milliseconds the database's clock is ahead of this host's;
* where the last record before this segment ends. All zero: the segment is not in use yet;
* the number of the segment that follows. All zero: none does yet.

A record is ``u32 length | u32 checksum | payload``, and the rest of the file is zero. The checksum is a
CRC-32 that begins with the journal's id, the segment's number and the record's offset, so a record is whole
only where it was written. Length and checksum are stored last and at once: a killed process leaves at most a
payload without them. Where no record is whole, reading goes on at the next one that is.

Segments of version 1 (magic ``SSJ1``) have a head of magic and id alone, and checksums that begin with 0.
They are read, and no more written.
"""

import mmap
import os
import re
import struct
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from bot.whole_files import drafted, put_in_place

RECORD = struct.Struct("<II")
LONGEST = 1 << 18
"""No longer record is looked for behind a damage, lest looking takes minutes."""
PATIENCE = 1 << 28
"""After so many bytes of what might be records but is none, the rest of a segment is given up."""
FIRST_SEGMENT_BYTES = 8 << 20
"""Size of every segment of version 1, which does not say it itself."""

_MAGIC, _MAGIC_1 = b"SSJ2", b"SSJ1"
_MADE = struct.Struct("<4s16sQQqI")
_BEFORE = struct.Struct("<QQI")
_AFTER = struct.Struct("<QI")
_CHECKSUM = struct.Struct("<I")
_HEAD_1 = struct.Struct("<4s16s")
_BEFORE_AT = _MADE.size
_AFTER_AT = _BEFORE_AT + _BEFORE.size
HEAD_SIZE = _AFTER_AT + _AFTER.size
_U32 = 0xFFFF_FFFF
_LENGTH_LIKE = re.compile(rb"(?=(?!\x00{4})[\s\S]{2}[\x00-\x03]\x00)")
"""Where a length below LONGEST may stand."""


class JournalCorrupt(Exception):  # noqa: N818 - a state of the folder, named as users know it
    """Something in the journal's folder is not of this journal, or cannot be used; it says how to mend it."""


class Position(NamedTuple):
    """A place in the journal: segment number and byte offset just after a record."""

    segment: int
    offset: int


START = Position(0, 0)


class Piece(NamedTuple):
    """A whole record, or bytes in which none was found (``payload`` is None)."""

    payload: bytes | None
    start: int
    behind: int


class Tenure(NamedTuple):
    """Epoch of a process's lease (0: none), and by how many ms the database's clock is ahead of its own."""

    epoch: int = 0
    ahead_ms: int = 0


class Head(NamedTuple):
    """What a segment is made with."""

    journal: UUID
    size: int
    tenure: Tenure = Tenure()


class Segment:
    """One mapped file. ``end`` is the offset behind its last record, ``broken`` what its head lacks."""

    def __init__(self, number: int, path: Path) -> None:
        """Map a file; raises OSError, or ValueError for an empty one."""
        self.number = number
        self.path = path
        self.broken: str | None = None
        self.holes: list[tuple[int, int]] = []
        self._open = threading.Lock()  # held while its file must not be closed
        self._descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        try:
            self.map = mmap.mmap(self._descriptor, 0)
        except (OSError, ValueError):
            os.close(self._descriptor)
            raise
        self.version, self.first, self.end, self._seed = 2, HEAD_SIZE, HEAD_SIZE, 0

    @classmethod
    def make(cls, number: int, path: Path, head: Head, before: Position | None) -> "Segment":
        """Make the file and claim its whole size: a full disk must show here, not in a write.

        ``before`` is where the last record before it ends; None if that is not known yet.
        """
        made = _sealed(_MADE, _MAGIC, head.journal.bytes, head.size, *head.tenure)
        known = b"" if before is None else _sealed(_BEFORE, *before)
        draft = path.with_suffix(".new")
        with drafted(draft) as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, head.size)
            else:
                file.write(bytes(head.size))
                file.seek(0)
            file.write(made + known)
        put_in_place(draft, path)
        segment = cls(number, path)
        segment._seed = _seed(head.journal, number)
        return segment

    @classmethod
    def existing(cls, number: int, path: Path, journal: UUID) -> "Segment":
        """Open a file of a journal and find its records; raises JournalCorrupt if it is none."""
        try:
            segment = cls(number, path)
        except OSError as error:
            raise _unusable(path, f"cannot be read ({error.strerror})") from error
        except ValueError as error:
            raise _unusable(path, "is empty") from error
        try:
            segment._recognise(journal)
        except BaseException:
            segment.close()
            raise
        return segment

    @property
    def tenure(self) -> Tenure:
        """Under which lease its records were made."""
        made = self._block(_MADE, 0)
        return Tenure() if made is None or self.version == 1 else Tenure(made[3], made[4])

    @property
    def before(self) -> Position | None:
        """Where the last record before it ends; None if it does not say."""
        block = self._block(_BEFORE, _BEFORE_AT)
        return None if block is None or self.version == 1 else Position(block[0], block[1])

    @before.setter
    def before(self, place: Position) -> None:
        if self.version > 1 and len(self.map) >= HEAD_SIZE:
            self.map[_BEFORE_AT:_AFTER_AT] = _sealed(_BEFORE, *place)

    @property
    def after(self) -> int | None:
        """Number of the segment that follows; None if it does not say."""
        block = self._block(_AFTER, _AFTER_AT)
        return None if block is None or self.version == 1 else block[0]

    @after.setter
    def after(self, number: int) -> None:
        if self.version > 1 and len(self.map) >= HEAD_SIZE:
            self.map[_AFTER_AT:HEAD_SIZE] = _sealed(_AFTER, number)

    @property
    def empty(self) -> bool:
        """Whether it holds no record."""
        return self.end == self.first

    @property
    def bare(self) -> bool:
        """Whether it never held a record, as far as that can be known."""
        return self.empty and not self.holes and self.broken is None and not self.cut

    @property
    def cut(self) -> bool:
        """Whether the file is shorter than it was made."""
        if self.version == 1:
            return len(self.map) < FIRST_SEGMENT_BYTES
        made = self._block(_MADE, 0)
        return made is not None and bool(len(self.map) < made[2])

    def has_room(self, size: int) -> bool:
        """Whether a record of that size fits."""
        return self.end + size + RECORD.size <= len(self.map)

    def append(self, payload: bytes) -> None:
        """Keep a record. What says that it is there is stored last, in one piece."""
        end = self.end
        start = end + RECORD.size
        stop = start + len(payload)
        self.map[start:stop] = payload
        self.map[end:start] = RECORD.pack(len(payload), zlib.crc32(payload, self._initial(end)))
        self.end = stop

    def pieces(self, offset: int, end: int) -> Iterator[Piece]:
        """What stands from an offset up to ``end``, behind which there is no record; without gaps."""
        while offset < end:
            payload = self._whole(offset, end)
            if payload is None:
                behind = self._next_whole(offset + 1, end)
                yield Piece(None, offset, behind)
            else:
                behind = offset + RECORD.size + len(payload)
                yield Piece(payload, offset, behind)
            offset = behind

    def sync(self) -> None:
        """Bring it to the disk."""
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
        """Release the file."""
        with self._open:
            if not self.map.closed:
                self.map.close()
                os.close(self._descriptor)

    def shrink(self, journal: UUID) -> None:
        """Close it, and keep of an empty one its head alone, which says what was before it."""
        self.map[:_BEFORE_AT] = _sealed(_MADE, _MAGIC, journal.bytes, HEAD_SIZE, *self.tenure)
        self.sync()
        self.close()
        os.truncate(self.path, HEAD_SIZE)

    def remove(self) -> None:
        """Close it and delete its file."""
        self.close()
        self.path.unlink()

    def _recognise(self, journal: UUID) -> None:
        """Find out what it is, and where its records are."""
        head = self.map[: _HEAD_1.size]
        if len(head) < _HEAD_1.size:
            raise _unusable(self.path, "is too short for a segment")
        magic, identity = _HEAD_1.unpack(head)
        self._seed = _seed(journal, self.number)
        made = self._block(_MADE, 0)
        if (magic == _MAGIC and made is not None) or magic == _MAGIC_1:
            if identity != journal.bytes:
                raise _unusable(self.path, f"belongs to another journal ({UUID(bytes=identity)})")
            self._take_version(1 if magic == _MAGIC_1 else 2)
        else:
            self._recognise_by_records(ours=_MAGIC in head or journal.bytes in head)
        self._find_records()
        if self.version > 1 and self.broken is None:
            self._check_links()

    def _recognise_by_records(self, *, ours: bool) -> None:
        """Take one whose head is damaged for what its records say it is."""
        self.broken = "has a damaged head"
        nothing = True
        for version in (1, 2):
            self._take_version(version)
            length = len(self.map)
            if any(piece.payload is not None for piece in self.pieces(self.first, length)):
                return
            nothing = nothing and length > self.first and not _written(self.map, self.first, length)
        if not ours and not nothing:
            raise _unusable(self.path, "is not a segment of this journal")

    def _check_links(self) -> None:
        for name, block, at in (("before", _BEFORE, _BEFORE_AT), ("after", _AFTER, _AFTER_AT)):
            if self._block(block, at) is None and any(self.map[at : at + block.size]):
                self.broken = f"has a damaged head (what comes {name} it)"

    def _find_records(self) -> None:
        """Find ``end`` and the holes before and behind it."""
        length = len(self.map)
        for piece in self.pieces(self.first, length):
            if piece.payload is not None:
                self.end = piece.behind
            elif piece.behind < length or _written(self.map, piece.start, length):
                self.holes.append((piece.start, piece.behind))
        if self.holes and self.holes[-1][1] == length and self._torn(self.holes[-1][0]):
            self.holes.pop()

    def _torn(self, offset: int) -> bool:
        """Whether here a process was killed while it kept a record, of which it then told nobody."""
        return not any(self.map[offset : offset + RECORD.size])

    def _take_version(self, version: int) -> None:
        self.version = version
        self.first = HEAD_SIZE if version > 1 else _HEAD_1.size
        self.end = self.first

    def _initial(self, offset: int) -> int:
        """What the checksum of a record at an offset begins with."""
        return (self._seed + offset) & _U32 if self.version > 1 else 0

    def _whole(self, offset: int, end: int) -> bytes | None:
        """The record at an offset, if there is a whole one."""
        start = offset + RECORD.size
        if start > end:
            return None
        length, checksum = RECORD.unpack_from(self.map, offset)
        if length == 0 or start + length > end:
            return None
        payload = self.map[start : start + length]
        return payload if zlib.crc32(payload, self._initial(offset)) == checksum else None

    def _next_whole(self, offset: int, end: int) -> int:
        """Offset of the next whole record, ``end`` if there is none."""
        if not _written(self.map, offset, end):  # as at the end of nearly every segment
            return end
        last = offset + len(self.map[offset:end].rstrip(b"\0"))
        patience = PATIENCE
        for candidate in _LENGTH_LIKE.finditer(self.map, offset, min(end, last + RECORD.size)):
            start = candidate.start()
            if self._whole(start, end) is not None:
                return start
            patience -= int.from_bytes(self.map[start : start + 4], "little")
            if patience < 0:
                break
        return end

    def _block(self, block: struct.Struct, at: int) -> tuple[Any, ...] | None:
        """A block of the head; None if it is not whole."""
        found = self.map[at : at + block.size]
        if len(found) < block.size or zlib.crc32(found[: -_CHECKSUM.size]) != block.unpack(found)[-1]:
            return None
        return block.unpack(found)


def journal_of(path: Path) -> UUID | None:
    """Id of the journal that a file says it belongs to; None if it is no whole segment."""
    try:
        with path.open("rb") as file:
            head = file.read(_MADE.size)
    except OSError:
        return None
    if len(head) < _MADE.size or head[:4] not in (_MAGIC, _MAGIC_1):
        return None
    if head[:4] == _MAGIC and head != _sealed(_MADE, *_MADE.unpack(head)[:-1]):
        return None
    return UUID(bytes=head[4 : _HEAD_1.size])


def _sealed(block: struct.Struct, *values: object) -> bytes:
    """A block with its checksum at the end."""
    body = block.pack(*values, 0)[: -_CHECKSUM.size]
    return body + _CHECKSUM.pack(zlib.crc32(body))


def _seed(journal: UUID, number: int) -> int:
    return zlib.crc32(number.to_bytes(8, "little"), zlib.crc32(journal.bytes))


def _written(held: mmap.mmap, start: int, end: int) -> bool:
    """Whether anything but zeros stands there."""
    return held[start:end] != bytes(max(0, end - start))


def _unusable(path: Path, what: str) -> JournalCorrupt:
    return JournalCorrupt(
        f"{path} {what}: put it back from a backup, or move it away. The bot then starts, says what it held "
        "that is lost, and reads messages of that time back from Discord."
    )
