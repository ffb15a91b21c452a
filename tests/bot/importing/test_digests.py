import gzip
import hashlib
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.importing.digests import PrefixDigest, digests_at, longest_match
from bot.importing.source import CHUNK_BYTES
from tests.bot.importing.building import put

DATA = bytes(range(1, 251)) * 2_000


def digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


@settings(deadline=None)
@given(st.lists(st.binary(max_size=50)))
def test_pieces_do_not_matter(pieces: list[bytes]) -> None:
    prefix = PrefixDigest()
    for piece in pieces:
        prefix.update(piece)
    whole = b"".join(pieces)
    assert (prefix.offset, prefix.digest()) == (len(whole), digest(whole))


def test_digests_of_many_prefixes_in_one_pass(tmp_path: Path) -> None:
    offsets = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, len(DATA), 77, 77]
    expected = {offset: digest(DATA[:offset]) for offset in offsets}
    for packed in (False, True):
        path = put(tmp_path, DATA, packed=packed)
        assert digests_at(path, offsets) == expected
        assert digests_at(path, [len(DATA) + 1, 5]) == {5: digest(DATA[:5])}
        assert digests_at(path, []) == {}


def test_a_cut_file_is_recognised_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "cut"
    path.write_bytes(gzip.compress(DATA)[:-4])
    known = (100, digest(DATA[:100]))
    assert longest_match(path, [known, (len(DATA) + 9, b"")]) == known


def test_a_file_that_grew_or_was_packed_is_recognised(tmp_path: Path) -> None:
    short, long = stored = [(size, digest(DATA[:size])) for size in (100, 200_000)]
    for packed in (False, True):
        assert longest_match(put(tmp_path, DATA + b"more", packed=packed), stored) == long
    assert longest_match(put(tmp_path, DATA[:150_000] + b"else" * 20_000), stored) == short
    assert longest_match(put(tmp_path, b"other" + DATA), stored) is None
    assert longest_match(put(tmp_path, DATA), []) is None


def test_another_file_of_the_same_length_hides_nothing(tmp_path: Path) -> None:
    mine = (len(DATA), digest(DATA))
    other = (len(DATA), digest(b"x" * len(DATA)))
    for stored in ([mine, other], [other, mine]):
        assert longest_match(put(tmp_path, DATA), stored) == mine
