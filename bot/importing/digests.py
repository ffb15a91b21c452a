"""Recognising a file by its beginning.

A file that was imported before is the same, or the same gzipped, or it has grown: in each case the
uncompressed bytes that were imported then are a prefix of what it holds now.
"""

import hashlib
from collections.abc import Collection, Sequence
from pathlib import Path

from bot.importing.source import DamagedError, read_chunks


class PrefixDigest:
    """SHA-256 over the first ``offset`` uncompressed bytes, fed in any pieces."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._offset = 0

    @property
    def offset(self) -> int:
        """How many bytes were fed."""
        return self._offset

    def update(self, data: bytes | memoryview) -> None:
        """Take the bytes that follow."""
        self._hash.update(data)
        self._offset += len(data)

    def digest(self) -> bytes:
        """The digest of all bytes so far (32 bytes); more may follow."""
        return self._hash.digest()


def digests_at(path: Path, offsets: Sequence[int]) -> dict[int, bytes]:
    """Digests of the prefixes that end at ``offsets``, in one pass.

    An offset that the file does not reach, or only behind damage, is left out.
    """
    wanted = sorted(set(offsets))
    found: dict[int, bytes] = {}
    prefix = PrefixDigest()
    if wanted and wanted[0] == 0:
        found[wanted.pop(0)] = prefix.digest()
    try:
        with path.open("rb") as file:
            for chunk in read_chunks(file):
                _feed(prefix, chunk.data, wanted, found)
                if not wanted:
                    break
    except DamagedError:
        # What lies before the damage is identified all the same; reading the rows will name the damage.
        return found
    return found


def longest_match(path: Path, stored: Collection[tuple[int, bytes]]) -> tuple[int, bytes] | None:
    """The longest of the stored prefixes (offset, digest) with which the file begins, if any."""
    now = digests_at(path, [offset for offset, _ in stored])
    return max(((offset, digest) for offset, digest in stored if now.get(offset) == digest), default=None)


def _feed(prefix: PrefixDigest, data: bytes, wanted: list[int], found: dict[int, bytes]) -> None:
    """Feed ``data``, moving the offsets that lie in it from ``wanted`` to ``found``."""
    rest = memoryview(data)
    while wanted and wanted[0] <= prefix.offset + len(rest):
        cut = wanted.pop(0) - prefix.offset
        prefix.update(rest[:cut])
        rest = rest[cut:]
        found[prefix.offset] = prefix.digest()
    prefix.update(rest)
