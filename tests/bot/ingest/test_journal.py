import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest.journal import START, Journal, JournalCorrupt, JournalFull, Position

SEGMENT = 4096


def read_all(journal: Journal, after: Position = START) -> list[bytes]:
    return [payload for payload, _ in journal.read(after)]


def test_records_read_back_in_order_over_segments(tmp_path: Path) -> None:
    journal = Journal(tmp_path, segment_bytes=SEGMENT)
    records = [f"record {n}".encode() * 10 for n in range(200)]
    for record in records:
        journal.append(record)
    assert read_all(journal) == records
    assert journal.end.segment > 2
    journal.close()


def test_what_was_appended_survives_without_close(tmp_path: Path) -> None:
    first = Journal(tmp_path, segment_bytes=SEGMENT)
    first.append(b"kept")
    second = Journal(tmp_path, segment_bytes=SEGMENT)  # the first was never closed, as after kill -9
    second.append(b"new")
    assert read_all(second) == [b"kept", b"new"]
    assert second.id == first.id
    second.close()
    first.close()


@given(st.integers(1, 200))
def test_a_torn_tail_is_not_read_and_what_follows_is(
    tmp_path_factory: pytest.TempPathFactory, torn: int
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    journal = Journal(folder, segment_bytes=SEGMENT)
    journal.append(b"a" * 100)
    place = journal.end
    journal.append(b"b" * 200)
    journal.close()
    path = folder / f"{place.segment:010d}.segment"
    data = bytearray(path.read_bytes())
    data[place.offset + 8 + torn - 1] ^= 0xFF
    path.write_bytes(data)
    again = Journal(folder, segment_bytes=SEGMENT)
    again.append(b"c")
    assert read_all(again) == [b"a" * 100, b"c"]
    again.close()


def test_reading_goes_on_behind_a_place(tmp_path: Path) -> None:
    journal = Journal(tmp_path, segment_bytes=SEGMENT)
    for number in range(300):
        journal.append(b"%d" % number * 20)
    places = [behind for _, behind in journal.read(START)]
    assert read_all(journal, places[149]) == read_all(journal)[150:]
    assert read_all(journal, journal.end) == []
    journal.close()


def test_discarding_deletes_whole_segments_only(tmp_path: Path) -> None:
    journal = Journal(tmp_path, segment_bytes=SEGMENT)
    for _ in range(100):
        journal.append(b"x" * 200)
    end = journal.end
    journal.discard(end)
    assert read_all(journal, end) == []
    assert [int(p.stem) for p in sorted(tmp_path.glob("*.segment"))] == [end.segment]
    journal.close()


def test_numbers_never_go_back_after_everything_was_committed(tmp_path: Path) -> None:
    journal = Journal(tmp_path, segment_bytes=SEGMENT)
    journal.append(b"x")
    committed = journal.end
    journal.discard(committed)
    journal.close()
    again = Journal(tmp_path, segment_bytes=SEGMENT)
    again.append(b"y")
    assert again.id == journal.id
    assert again.end > committed
    assert read_all(again, committed) == [b"y"]
    again.close()


def test_an_empty_journal_stays_the_same_and_small(tmp_path: Path) -> None:
    """What its last segment says of the records before it must not be forgotten."""
    journal = Journal(tmp_path, segment_bytes=SEGMENT)
    journal.close()
    (left,) = tmp_path.glob("*.segment")
    assert left.stat().st_size < 100
    again = Journal(tmp_path, segment_bytes=SEGMENT)
    assert again.id == journal.id
    assert again.end > journal.end
    again.close()


def test_a_journal_without_segments_is_a_new_one_and_says_what_is_gone(tmp_path: Path) -> None:
    journal = Journal(tmp_path, segment_bytes=SEGMENT)
    journal.append(b"x")
    journal.close()
    for path in tmp_path.glob("*.segment"):
        path.unlink()
    again = Journal(tmp_path, segment_bytes=SEGMENT)
    assert again.id != journal.id
    assert [(loss.file, loss.what) for loss in again.losses(START)] == [
        (tmp_path, "is gone, with every segment")
    ]
    again.close()


def test_a_version_that_deleted_its_last_segment_has_lost_nothing(tmp_path: Path) -> None:
    (tmp_path / "journal.id").write_text("2b7ea8a1-3f5e-4f36-a53b-5e5e7d7d6f50\n", encoding="ascii")
    journal = Journal(tmp_path, segment_bytes=SEGMENT)
    assert journal.losses(START) == []
    journal.close()


def test_the_bound_is_kept_and_room_comes_back(tmp_path: Path) -> None:
    journal = Journal(tmp_path, segment_bytes=SEGMENT, max_bytes=2 * SEGMENT)
    with pytest.raises(JournalFull):
        for _ in range(100):
            journal.append(b"x" * 200)
    kept = read_all(journal)
    assert 30 < len(kept) < 45
    journal.discard(journal.end)
    journal.append(b"again")
    assert read_all(journal)[-1] == b"again"
    journal.close()


def test_a_full_journal_can_be_opened_to_be_emptied(tmp_path: Path) -> None:
    full = Journal(tmp_path, segment_bytes=SEGMENT, max_bytes=2 * SEGMENT)
    with pytest.raises(JournalFull):
        for _ in range(100):
            full.append(b"x" * 200)
    again = Journal(tmp_path, segment_bytes=SEGMENT, max_bytes=2 * SEGMENT)
    assert again.fill > 1
    kept = read_all(again)
    again.append(b"still")
    assert read_all(again) == [*kept, b"still"]
    again.discard(again.end)
    assert again.fill == 0.5
    again.close()
    full.close()


def test_crashes_without_traffic_do_not_fill_the_journal(tmp_path: Path) -> None:
    lives = [Journal(tmp_path, segment_bytes=SEGMENT, max_bytes=4 * SEGMENT)]
    lives[0].append(b"kept")
    numbers = []
    for _ in range(20):
        lives.append(Journal(tmp_path, segment_bytes=SEGMENT, max_bytes=4 * SEGMENT))
        lives[-1].sync()  # makes a spare segment, too
        numbers.append(lives[-1].end.segment)
    assert read_all(lives[-1]) == [b"kept"]
    assert len(list(tmp_path.glob("*.segment"))) == 3
    assert numbers == sorted(set(numbers)), "no number is used twice"


def test_a_full_disk_is_said_and_nothing_is_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path, segment_bytes=SEGMENT)
    journal.append(b"x" * 3000)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "posix_fallocate", full)
        with pytest.raises(JournalFull, match="No space left"):
            journal.append(b"y" * 3000)
        patched.setattr(os, "posix_fallocate", pytest.fail)
        with pytest.raises(JournalFull, match="No space left"):
            journal.append(b"the disk is not asked for each record" * 100)
        patched.setattr(os, "posix_fallocate", full)
        with pytest.raises(JournalFull, match="No space left"):
            journal.sync()
        assert not journal.ready
        journal.append(b"small")
        assert not list(tmp_path.glob("*.new"))
    journal.sync()
    assert journal.ready
    journal.append(b"z" * 3000)
    assert read_all(journal) == [b"x" * 3000, b"small", b"z" * 3000]
    journal.close()


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    Journal(tmp_path, segment_bytes=SEGMENT).append(b"x")
    (tmp_path / "0000000009.segment").write_bytes(b"something else entirely")
    with pytest.raises(JournalCorrupt, match="move it away"):
        Journal(tmp_path, segment_bytes=SEGMENT)
