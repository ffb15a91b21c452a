"""A day's columns out of slices that a test made up."""

from collections.abc import Iterable, Mapping
from typing import Any

from analytics.day_columns import MemberDayColumns, MemberSlices


def members_of_slices(slices: Iterable[tuple[int, Mapping[str, Any]]]) -> MemberDayColumns:
    """Columns of the slices, each with its member's pseudonym."""
    gathered = MemberSlices()
    for who, stored in slices:
        gathered.add(who, stored)
    return gathered.columns()
