"""A day's columns out of slices that a test made up."""

from collections.abc import Iterable, Mapping
from typing import Any

from analytics.day_columns import DatedMembers, MemberDayColumns, MemberSlices
from analytics.member_spans import MemberSpan, span_of_day


def members_of_slices(slices: Iterable[tuple[int, Mapping[str, Any]]]) -> MemberDayColumns:
    """Columns of the slices, each with its member's pseudonym."""
    gathered = MemberSlices()
    for who, stored in slices:
        gathered.add(who, stored)
    return gathered.columns()


def spans_of(days: Iterable[DatedMembers]) -> list[MemberSpan]:
    """A span a day."""
    return [span_of_day(dated) for dated in days]
