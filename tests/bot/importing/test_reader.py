import gzip
import hashlib
import itertools
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.importing.digests import longest_match
from bot.importing.reader import read_rows
from bot.importing.rows import Batch, BrokenLine, ImportedMessage, ImportFileError, OtherRow, Position
from tests.bot.importing.building import FIRST_ID, SPOKEN, event, export, exported, lines, message, put, read

LINES = st.lists(
    st.sampled_from(
        [
            lines(event()),
            lines(event(id=5, channel_id=6, channel="ü")).replace(b"\n", b"\r\n"),
            lines(event(kind="join")),
            b"oops\n",
            b"\n",
            b"  \r\n",
            lines(event(ts=None)),
        ]
    ),
    min_size=1,
    max_size=25,
)
HALF = b'{"ts": "2019'
TAILS = st.sampled_from([b"", b"\n", lines(event()).rstrip(), HALF])
MESSAGES = st.lists(st.sampled_from([{}, {"id": None}, {"content": 'ü\\"}{'}, {"type": "21"}]), max_size=25)


def good_and_bad(pieces: list[bytes], tail: bytes) -> bytes:
    # A good first line, or the file would not be recognised.
    return lines(event()) + b"".join(pieces) + tail


@settings(max_examples=60, deadline=None)
@given(LINES, TAILS, st.integers(1, 40), st.integers(1, 7), st.booleans())
def test_json_lines_read_the_same_in_any_pieces_and_packing(
    pieces: list[bytes],
    tail: bytes,
    chunk_bytes: int,
    batch_rows: int,
    packed: bool,  # noqa: FBT001 - hypothesis
) -> None:
    data = good_and_bad(pieces, tail)
    with TemporaryDirectory() as folder:
        expected, whole = read(put(Path(folder), data))
        path = put(Path(folder), data, packed=packed)
        rows, batches = read(path, chunk_bytes=chunk_bytes, batch_rows=batch_rows)
    assert rows == expected
    assert [end for batch in batches for end in batch.positions] == whole[0].positions
    check_batches(batches, data, batch_rows)


@settings(max_examples=40, deadline=None)
@given(LINES, TAILS, st.integers(1, 60), st.booleans())
def test_json_lines_go_on_from_any_row(
    pieces: list[bytes],
    tail: bytes,
    chunk_bytes: int,
    packed: bool,  # noqa: FBT001 - hypothesis
) -> None:
    data = good_and_bad(pieces, tail)
    with TemporaryDirectory() as folder:
        path = put(Path(folder), data, packed=packed)
        rows, (batch,) = read(path)
        for done, start in enumerate(batch.positions, 1):
            rest, batches = read(path, start=start, chunk_bytes=chunk_bytes)
            # A half-written last line is not passed, and so comes again.
            again = 1 if tail == HALF and done == len(rows) else 0
            assert rest == rows[done - again :]
            assert batches[-1].end == batch.end
            assert batches[-1].digest == batch.digest


@settings(max_examples=40, deadline=None)
@given(MESSAGES, st.integers(1, 900), st.integers(1, 7), st.booleans(), st.sampled_from([None, 1]))
def test_exporter_files_read_the_same_in_any_pieces_and_go_on_from_any_row(
    fields: list[dict[str, object]],
    chunk_bytes: int,
    batch_rows: int,
    packed: bool,  # noqa: FBT001 - hypothesis
    indent: int | None,
) -> None:
    data = json.dumps(export(message(n, **some) for n, some in enumerate(fields)), indent=indent).encode()
    with TemporaryDirectory() as folder:
        expected, _ = read(put(Path(folder), data))
        path = put(Path(folder), data, packed=packed)
        rows, batches = read(path, chunk_bytes=chunk_bytes, batch_rows=batch_rows)
        assert rows == expected
        assert len(rows) == len(fields)
        check_batches(batches, data, batch_rows)
        for done, start in enumerate((end for batch in batches for end in batch.positions), 1):
            assert start.index == done
            rest, again = read(path, start=start)
            assert rest == rows[done:]
            assert again[-1].end == batches[-1].end == Position(len(fields), len(data))


def check_batches(batches: list[Batch], data: bytes, batch_rows: int) -> None:
    assert [batch.last for batch in batches] == [False] * (len(batches) - 1) + [True]
    assert all(len(batch.rows) == batch_rows for batch in batches[:-1])
    assert all(len(batch.rows) == len(batch.positions) for batch in batches)
    for before, after in itertools.pairwise(batches):
        assert before.end == before.positions[-1]
        assert before.end <= after.end
        assert before.consumed <= after.consumed
    for batch in batches:
        assert batch.digest == hashlib.sha256(data[: batch.end.offset]).digest()


def test_a_file_that_grew_goes_on_where_it_was(tmp_path: Path) -> None:
    old = lines(event(), event(kind="join")) + lines(event())[:-20]
    path = put(tmp_path, old)
    rows, (batch,) = read(path)
    assert [type(row) for row in rows] == [ImportedMessage, OtherRow, BrokenLine]
    new = lines(event(), event(kind="join"), event(), event(author="later"))
    for packed in (False, True):
        path = put(tmp_path, new, packed=packed)
        prefix = (batch.end.offset, batch.digest)
        assert longest_match(path, [prefix]) == prefix
        grown, (more,) = read(path, start=batch.end)
        assert [row.author for row in grown if isinstance(row, ImportedMessage)] == ["u1", "later"]
        assert more.positions == [Position(3, len(lines(*[event()] * 2, event(kind="join")))), more.end]
        assert more.end == Position(4, len(new))


def test_a_cut_gzip_file_gives_all_whole_lines_and_says_where_it_is_good(tmp_path: Path) -> None:
    data = lines(*(event(author=f"u{n * n}") for n in range(20_000)))
    packed = gzip.compress(data)
    path = tmp_path / "cut"
    path.write_bytes(packed[: len(packed) // 2])
    batches: list[Batch] = []
    with pytest.raises(
        ImportFileError, match=r"its gzip data end in the middle\. It is good up to line"
    ) as error:
        batches.extend(read_rows(path))
    rows = [row for batch in batches for row in batch.rows]
    assert all(isinstance(row, ImportedMessage) for row in rows)
    position = error.value.position
    assert (
        position == batches[-1].end == Position(len(rows), data.index(b"\n", batches[-1].end.offset - 1) + 1)
    )
    assert f"line {len(rows):,} (byte {position.offset:,})" in str(error.value)
    assert 5_000 < len(rows) < 15_000
    path.write_bytes(packed)
    prefix = (batches[-1].end.offset, batches[-1].digest)
    assert longest_match(path, [prefix]) == prefix == (position.offset, prefix[1])
    assert len(rows) + len(read(path, start=position)[0]) == 20_000


def _half(data: bytes) -> bytes:
    return data[: data.index(str(FIRST_ID + 5).encode())]


def _cut_gzip(data: bytes) -> bytes:
    packed = gzip.compress(data, compresslevel=0)
    return packed[: packed.index(str(FIRST_ID + 5).encode())]


def _garble(data: bytes) -> bytes:
    return data.replace(str(FIRST_ID + 5).encode() + b'"', b'"oops')


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (_half, "its JSON ends in the middle"),
        (_cut_gzip, "its gzip data end in the middle"),
        (_garble, "its JSON is broken"),
    ],
)
def test_a_cut_or_broken_exporter_file_gives_the_good_messages(
    tmp_path: Path, harm: Callable[[bytes], bytes], words: str
) -> None:
    data = exported(message(n) for n in range(9))
    path = put(tmp_path, harm(data))
    batches: list[Batch] = []
    with pytest.raises(ImportFileError, match=f"{words}. It is good up to message 5, ") as error:
        batches.extend(read_rows(path, batch_rows=2, chunk_bytes=500))
    assert [len(batch.rows) for batch in batches] == [2, 2, 1]
    assert not any(batch.last for batch in batches)
    assert error.value.position is not None
    assert error.value.position.index == 5
    assert SPOKEN not in str(error.value)
    rest, _ = read(put(tmp_path, data), start=error.value.position)
    assert [row.message_id for row in rest if isinstance(row, ImportedMessage)] == [
        FIRST_ID + n for n in range(5, 9)
    ]


@pytest.mark.parametrize("data", [lines(event()), exported([message()])])
def test_a_start_behind_the_end_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ImportFileError, match="is shorter than what was read of it before"):
        read(put(tmp_path, data), start=Position(500, 100_000))


def test_nothing_is_read_of_a_file_that_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="is empty"):
        read(put(tmp_path, b""))


def test_an_empty_channel_has_one_batch_without_rows(tmp_path: Path) -> None:
    data = exported([])
    rows, (batch,) = read(put(tmp_path, data))
    assert rows == []
    assert (batch.last, batch.end) == (True, Position(0, len(data)))


def test_no_later_than(tmp_path: Path) -> None:
    for data in (
        lines(event(), event(ts="2030-01-01T00:00:00Z")),
        exported([message(), message(1, timestamp="2030-01-01T00:00:00Z")]),
    ):
        rows, _ = read(put(tmp_path, data), not_after_ms=1_700_000_000_000)
        assert [type(row) for row in rows] == [ImportedMessage, BrokenLine]


def test_a_file_of_any_size_needs_little_memory(tmp_path: Path) -> None:
    one = json.dumps(message(content=SPOKEN * 400)).encode()
    before, _, after = json.dumps(export([]), indent=2).encode().partition(b"[]")
    hundred = b",".join([one] * 100)
    path = tmp_path / "big"
    with path.open("wb") as file:
        file.write(before + b"[" + one)
        while file.tell() < 52_000_000:
            file.write(b"," + hundred)
        file.write(b"]" + after)
    tracemalloc.start()
    try:
        count = sum(len(batch.rows) for batch in read_rows(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == path.stat().st_size // (len(one) + 1)
    assert peak < 3_000_000
