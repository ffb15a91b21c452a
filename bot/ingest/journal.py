"""The journal: activities on disk before anything else happens to them.

Segments (``bot.ingest.segment``) are mapped into memory: appending is a copy into the page cache, which
survives ``kill -9`` and never waits for the disk; ``sync`` (in a thread) makes it survive a power cut too.
After a restart a new segment is begun, so a torn tail stays where it is.

Each segment says where the records before it end, and which segment follows, so one that is gone is noticed.
What is lost is told as ``Loss``; what can be read behind it is read, and belongs to a session of its own.
"""

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

from bot.ingest.segment import (
    FIRST_SEGMENT_BYTES,
    RECORD,
    START,
    Head,
    JournalCorrupt,
    Position,
    Segment,
    Tenure,
    journal_of,
)
from bot.whole_files import write_whole

DEFAULT_SEGMENT_BYTES = FIRST_SEGMENT_BYTES
_ID_FILE = "journal.id"
_KEEPS_LAST = "2"
"""Second line of the id's file: the last segment is never deleted, so where none is there, some is lost."""
_FAR = 1 << 62


class JournalFull(Exception):  # noqa: N818 - a state of the disk, named as users know it
    """No room: the disk is full or the journal's bound is reached. The record was not kept."""


class Loss(NamedTuple):
    """Records that cannot be read: they stood behind ``place``; what is read from ``resume`` on came later.

    All of them are committed if the watermark is at ``until`` or behind it.
    """

    file: Path
    offset: int
    what: str
    place: Position
    resume: Position
    until: Position


class Journal:
    """Append on one thread, read and sync on others; one process a folder (the caller holds a lock)."""

    def __init__(
        self,
        folder: Path,
        *,
        segment_bytes: int = DEFAULT_SEGMENT_BYTES,
        max_bytes: int = 1 << 30,
        tenure: Tenure = Tenure(),  # noqa: B008 - immutable
    ) -> None:
        """Open or create the journal of a folder; raise JournalCorrupt for files that are not its own."""
        self._folder = folder
        self._segment_bytes = segment_bytes
        self._max_segments = max(2, max_bytes // segment_bytes)
        self._tenure = tenure
        self._rolling = threading.Lock()
        self._spare: Segment | None = None
        self._unsynced: list[Segment] = []
        self._refusal: str | None = None  # why the last segment could not be made
        self._settled = False  # whether it is known how far the journal is committed
        self.noticed = 0  # how many losses reading has come upon
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.id, self._gone = _identity(folder)
        self._segments = _open_segments(folder, self.id)
        self._losses = _losses(self._segments, folder)
        self._hold = max(self._segments, default=0)
        self._current = self._begin(self._end_of_former())
        self._began = self.end

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
        if not self._current.has_room(RECORD.size + len(payload)):
            self._roll()
        self._current.append(payload)

    def read(self, after: Position) -> Iterator[tuple[bytes, Position]]:
        """Yield (record, place behind it) for what stands behind a place, up to now.

        What turns out not to be readable is a loss from then on.
        """
        end = self.end
        for number in sorted(self._segments):
            segment = self._segments[number]
            if not after.segment <= number <= end.segment:
                continue
            offset = after.offset if number == after.segment else 0
            until = end.offset if number == end.segment else segment.end
            for payload, start, behind in segment.pieces(max(offset, segment.first), until):
                if payload is not None:
                    yield payload, Position(number, behind)
                elif not any(low <= start and behind <= high for low, high in segment.holes):
                    segment.holes.append((start, behind))
                    self._losses.append(_hole(segment, start, behind))
                    self._hold = self._current.number
                    self.noticed += 1

    def losses(self, committed: Position) -> list[Loss]:
        """What cannot be read, for a journal that is committed up to a place; see ``Loss.until``.

        A segment that is gone is a loss only if something in it was not committed.
        """
        found = [loss for loss in self._losses if loss.what not in _GONE or committed < loss.until]
        first = self._segments[min(self._segments)]
        resume = Position(first.number, 0)
        if first.before is not None and committed < first.before:
            file = _path(self._folder, first.before.segment)
            if not any(loss.resume == resume and loss.what in _GONE for loss in found):
                found.append(Loss(file, 0, _BEHIND, committed, resume, first.before))
                self._hold = self._current.number if self._settled else self._hold
        self._losses, self._settled = found, True
        return [*found, *self._gone]

    def breach(self, behind: Position) -> int:
        """What tells the session of a record (its end is given) from that of records before a loss; 0: none.

        The same for as long as there are records of the time of that loss.
        """
        if not self._losses or behind.segment > self._hold:
            return 0
        mark = 0
        for loss in self._losses:
            if loss.resume < behind:
                digest = hashlib.sha256(
                    self.id.bytes + repr((*loss.place, *loss.until)).encode("ascii")
                ).digest()
                mark ^= (
                    int.from_bytes(digest[:8], "little") >> 3
                ) << 1  # even: the name stays odd, as it was
        return mark

    def tenure_of(self, segment: int) -> Tenure:
        """Under which lease the records of a segment were made."""
        return self._segments[segment].tenure

    def sync(self) -> None:
        """Bring all records to the disk and prepare the next segment; blocking, for a thread."""
        with self._rolling:
            behind, self._unsynced = self._unsynced, []
        for segment in behind:
            segment.sync_full()
        self._current.sync()
        with self._rolling:
            if self._spare is None and len(self._segments) < self._max_segments:
                self._spare = self._create(None)

    def discard(self, before: Position) -> None:
        """Delete the segments that end before a place; blocking, for a thread.

        After a loss they stay until all is committed that may come from before it was noticed.
        """
        if self._losses:
            if before.segment <= self._hold:
                return
            self._losses = []
        for number in [n for n in sorted(self._segments) if n < before.segment]:
            self._segments.pop(number).remove()

    def begin_segment(self) -> None:
        """Let what comes next stand in another file, and all before can go. Raises JournalFull."""
        self._roll()

    def renew(self) -> None:
        """Become another journal, of which nothing is committed. Raises JournalFull.

        What this one has kept since it was opened goes along; everything before that is deleted.
        """
        with self._rolling:
            kept = [payload for payload, _ in self.read(self._began)]
            for segment in [*self._spares(), *(self._segments[n] for n in sorted(self._segments))]:
                segment.remove()
            self.id = _new_identity(self._folder)
            self._segments, self._spare, self._unsynced = {}, None, []
            self._losses, self._gone, self._hold, self._next_number = [], [], 0, 1
            self._current = self._begin(START)
            self._began = self.end
        for payload in kept:
            self.append(payload)

    def close(self) -> None:
        """Sync and release the files; of a segment that holds nothing its head stays, which says what was."""
        for segment in self._spares():
            segment.remove()
        for segment in self._segments.values():
            if segment.empty and segment is self._current:
                segment.shrink(self.id)
            else:
                segment.sync()
                segment.close()

    def _begin(self, former: Position) -> Segment:
        """Begin a segment behind what was there, and let go what holds nothing."""
        bare = [self._segments.pop(n) for n in sorted(self._segments, reverse=True) if self._segments[n].bare]
        announced = (s.after or 0 for s in self._segments.values())
        known = (former.segment, *announced, *self._segments, *(s.number for s in bare))
        self._next_number = 1 + max(known)
        # Beyond the bound if need be: a full journal must be opened to be emptied.
        begun = self._create(former)
        if self._segments:
            last = self._segments[max(self._segments)]
            last.after = begun.number
            last.sync()  # the bare ones that it spoke of go now
        for segment in bare:
            segment.remove()
        self._segments[begun.number] = begun
        return begun

    def _end_of_former(self) -> Position:
        """Where the last record ends that was ever kept, as far as the segments know."""
        kept = [Position(s.number, s.end) for s in self._segments.values() if not s.empty]
        told = [s.before for s in self._segments.values() if s.before is not None]
        return max([*kept, *told], default=START)

    def _spares(self) -> list[Segment]:
        return [] if self._spare is None else [self._spare]

    def _roll(self) -> None:
        with self._rolling:
            if len(self._segments) >= self._max_segments:
                raise JournalFull(f"the journal in {self._folder} has reached its bound")
            if self._spare is None and self._refusal is not None:
                raise JournalFull(self._refusal)  # to ask the disk each time would hold up the gateway
            current = self._current
            spare = self._spare or self._create(None)
            spare.before = (
                Position(current.number, current.end) if not current.empty else current.before or START
            )
            current.after = spare.number
            self._spare = None
            self._unsynced.append(current)
            self._segments[spare.number] = spare
            self._current = spare

    def _create(self, before: Position | None) -> Segment:
        number = self._next_number
        path = _path(self._folder, number)
        try:
            segment = Segment.make(number, path, Head(self.id, self._segment_bytes, self._tenure), before)
        except OSError as error:
            path.unlink(missing_ok=True)
            self._refusal = f"no room for the journal in {self._folder}: {error.strerror}"
            raise JournalFull(self._refusal) from error
        self._refusal = None
        self._next_number = number + 1
        return segment


def records_in(folder: Path) -> Iterator[bytes]:
    """Yield every record that a folder holds, in order; for whoever has its lock and no journal open.

    Raises JournalCorrupt for files that are not the journal's own.
    """
    if not any(folder.glob("*.segment")):
        return
    segments = _open_segments(folder, _identity(folder)[0])
    try:
        for segment in segments.values():
            for piece in segment.pieces(segment.first, segment.end):
                if piece.payload is not None:
                    yield piece.payload
    finally:
        for segment in segments.values():
            segment.close()


_MISSING = "is missing"
_BEHIND = "is missing, or the database is an older copy of what it was"
_GONE = frozenset({_MISSING, _BEHIND})


def _open_segments(folder: Path, journal: UUID) -> dict[int, Segment]:
    """All segments of a folder by number, in order; raises JournalCorrupt."""
    opened: dict[int, Segment] = {}
    try:
        for path in sorted(folder.glob("*.segment")):
            opened[_number(path)] = Segment.existing(_number(path), path, journal)
    except BaseException:
        for segment in opened.values():
            segment.close()
        raise
    return opened


def _number(path: Path) -> int:
    if not path.stem.isdecimal():
        raise JournalCorrupt(f"{path} is not a segment of this journal: move it away.")
    return int(path.stem)


def _losses(segments: dict[int, Segment], folder: Path) -> list[Loss]:
    """What is damaged, cut off or missing in what former lives have left."""
    found = _alone(folder, next(iter(segments.values()), None))
    last: Segment | None = None
    linked, announced, known = 0, None, START
    for segment in segments.values():
        before = segment.before
        if before is not None:
            linked, announced = segment.number, None
            found += _between(folder, last, segment, before) if before > known else []
            known = max(known, before)
        announced = segment.after or announced
        found += _within(segment)
        if not segment.bare:
            last = segment
    if announced is not None and announced not in segments:
        place = Position(linked, 0) if last is None else Position(last.number, last.end)
        end = Position(announced, _FAR)
        found.append(Loss(_path(folder, announced), 0, _MISSING, place, end, end))
    return found


def _alone(folder: Path, first: Segment | None) -> list[Loss]:
    """What is missing if the first segment was never in use: the one in whose time it was made."""
    if first is None or not first.bare or first.before is not None:
        return []
    number = first.number - 1
    end = Position(number, _FAR)
    return [Loss(_path(folder, number), 0, _MISSING, Position(number, 0), end, end)]


def _within(segment: Segment) -> list[Loss]:
    """What is wrong with a file itself."""
    start, behind = Position(segment.number, 0), Position(segment.number, _FAR)
    found = [] if segment.broken is None else [Loss(segment.path, 0, segment.broken, start, start, behind)]
    found += [_hole(segment, *hole) for hole in segment.holes]
    if segment.cut and not (segment.holes and segment.holes[-1][1] == len(segment.map)):
        found.append(_tail(segment, Position(segment.number, _FAR)))
    return found


def _between(folder: Path, last: Segment | None, segment: Segment, before: Position) -> list[Loss]:
    """What is missing before a segment, which knows where the records before it end; not before the first."""
    if last is None or before <= Position(last.number, last.end):
        return []
    if before.segment != last.number:
        return [_missing(folder, Position(last.number, last.end), segment, before)]
    if last.cut or (last.holes and last.holes[-1][1] == len(last.map)):
        return []  # known already
    return [_tail(last, before)]


def _hole(segment: Segment, start: int, behind: int) -> Loss:
    if segment.cut and behind == len(segment.map):
        return _tail(segment, Position(segment.number, _FAR))
    place, resume = Position(segment.number, start), Position(segment.number, behind)
    return Loss(segment.path, start, "is damaged", place, resume, resume)


def _tail(segment: Segment, until: Position) -> Loss:
    place = Position(segment.number, segment.end)
    return Loss(segment.path, segment.end, "is cut off", place, Position(segment.number, _FAR), until)


def _missing(folder: Path, place: Position, segment: Segment, before: Position) -> Loss:
    return Loss(_path(folder, before.segment), 0, _MISSING, place, Position(segment.number, 0), before)


def _path(folder: Path, number: int) -> Path:
    return folder / f"{number:010d}.segment"


def _identity(folder: Path) -> tuple[UUID, list[Loss]]:
    """Id of the folder's journal, and what is lost if it has no segment though it had one.

    One without segments is a new journal: no watermark may speak of it.
    """
    path = folder / _ID_FILE
    carried = _carried(folder)
    has_segments = any(folder.glob("*.segment"))
    try:
        lines = path.read_text(encoding="ascii").split()
        known = UUID(lines[0])
    except FileNotFoundError:
        if has_segments:
            raise JournalCorrupt(_mending(folder, "is missing")) from None
        return _new_identity(folder), []
    except (ValueError, IndexError, OSError) as error:
        if has_segments:
            raise JournalCorrupt(_mending(folder, "is damaged")) from error
        return _new_identity(folder), []
    if has_segments:
        if len(carried) == 1 and known not in carried:
            raise JournalCorrupt(_mending(folder, "is damaged"))
        if lines[1:] != [_KEEPS_LAST]:  # of a version that deleted it
            _write_identity(path, known)
        return known, []
    gone = [Loss(folder, 0, "is gone, with every segment", START, START, Position(_FAR, 0))]
    return _new_identity(folder), gone if lines[1:] == [_KEEPS_LAST] else []


def _carried(folder: Path) -> set[UUID]:
    """Ids that stand in the heads of segments."""
    return {found for path in folder.glob("*.segment") if (found := journal_of(path)) is not None}


def _mending(folder: Path, what: str) -> str:
    carried = _carried(folder)
    known = f"write {carried.pop()} into it, which its segments carry" if len(carried) == 1 else ""
    return (
        f"{folder / _ID_FILE} {what}, and without it nobody knows what of the journal is counted: "
        f"{known or 'put it back from a backup'}, or move the folder {folder} away. The bot then begins a "
        "new journal, and reads messages that are lost with the old one back from Discord."
    )


def _new_identity(folder: Path) -> UUID:
    identity = uuid4()
    _write_identity(folder / _ID_FILE, identity)
    return identity


def _write_identity(path: Path, identity: UUID) -> None:
    write_whole(path, f"{identity}\n{_KEEPS_LAST}\n".encode("ascii"))


__all__ = ["START", "Journal", "JournalCorrupt", "JournalFull", "Loss", "Position", "Tenure", "records_in"]
