"""Stays of members that have ended: who was here from when to when, and whether they are back.

A member may have any number of them; the present stay, or the last one, is told by the last join.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple


class PastStay(NamedTuple):
    """A stay that ended, in ms; ``joined`` 0: unknown, ``back`` 0: still away."""

    member: int
    joined: int
    left: int
    back: int


class Join(NamedTuple):
    """Somebody joined at an instant (ms)."""

    member: int
    at: int


def joins_within(
    last: Mapping[int, int], past: Iterable[PastStay], first_ms: int, stop_ms: int
) -> Sequence[Join]:
    """Each join within a time, in no order: the ``last`` ones by member, and those of stays that ended."""
    joins = {Join(member, at) for member, at in last.items()}
    joins.update(Join(stay.member, stay.joined) for stay in past)
    return [join for join in joins if first_ms <= join.at < stop_ms]


def gone(past: Iterable[PastStay], start_ms: int, stop_ms: int) -> set[int]:
    """Who left within a time and was away at its end."""
    return {stay.member for stay in past if start_ms <= stay.left < stop_ms and _away_at(stay, stop_ms)}


def lost(past: Iterable[PastStay], edges: Sequence[int]) -> list[int]:
    """Of those who were there at the beginning of each bucket, how many were gone at its end.

    ``edges`` are the beginnings of the buckets and the end of the last one, in ms. Of whom it is not known
    when they joined, they are taken to have been there. Who comes back and leaves again counts once.
    """
    there: list[set[int]] = [set() for _ in edges[1:]]
    away: list[set[int]] = [set() for _ in edges[1:]]
    for stay in past:
        place = bisect_right(edges, stay.left) - 1
        if not 0 <= place < len(there):
            continue
        if stay.joined < edges[place]:
            there[place].add(stay.member)
        if _away_at(stay, edges[place + 1]):
            away[place].add(stay.member)
    return [len(at_begin & at_end) for at_begin, at_end in zip(there, away, strict=True)]


def _away_at(stay: PastStay, at: int) -> bool:
    return not stay.back or stay.back >= at
