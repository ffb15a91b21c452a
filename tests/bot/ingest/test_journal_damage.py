"""Damage to the journal: what can be read is read, what cannot is named, and no record is a wrong one."""

import os
import re
import struct
import zlib
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.ingest.journal import START, Journal, JournalCorrupt, Position, records_in
from bot.ingest.segment import FIRST_SEGMENT_BYTES, HEAD_SIZE, PATIENCE, Segment

SIZE = 512
LIVES = st.lists(
    st.lists(st.sampled_from(["record", "record", "record", "sync", "sweep"]), max_size=25).flatmap(
        lambda steps: st.tuples(st.just(steps), st.sampled_from(["kill", "close"]))
    ),
    min_size=1,
    max_size=4,
)
FAST = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


@pytest.fixture(autouse=True, scope="module")
def no_waiting_for_the_disk() -> Iterator[None]:
    """Nothing here loses its power."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", lambda _descriptor: None)
        yield


def kill(journal: Journal) -> None:
    """End as `kill -9` does: what was copied stays, nothing is tidied up."""
    for segment in [*journal._segments.values(), *journal._spares()]:
        segment.close()


@dataclass
class Written:
    """A journal in a folder after some lives, and each record with its true end."""

    folder: Path
    records: list[tuple[bytes, Position]] = field(default_factory=list)

    def live(self, steps: list[str], end: str, committed: Position | None = None) -> None:
        journal = Journal(self.folder, segment_bytes=SIZE)
        for step in steps:
            if step == "sync":
                journal.sync()
            elif step == "sweep":
                journal.begin_segment()
            else:
                payload = b"%06d" % len(self.records) * (1 + len(self.records) % 7)
                journal.append(payload)
                self.records.append((payload, journal.end))
        if committed is not None:
            journal.discard(committed)
        if end == "close":
            journal.close()
        else:
            kill(journal)

    @property
    def files(self) -> list[Path]:
        return sorted(self.folder.glob("*.segment"))


def written(folder: Path, lives: list[tuple[list[str], str]]) -> Written:
    made = Written(folder)
    for steps, end in lives:
        made.live(steps, end)
    return made


def check(made: Written, touched: Path, lost_of: Callable[[int, int], bool]) -> None:
    """Read a damaged journal; ``lost_of`` says of a record in the touched file whether it may be lost."""
    try:
        journal = Journal(made.folder, segment_bytes=SIZE)
    except JournalCorrupt as refused:
        assert str(touched) in str(refused)
        assert "move it away" in str(refused)
        return
    read = list(journal.read(START))
    losses = journal.losses(START)
    assert [record for record in made.records if record in read] == read, (
        "no wrong record, none twice, in order"
    )
    missing = [record for record in made.records if record not in read]
    number = int(touched.stem)
    for payload, behind in missing:
        assert behind.segment == number
        assert lost_of(behind.offset - 8 - len(payload), behind.offset)
        assert any(loss.place < behind <= max(loss.resume, loss.until) for loss in losses), losses
        assert any(loss.file == touched for loss in losses)
        at = made.records.index((payload, behind))
        before = next((r for r in reversed(made.records[:at]) if r in read), None)
        after = next((r for r in made.records[at:] if r in read), None)
        if after is not None:
            mark = 0 if before is None else journal.breach(before[1])
            assert journal.breach(after[1]) != mark, "what follows is of another session"
    again = Journal(made.folder, segment_bytes=SIZE)
    assert list(again.read(START)) == read
    if missing:
        again.losses(START)
        assert [again.breach(p) for _, p in read] == [journal.breach(p) for _, p in read], (
            "after a crash, too"
        )
    kill(journal)
    kill(again)
    assert list(records_in(made.folder)) == [payload for payload, _ in read]


@FAST
@given(lives=LIVES, data=st.data())
def test_one_flipped_bit_costs_one_record_at_most_and_is_named(
    tmp_path_factory: pytest.TempPathFactory, lives: list[tuple[list[str], str]], data: st.DataObject
) -> None:
    made = written(tmp_path_factory.mktemp("journal"), lives)
    file = data.draw(st.sampled_from(made.files))
    content = bytearray(file.read_bytes())
    used = max((p.offset for _, p in made.records if p.segment == int(file.stem)), default=HEAD_SIZE)
    at = data.draw(st.integers(0, min(len(content), used + 12) - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    file.write_bytes(content)
    check(made, file, lambda start, stop: start <= at < stop)


@FAST
@given(lives=LIVES, data=st.data())
def test_a_cut_costs_what_stood_behind_it_and_is_named(
    tmp_path_factory: pytest.TempPathFactory, lives: list[tuple[list[str], str]], data: st.DataObject
) -> None:
    made = written(tmp_path_factory.mktemp("journal"), lives)
    file = data.draw(st.sampled_from(made.files))
    content = file.read_bytes()
    at = data.draw(st.integers(0, len(content) - 1))
    file.unlink()  # a killed process has it mapped
    file.write_bytes(content[:at])
    check(made, file, lambda _, stop: stop > at)


@FAST
@given(lives=LIVES, data=st.data())
def test_a_zeroed_page_costs_what_it_touches_and_is_named(
    tmp_path_factory: pytest.TempPathFactory, lives: list[tuple[list[str], str]], data: st.DataObject
) -> None:
    made = written(tmp_path_factory.mktemp("journal"), lives)
    file = data.draw(st.sampled_from(made.files))
    ends = [p.offset for _, p in made.records if p.segment == int(file.stem)]
    if len(ends) < 2:
        return
    content = bytearray(file.read_bytes())
    low = data.draw(st.integers(HEAD_SIZE, ends[-2] - 1))
    high = data.draw(
        st.integers(low + 1, ends[-2])
    )  # a record stands behind it: else it is as if never written
    content[low:high] = bytes(high - low)
    file.write_bytes(content)
    check(made, file, lambda start, stop: start < high and stop > low)


@FAST
@given(lives=LIVES, data=st.data())
def test_a_missing_segment_is_named(
    tmp_path_factory: pytest.TempPathFactory, lives: list[tuple[list[str], str]], data: st.DataObject
) -> None:
    made = written(tmp_path_factory.mktemp("journal"), lives)
    file = data.draw(st.sampled_from(made.files))
    file.unlink()
    if not made.files:  # named by its folder, there is no other file left
        journal = Journal(made.folder, segment_bytes=SIZE)
        assert [loss.file for loss in journal.losses(START)] == [made.folder]
        return
    check(made, file, lambda _start, _stop: True)


@FAST
@given(lives=LIVES, data=st.data())
def test_nothing_is_said_to_be_lost_where_nothing_is(
    tmp_path_factory: pytest.TempPathFactory, lives: list[tuple[list[str], str]], data: st.DataObject
) -> None:
    """Whatever was committed and deleted, and however often the process was killed."""
    made = Written(tmp_path_factory.mktemp("journal"))
    committed = START
    for steps, end in lives:
        made.live(steps, end, committed)
        if made.records:
            at = bisect_left(made.records, committed, key=lambda record: record[1])
            committed = max(committed, made.records[data.draw(st.integers(at, len(made.records))) - 1][1])
        journal = Journal(made.folder, segment_bytes=SIZE)
        assert journal.losses(committed) == []
        behind = [record for record in made.records if record[1] > committed]
        assert list(journal.read(committed)) == behind
        if not behind and data.draw(st.booleans()):
            journal.discard(journal.end)
        kill(journal)


def test_a_segment_that_is_committed_is_not_missed(tmp_path: Path) -> None:
    made = written(tmp_path, [(["record"] * 60, "kill")])
    first, *_ = made.files
    first.unlink()
    journal = Journal(tmp_path, segment_bytes=SIZE)
    committed = max(p for _, p in made.records if p.segment == int(first.stem))
    assert journal.losses(committed) == []
    assert journal.losses(made.records[0][1]) != []


def test_an_older_database_under_a_newer_folder_is_noticed(tmp_path: Path) -> None:
    made = written(tmp_path, [(["record"] * 60, "close")])
    journal = Journal(tmp_path, segment_bytes=SIZE)
    journal.discard(journal.end)
    journal.close()
    again = Journal(tmp_path, segment_bytes=SIZE)
    assert again.losses(made.records[-1][1]) == []
    (loss,) = again.losses(made.records[-2][1])
    assert (loss.place, loss.until) == (made.records[-2][1], made.records[-1][1])
    assert "older copy" in loss.what


def test_damage_stays_until_all_is_committed_that_came_before_it_was_noticed(tmp_path: Path) -> None:
    """Else a process that dies on the way would take the rest for what nothing is missing from."""
    made = written(tmp_path, [(["record"] * 60, "kill")])
    first, second, *_ = made.files
    content = bytearray(first.read_bytes())
    content[HEAD_SIZE + 20] ^= 1
    first.write_bytes(content)
    journal = Journal(tmp_path, segment_bytes=SIZE)
    journal.discard(Position(int(second.stem), HEAD_SIZE))
    assert first.exists()
    last = made.records[-1][1]
    assert journal.breach(last) == Journal(tmp_path, segment_bytes=SIZE).breach(last) != 0
    journal = Journal(tmp_path, segment_bytes=SIZE)
    journal.append(b"now")
    journal.discard(journal.end)
    assert not first.exists()
    assert journal.breach(journal.end) == 0


def test_damage_that_comes_while_it_runs_is_named(tmp_path: Path) -> None:
    journal = Journal(tmp_path, segment_bytes=SIZE)
    for number in range(60):
        journal.append(b"%06d" % number * 3)
    whole = list(journal.read(START))
    hurt = whole[5][1]
    journal._segments[hurt.segment].map[hurt.offset - 2] ^= 1
    assert list(journal.read(START)) == [*whole[:5], *whole[6:]]
    assert journal.noticed == 1
    (loss,) = journal.losses(START)
    assert (loss.place, loss.resume) == (whole[4][1], whole[5][1])
    assert journal.breach(whole[4][1]) == 0 != journal.breach(whole[6][1])
    assert list(journal.read(START)) == [*whole[:5], *whole[6:]]
    assert journal.noticed == 1, "once"


def test_an_older_folder_becomes_another_journal_and_keeps_what_came_meanwhile(tmp_path: Path) -> None:
    written(tmp_path, [(["record"] * 60, "kill")])
    journal = Journal(tmp_path, segment_bytes=SIZE)
    before = journal.id
    journal.append(b"new")
    journal.renew()
    assert journal.id != before
    assert [payload for payload, _ in journal.read(START)] == [b"new"]
    journal.append(b"newer")
    journal.sync()
    again = Journal(tmp_path, segment_bytes=SIZE)
    assert again.id == journal.id
    assert [payload for payload, _ in again.read(START)] == [b"new", b"newer"]
    assert again.losses(START) == []


def first_version(folder: Path, number: int, journal: UUID, payloads: list[bytes]) -> Path:
    """A segment as the version before wrote it."""
    folder.mkdir(exist_ok=True)
    (folder / "journal.id").write_text(f"{journal}\n", encoding="ascii")
    path = folder / f"{number:010d}.segment"
    records = b"".join(struct.pack("<II", len(p), zlib.crc32(p)) + p for p in payloads)
    path.write_bytes((b"SSJ1" + journal.bytes + records).ljust(FIRST_SEGMENT_BYTES, b"\0"))
    return path


def test_segments_of_the_version_before_are_read(tmp_path: Path) -> None:
    identity = uuid4()
    first_version(tmp_path, 3, identity, [b"one", b"two"])
    first_version(tmp_path, 5, identity, [b"three"])
    journal = Journal(tmp_path, segment_bytes=SIZE)
    journal.append(b"four")
    assert [payload for payload, _ in journal.read(START)] == [b"one", b"two", b"three", b"four"]
    assert journal.id == identity
    assert next(journal.read(Position(3, 20 + 8 + 3)))[0] == b"two"
    assert journal.losses(START) == []
    journal.discard(journal.end)
    journal.close()
    assert Journal(tmp_path, segment_bytes=SIZE).losses(journal.end) == []


@FAST
@given(at=st.integers(20, 20 + 3 * 28 - 1), bit=st.integers(0, 7))
def test_a_bit_flipped_in_the_version_before_is_named(
    tmp_path_factory: pytest.TempPathFactory, at: int, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    payloads = [bytes([65 + n]) * 20 for n in range(3)]
    path = first_version(folder, 1, uuid4(), payloads)
    content = bytearray(path.read_bytes())
    content[at] ^= 1 << bit
    path.write_bytes(content)
    journal = Journal(folder, segment_bytes=SIZE)
    hurt = (at - 20) // 28
    assert [p for p, _ in journal.read(START)] == [p for n, p in enumerate(payloads) if n != hurt]
    assert [(loss.file, loss.offset) for loss in journal.losses(START)] == [(path, 20 + hurt * 28)]
    kill(journal)


def test_what_a_killed_process_had_begun_to_write_is_no_loss(tmp_path: Path) -> None:
    journal = Journal(tmp_path, segment_bytes=SIZE)
    journal.append(b"whole")
    end = journal.end.offset
    journal._current.map[end + 8 : end + 12] = b"torn"
    again = Journal(tmp_path, segment_bytes=SIZE)
    assert [payload for payload, _ in again.read(START)] == [b"whole"]
    assert again.losses(START) == []


def test_a_record_counts_only_where_it_was_written(tmp_path: Path) -> None:
    """An old block of the same disk, put somewhere else, is no record."""
    journal = Journal(tmp_path, segment_bytes=SIZE)
    journal.append(b"a" * 20)
    journal.append(b"b" * 20)
    size = 28
    held = journal._current.map
    held[HEAD_SIZE + size : HEAD_SIZE + 2 * size] = held[HEAD_SIZE : HEAD_SIZE + size]
    assert [payload for payload, _ in journal.read(START)] == [b"a" * 20]
    assert journal.noticed == 1


BAD_FILES: list[tuple[str, Callable[[Path], object], str]] = [
    ("0000000007.segment", lambda path: path.write_bytes(b""), "is empty"),
    ("0000000007.segment", lambda path: path.write_bytes(b"SSJ2"), "is too short"),
    ("0000000007.segment", lambda path: path.write_bytes(b"something else entirely"), "is not a segment"),
    ("0000000007.segment", lambda path: path.write_bytes(b"\x89PNG" * 4096), "is not a segment"),
    ("0000000007.segment", lambda path: path.mkdir(), "cannot be read"),
    ("copy.segment", lambda path: path.write_bytes(b"x"), "is not a segment"),
]


@pytest.mark.parametrize(("name", "make", "said"), BAD_FILES)
def test_a_foreign_file_is_refused_with_the_words_that_mend_it(
    tmp_path: Path, name: str, make: Callable[[Path], object], said: str
) -> None:
    written(tmp_path, [(["record"], "close")])
    make(tmp_path / name)
    for use in (lambda: Journal(tmp_path), lambda: list(records_in(tmp_path))):
        with pytest.raises(JournalCorrupt, match=said) as refused:
            use()
        assert str(tmp_path / name) in str(refused.value)
        assert "move it away" in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"nonsense\n", None, str(UUID(int=7)).encode()])
def test_a_damaged_id_says_what_belongs_into_it(tmp_path: Path, content: bytes | None) -> None:
    made = written(tmp_path, [(["record"], "close")])
    path = tmp_path / "journal.id"
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    with pytest.raises(JournalCorrupt, match=r"journal\.id is (damaged|missing)") as refused:
        Journal(tmp_path, segment_bytes=SIZE)
    (identity,) = re.findall(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", str(refused.value))
    path.write_text(identity)
    assert list(Journal(tmp_path, segment_bytes=SIZE).read(START)) == made.records


def test_a_damaged_id_of_an_empty_journal_hurts_nobody(tmp_path: Path) -> None:
    (tmp_path / "journal.id").write_bytes(b"")
    assert Journal(tmp_path, segment_bytes=SIZE).losses(START) == []


def test_every_file_is_its_owners_alone(tmp_path: Path) -> None:
    journal = Journal(tmp_path, segment_bytes=SIZE)
    journal.sync()
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert set(modes.values()) == {0o600}, modes
    assert len(modes) == 3


def test_looking_for_the_next_record_in_a_ruined_segment_takes_no_minutes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path)
    journal.append(b"record")
    journal._current.map[HEAD_SIZE + 4 : 1 << 20] = (b"\x01\x02\x03\x00" * (1 << 18))[
        : (1 << 20) - HEAD_SIZE - 4
    ]
    looked = 0
    whole = Segment._whole

    def counted(segment: Segment, offset: int, end: int) -> bytes | None:
        nonlocal looked
        looked += 1
        return whole(segment, offset, end)

    monkeypatch.setattr(Segment, "_whole", counted)
    again = Journal(tmp_path)
    assert looked <= PATIENCE >> 17
    assert [loss.offset for loss in again.losses(START)] == [HEAD_SIZE]
