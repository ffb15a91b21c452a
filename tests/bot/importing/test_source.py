import gzip
import io
import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.importing.source import DamagedError, read_chunks


def chunks(data: bytes, size: int = 64) -> tuple[bytes, list[int], str | None]:
    """All bytes, the consumed counts, and why it ended."""
    got, consumed = b"", []
    try:
        for chunk in read_chunks(io.BytesIO(data), size):
            assert 0 < len(chunk.data) <= max(size, 2)
            got += chunk.data
            consumed.append(chunk.consumed)
    except DamagedError as error:
        return got, consumed, str(error)
    return got, consumed, None


@settings(deadline=None)
@given(st.binary(max_size=2_000), st.integers(1, 300))
def test_plain_and_gzip_give_the_same_bytes(data: bytes, size: int) -> None:
    plain = b"{" + data
    packed = gzip.compress(plain)
    assert chunks(plain, size)[0] == plain
    got, consumed, problem = chunks(packed, size)
    assert (got, problem) == (plain, None)
    assert consumed == sorted(consumed)
    assert consumed[-1] <= len(packed)


def test_consumed_counts_the_files_own_bytes() -> None:
    noise = random.Random(1).randbytes(10_000)
    packed = gzip.compress(noise)
    _, consumed, _ = chunks(packed, 1_000)
    assert consumed[-1] >= len(packed) - 8
    assert all(0 < after - before < 2_100 for before, after in itertools.pairwise(consumed))
    assert chunks(noise.replace(b"\x1f\x8b", b""), 4_000)[1][:2] == [4_000, 8_000]


def test_an_empty_file_has_no_chunks() -> None:
    assert chunks(b"") == (b"", [], None)


@pytest.mark.parametrize("size", [1, 7, 4_096])
def test_joined_gzip_members_and_padding(size: int) -> None:
    packed = gzip.compress(b"one") + b"\0" * 20 + gzip.compress(b"") + gzip.compress(b"two") + b"\0" * 9
    got, consumed, problem = chunks(packed, size)
    assert (got, problem) == (b"onetwo", None)
    assert consumed[-1] >= len(packed) - 9 - 8 - size


def test_a_cut_gzip_file_gives_what_is_there() -> None:
    data = random.Random(2).randbytes(5_000)
    packed = gzip.compress(data)
    got, _, problem = chunks(packed[:3_000])
    assert problem == "its gzip data end in the middle"
    assert 2_500 < len(got) < 3_000
    assert data.startswith(got)
    assert chunks(packed[:-1])[::2] == (data, "its gzip data end in the middle")


@pytest.mark.parametrize("place", [3_000, -6])
def test_a_damaged_gzip_file_gives_what_is_good(place: int) -> None:
    data = b"".join(b"%d," % n for n in range(20_000))
    packed = bytearray(gzip.compress(data))
    packed[place] ^= 0xFF
    got, _, problem = chunks(bytes(packed), 256)
    assert problem == "its gzip data are damaged"
    assert got


def test_what_follows_a_gzip_file_is_damage() -> None:
    assert chunks(gzip.compress(b"one") + b"junk")[::2] == (b"one", "its gzip data are damaged")


def test_a_bomb_is_read_in_small_pieces_and_progress_is_true() -> None:
    packed = gzip.compress(bytes(20_000_000))
    total = 0
    for chunk in read_chunks(io.BytesIO(packed), 10_000):
        assert len(chunk.data) <= 10_000
        total += len(chunk.data)
        assert chunk.consumed / len(packed) == pytest.approx(total / 20_000_000, abs=0.01)
    assert total == 20_000_000
