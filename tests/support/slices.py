"""A day's columns out of slices that a test made up."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from analytics.day_columns import DatedMembers, MemberDayColumns
from analytics.member_slices import MemberSlices
from analytics.member_spans import MemberSpan, span_of_day


def members_of_slices(slices: Iterable[tuple[int, Mapping[str, Any]]]) -> MemberDayColumns:
    """Columns of the slices, each with its member's pseudonym."""
    gathered = MemberSlices()
    rows = list(slices)
    gathered.add(np.array([who for who, _ in rows], "<u8"), [stored for _, stored in rows])
    return gathered.columns()


def spans_of(days: Iterable[DatedMembers]) -> list[MemberSpan]:
    """A span a day."""
    return [span_of_day(dated) for dated in days]


def slice_within(stored: Mapping[str, Any], hours: range) -> dict[str, Any]:
    """A ``memberDays`` document cut to some hours. Reactions received are not kept by hour: they stay."""

    def cut(by_hour: Mapping[str, int]) -> dict[str, int]:
        return {hour: number for hour, number in by_hour.items() if int(hour) in hours}

    voice = stored.get("voice", {})
    spent, afk = cut(voice.get("hours", {})), cut(voice.get("afkHours", {}))
    given = cut(stored.get("reactionHours", {}))
    return {
        "hours": cut(stored["hours"]),
        "voice": {"ms": sum(spent.values()), "afkMs": sum(afk.values()), "hours": spent, "afkHours": afk},
        "reactionsGiven": sum(given.values()),
        "reactionHours": given,
        "reactionsReceived": stored.get("reactionsReceived", 0),
    }
