"""The member list against what is stored, a page at a time, in columns: 100,000 members take 3 MB.

Pure. Nothing is kept of a page but which stored members were in it.
"""

from array import array
from collections.abc import Sequence
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from bot.ingest.books.members import SAME_JOIN_MS
from bot.members.listed import Listed

Unsigned = npt.NDArray[np.uint64]
Signed = npt.NDArray[np.int64]


class Finding(IntEnum):
    """How a listed member differs from what is stored."""

    JOINED = 1
    CHANGED = 2


class Known:
    """Stored members who are there, gathered as columns."""

    def __init__(self) -> None:
        self.members = array("Q")
        self.joined = array("q")
        self.digests = array("q")

    def add(self, member: int, joined: int, standing: int) -> None:
        """Take in one member; ``standing`` is the digest."""
        self.members.append(member)
        self.joined.append(joined)
        self.digests.append(standing)


def digest(roles: Sequence[int], boosting: int, pending: bool) -> int:  # noqa: FBT001 - a column, no switch
    """What tells one set of roles, boost and screening from another, within this process."""
    return hash((*sorted(roles), boosting, pending))


def digest_of(listed: Listed) -> int:
    """Digest of a listed member."""
    return digest(listed.roles, listed.boosting, listed.pending)


class Comparison:
    """Stored members in ascending columns, and which of them were listed."""

    def __init__(self, known: Known) -> None:
        members = np.frombuffer(known.members, np.uint64)
        order = np.argsort(members, kind="stable")
        self._members: Unsigned = members[order]
        self._joined: Signed = np.frombuffer(known.joined, np.int64)[order]
        self._digests: Signed = np.frombuffer(known.digests, np.int64)[order]
        self._listed = np.zeros(members.size, dtype=np.bool_)

    def page(self, listed: Sequence[Listed]) -> list[tuple[Finding, Listed]]:
        """Tick off a page's members; those who differ from what is stored, in the order given."""
        if not listed:
            return []
        size = len(listed)
        members = np.fromiter((each.member for each in listed), np.uint64, size)
        joined = np.fromiter((each.joined for each in listed), np.int64, size)
        digests = np.fromiter((digest_of(each) for each in listed), np.int64, size)
        if not self._members.size:
            return [(Finding.JOINED, each) for each in listed]
        at = np.minimum(np.searchsorted(self._members, members), self._members.size - 1)
        stored = self._members[at] == members
        self._listed[at[stored]] = True
        same_join = stored & (np.abs(self._joined[at] - joined) <= SAME_JOIN_MS)
        differs = ~same_join | (self._digests[at] != digests)
        return [
            (Finding.CHANGED if same_join[place] else Finding.JOINED, listed[place])
            for place in np.flatnonzero(differs).tolist()
        ]

    def gone(self) -> list[tuple[int, int]]:
        """Members who were in no page, and when they had joined."""
        missing = ~self._listed
        return list(zip(self._members[missing].tolist(), self._joined[missing].tolist(), strict=True))
