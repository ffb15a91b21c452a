"""Channels and other subjects by an amount, as a board's ranking."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from msgspec import structs

from analytics.sight import not_shown, seen
from schemas.results.board import Measure, Ranked, Ranking, Subject, SubjectKind

MOST = 10
_Key = TypeVar("_Key", int, str)


def top_channels(  # noqa: PLR0913 - all of it is the ranking
    title: str,
    now: Mapping[int, float],
    before: Mapping[int, float] | None,
    names: Mapping[int, str],
    *,
    measure: Measure = Measure.COUNT,
    empty: str = "",
) -> Ranking:
    """The channels with most of those that may be shown, with their shares of all."""

    def channel(identity: int) -> Subject:
        return Subject(SubjectKind.CHANNEL, identity, names.get(identity))

    shown = top(title, seen(now), before, channel, measure=measure, empty=empty)
    return structs.replace(shown, whole=sum(now.values()), not_shown=not_shown(now, before))


def top(  # noqa: PLR0913 - same
    title: str,
    now: Mapping[_Key, float],
    before: Mapping[_Key, float] | None,
    subject: Callable[[_Key], Subject],
    *,
    measure: Measure = Measure.COUNT,
    empty: str = "",
) -> Ranking:
    """The subjects with most; equal ones by their number, so that the order stays."""
    rows = tuple(
        Ranked(subject(identity), amount, None if before is None else before.get(identity, 0))
        for identity, amount in sorted(now.items(), key=lambda row: (-row[1], row[0]))[:MOST]
    )
    whole = sum(now.values())
    return Ranking(
        title=title,
        rows=rows,
        measure=measure,
        whole=whole,
        others=len(now) - len(rows),
        others_value=whole - sum(row.value for row in rows),
        empty=empty,
    )
