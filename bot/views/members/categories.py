"""Member categories: who is new, steady, vital, dropped, disengaged or silent, by periods of 7 days.

The periods end with the last whole day of the timeframe. Of a timeframe of d days this reads what members
did in d + 98 (``Reader.member_spans``), d ``guildDays``, and an index entry for each member who left in that
time. ``analytics.categories`` has the formulas and where they come from.
"""

import asyncio
from dataclasses import dataclass, replace

from analytics.categories import BEFORE, HISTORY, PERIOD_DAYS, Weeks
from analytics.charts.spec import Layer, StackedSpec, Theme, TimeAxis, Unit
from analytics.growth import MemberLevels
from analytics.local_time import HOURS_PER_DAY, clock_reading, instant_of_hour
from analytics.member_spans import SpanPart
from bot.db.reader import Reader
from bot.views.heads import Placed, head_of, place
from bot.views.scope import Scope
from bot.views.view import View
from bot.wording.format import date
from schemas.results.board import Board, Figure, Head, Series
from schemas.results.categories import Categories, MemberCategories
from texts import LazyText, decimal, percent, tr, tr_p

PERIOD_HOURS = PERIOD_DAYS * HOURS_PER_DAY


@dataclass(frozen=True, slots=True)
class _Category:
    """A field of the result, what it is called, and when a member is in it."""

    field: str
    title: LazyText
    note: LazyText


_CATEGORIES = (
    _Category("vital", LazyText("Vital"), LazyText("25 interactions a week in 3 of 4 weeks")),
    _Category("still", LazyText("Still active"), LazyText("new two weeks before, active since")),
    _Category("consistent", LazyText("Consistently active"), LazyText("active in 3 of 4 weeks")),
    _Category("newly", LazyText("Newly active"), LazyText("for the first time in 12 weeks")),
    _Category("dropped", LazyText("Dropped"), LazyText("new in the two weeks before, not active now")),
    _Category(
        "disengaged", LazyText("Disengaged"), LazyText("active in the 11 weeks before, not in the last two")
    ),
    _Category(
        "occasional", LazyText("Now and then"), LazyText("active in the last two weeks, none of the above")
    ),
    _Category("lurkers", LazyText("Lurkers"), LazyText("not active in 12 weeks")),
)
_LAYERS = (
    (LazyText("vital"), ("vital",)),
    (LazyText("consistently active"), ("consistent",)),
    (LazyText("newly or still active"), ("newly", "still")),
    (LazyText("now and then"), ("occasional",)),
    (LazyText("dropped"), ("dropped",)),
    (LazyText("disengaged"), ("disengaged",)),
)
"""Layers of the chart, each with the fields it adds up; lurkers would dwarf them all."""


async def load(reader: Reader, scope: Scope) -> MemberCategories:
    """Read and compute; raises UnknownGuild."""
    placed = await place(reader, replace(scope, compare=False))
    zones, zone = placed.zones, placed.zones.current.zone
    edges = _edges(placed)
    start = edges[0] - BEFORE * PERIOD_HOURS
    spans, levels, left, since, kept = await asyncio.gather(
        reader.member_spans(scope.guild_id, zones.ranges(start, edges[-1]), SpanPart.INTERACTIONS),
        reader.guild_days(scope.guild_id, zones.ranges(edges[0], edges[-1])),
        reader.left(scope.guild_id, instant_of_hour(start, zone), instant_of_hour(edges[-1], zone)),
        reader.members_since(scope.guild_id, scope.now_ms),
        reader.days_leavers_are_kept(scope.guild_id),
    )
    leavers_from = None if kept is None else zones.label(scope.now_ms).day - kept

    def compute() -> MemberCategories:
        left_on = {member: zones.label(at).day for member, at in left.items()}
        weeks = Weeks.of(spans, edges[-1] // HOURS_PER_DAY, len(edges) - 1 + BEFORE, left_on, since)
        read = MemberLevels(levels)
        members = [
            read.at(edge, edge - PERIOD_HOURS) if _leavers_known(edge, leavers_from) else None
            for edge in edges[1:]
        ]
        return MemberCategories(
            head=head_of(placed),
            starts=tuple(clock_reading(edge, zone) for edge in edges[:-1]),
            weeks=weeks.told(members),
            partly=len(weeks.active) - 1 - weeks.known < HISTORY,
        )

    return await asyncio.to_thread(compute)


def _edges(placed: Placed) -> list[int]:
    """Hour numbers at which the periods within the timeframe begin, and the one at which the last ends.

    There is one at least, even where the timeframe is shorter.
    """
    end = placed.period.over // HOURS_PER_DAY * HOURS_PER_DAY
    count = max((end - placed.period.start) // PERIOD_HOURS, 1)
    return [end - number * PERIOD_HOURS for number in range(count, -1, -1)]


def _leavers_known(edge: int, first: int | None) -> bool:
    """Whether all who left in the time looked back from a period's end are still known; others seem here."""
    return first is None or edge - (HISTORY + 1) * PERIOD_HOURS >= first * HOURS_PER_DAY


def board(result: MemberCategories) -> Board:
    """The last period's categories as figures, and all of them by week."""
    latest = result.weeks[-1]
    return Board(
        kind=VIEW.kind,
        title=str(VIEW.title),
        head=result.head,
        figures=tuple(_figure(category, latest) for category in _CATEGORIES),
        series=tuple(
            Series(
                title=str(category.title),
                bucket=Unit.WEEK.value,
                starts=result.starts,
                values=tuple(
                    None if week is None else getattr(week, category.field) for week in result.weeks
                ),
            )
            for category in _CATEGORIES
        ),
        notes=_notes(result),
    )


def _figure(category: _Category, week: Categories | None) -> Figure:
    whole = None if week is None or week.lurkers is None else week.seen + week.lurkers
    return Figure(
        title=str(category.title),
        value=None if week is None else getattr(week, category.field),
        of=whole or None,
        of_what=tr_p("share of", "members"),
        note=str(category.note),
    )


_ONE_EACH = LazyText(
    "Each member is in the first of these categories that fits. Whom members answer is not kept: vital is "
    "who does much, with whomever."
)
_TOO_YOUNG = LazyText("Categories are known once five whole weeks have been counted.")
_PARTLY = LazyText("Less than 12 weeks are known, so members may seem new who were active before.")

_LURKERS_UNKNOWN = LazyText(
    "Lurkers are unknown: that takes the number of members, and who left in the 12 weeks before, which the "
    "retention may have deleted."
)


def _notes(result: MemberCategories) -> tuple[str, ...]:
    start, latest = result.starts[-1], result.weeks[-1]
    if latest is None:
        return (str(_TOO_YOUNG),)
    of = tr("The figures are of the 7 days from {day} on.", day=date(start))
    unsure = ((_PARTLY, result.partly), (_LURKERS_UNKNOWN, latest.lurkers is None))
    return (of, str(_ONE_EACH), *(str(note) for note, holds in unsure if holds))


def chart(result: MemberCategories, theme: Theme) -> StackedSpec:
    """Members by category, week after week."""
    return StackedSpec(
        title=_finding(result.weeks[-1]),
        subtitle=_subtitle(result.head),
        theme=theme,
        axis=TimeAxis.starting(result.starts[0], Unit.WEEK),
        layers=tuple(
            Layer(
                str(name),
                tuple(
                    None if week is None else sum(getattr(week, field) for field in fields)
                    for week in result.weeks
                ),
            )
            for name, fields in _LAYERS
        ),
        y_label=tr("members, by 7 days"),
    )


def _subtitle(head: Head) -> str:
    return f"{head.guild_name} · {head.timeframe_name}"


def _finding(latest: Categories | None) -> str:
    if latest is None:
        return tr("Too little is counted yet to tell members apart")
    steady = latest.vital + latest.consistent
    if not latest.seen:
        return tr("Nobody was active in this period")
    return tr(
        "{share} of {count} who took part are steady, {dropped} dropped",
        share=percent(steady / latest.seen),
        count=decimal(latest.seen),
        dropped=decimal(latest.dropped),
    )


VIEW = View(
    kind="members/categories",
    code=15,
    title=LazyText("Member categories"),
    help=LazyText("Newly and consistently active, vital, dropped, disengaged and silent members, by week"),
    load=load,
    board=board,
    chart=chart,
    of_one_period=True,
)
