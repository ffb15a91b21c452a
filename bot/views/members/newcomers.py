"""Newcomers: who wrote or spoke on the day of joining and in the first week, who was activated.

Of a period of d days, and of the one before, this reads d ``guildDays``, what members did
(``Reader.member_spans``), an index entry for each member who joined in it, and a document for each who left
since it began.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace

from analytics.arrivals import FirstDays, arrivals, first_days
from analytics.charts.spec import Layer, StackedSpec, Theme, TimeAxis, Unit
from analytics.day_counts import counted
from analytics.local_time import HOURS_PER_DAY, date_of, instant_of_hour
from analytics.member_spans import SpanPart
from analytics.stays import joins_within
from analytics.timeframes import Period
from bot.db.reader import Reader
from bot.views.buckets import per
from bot.views.counting import Fields, calendar_of, series
from bot.views.heads import Placed, head_of, place
from bot.views.members.known import ArrivalsKnown, arrivals_known, not_followed
from bot.views.scope import Scope
from bot.views.view import View
from bot.views.whole_days import head_of_days, said
from schemas.guild_day_names import GuildCount
from schemas.results.arrivals import FirstSteps, Newcomers
from schemas.results.board import Board
from schemas.results.curve import Curve
from schemas.results.days import WholeDays
from texts import LazyText, percent, tr, tr_n, tr_p

WEEK = 7
_Joined = Mapping[int, tuple[int, FirstDays]]
"""By day of joining: how many joined, and what those did who can be followed."""
_NOTHING = FirstDays(0, 0, 0, 0)


async def load(reader: Reader, scope: Scope) -> Newcomers:
    """Read and compute; raises UnknownGuild."""
    placed = await place(reader, scope)
    known = await arrivals_known(reader, scope, placed)
    whole = placed.in_days().period
    days, before = _whole_days(whole.start, whole.over, known), None
    previous = whole.previous if whole.open_until is None else None
    if previous is not None and known.told is not None:
        before = _whole_days(*previous, known)
        before = before if before.start == -(-previous[0] // HOURS_PER_DAY) else None
    now, earlier = await asyncio.gather(
        _joined(reader, placed, days), _joined(reader, placed, before or range(0))
    )
    stop = max(days.stop * HOURS_PER_DAY, whole.start + 1)
    period = replace(whole, stop=stop, running=False, open_until=None)
    first = days.start * HOURS_PER_DAY if days else None
    calendar = calendar_of(replace(placed, period=period, first_hour=first)).by_day()

    def curve(number: Mapping[int, int]) -> Curve:
        return calendar.curve({day * HOURS_PER_DAY: amount for day, amount in number.items()}, None)

    return Newcomers(
        head=head_of(placed, compared=bool(before)),
        steps=_steps(now, days.stop) if days else None,
        previous=_steps(earlier, before.stop) if before else None,
        activated=curve({day: did.activated for day, (_, did) in now.items()}),
        spoke=curve({day: did.on_day - did.activated for day, (_, did) in now.items()}),
        silent=curve({day: did.joined - did.on_day for day, (_, did) in now.items()}),
        days=_named(placed.period, days, before),
    )


def _named(period: Period, days: range, before: range | None) -> WholeDays | None:
    """The days that are meant, where these are not the period."""
    if not days or (days.start * HOURS_PER_DAY, days.stop * HOURS_PER_DAY) == (period.start, period.stop):
        return None
    earlier = (date_of(before.start), date_of(before.stop - 1)) if before else (None, None)
    return WholeDays(date_of(days.start), date_of(days.stop - 1), *earlier)


def _whole_days(start: int, stop: int, known: ArrivalsKnown) -> range:
    """The whole days within hour numbers of which is known what those did who joined."""
    first = known.first_day(0)
    if first is None:
        return range(0)
    return range(max(-(-start // HOURS_PER_DAY), first), stop // HOURS_PER_DAY)


async def _joined(reader: Reader, placed: Placed, days: range) -> _Joined:
    if not days:
        return {}
    guild, zones = placed.guild.guild_id, placed.zones
    first, stop = days.start * HOURS_PER_DAY, days.stop * HOURS_PER_DAY
    zone = zones.current.zone
    times = instant_of_hour(first, zone), instant_of_hour(stop, zone)
    joined, past, did, counts = await asyncio.gather(
        reader.joined(guild, *times),
        reader.past_stays(guild, times[0]),
        reader.member_spans(guild, zones.ranges(first, stop), SpanPart.DAILY, SpanPart.SPOKE),
        reader.guild_days(guild, zones.ranges(first, stop), GuildCount.JOINS),
    )

    def compute() -> _Joined:
        numbers: dict[int, int] = {}
        for hour, number in counted(counts, GuildCount.JOINS).items():
            numbers[hour // HOURS_PER_DAY] = numbers.get(hour // HOURS_PER_DAY, 0) + number
        found = first_days(arrivals(joins_within(joined, past, *times), zones), did)
        return {day: (numbers.get(day, 0), found.get(day, _NOTHING)) for day in sorted({*numbers, *found})}

    return await asyncio.to_thread(compute)


def _steps(joined: _Joined, stop: int) -> FirstSteps:
    """Sums; the first week of who joined less than a week before ``stop`` is not over."""
    weeks = [row for day, row in joined.items() if day + WEEK <= stop]
    return FirstSteps(
        joined=sum(number for number, _ in joined.values()),
        followed=sum(did.joined for _, did in joined.values()),
        on_day=sum(did.on_day for _, did in joined.values()),
        activated=sum(did.activated for _, did in joined.values()),
        in_week=sum(did.in_week for _, did in weeks),
        followed_for_a_week=sum(did.joined for _, did in weeks),
    )


def board(result: Newcomers) -> Board:
    """Figures and curves."""
    steps, did = result.steps, Fields(result.steps, result.previous)
    joined = None if steps is None else steps.followed or None
    of_week = None if steps is None else steps.followed_for_a_week or None
    newcomers = tr_p("share of", "newcomers")
    return Board(
        kind=VIEW.kind,
        title=str(VIEW.title),
        head=result.head,
        figures=(
            did.figure(tr("Newcomers"), "joined", of_what=newcomers),
            did.figure(tr("Wrote or spoke on day 1"), "on_day", of=joined, of_what=newcomers),
            did.figure(tr("Activated newcomers"), "activated", of=joined, of_what=newcomers),
            did.figure(
                tr("Wrote or spoke in week 1"),
                "in_week",
                of=of_week,
                of_what=tr_p("share of", "whose first week is over"),
            ),
        ),
        series=(
            series(tr("Activated newcomers"), result.activated),
            series(tr("Wrote or spoke, not activated"), result.spoke),
            series(tr("Silent on day 1"), result.silent),
        ),
        notes=(*(said(result.days, tr("Newcomers")) if steps is not None else ()), *_notes(steps)),
    )


def _notes(steps: FirstSteps | None) -> Iterator[str]:
    if steps is None:
        yield str(_UNKNOWN)
    elif steps.joined > steps.followed:
        yield not_followed(steps.joined - steps.followed)


_UNKNOWN = LazyText(
    "What newcomers did is known of whole days, from when I came to this server on, and as long as those who "
    "left are kept."
)


def chart(result: Newcomers, theme: Theme) -> StackedSpec:
    """Newcomers by the day of joining and by what they did on it."""
    unit, head = Unit(result.activated.bucket), head_of_days(result.head, result.days)
    return StackedSpec(
        title=_finding(result.steps),
        subtitle=f"{head.guild_name} · {head.timeframe_name}",
        theme=theme,
        axis=TimeAxis.starting(result.activated.starts[0], unit),
        layers=(
            Layer(tr("activated"), result.activated.values),
            Layer(tr("wrote or spoke"), result.spoke.values),
            Layer(tr("silent on day 1"), result.silent.values),
        ),
        y_label=per(unit.value, tr_p("amount", "newcomers")),
        adds_up=True,
        partial_first=result.activated.partial_first,
        partial_last=result.activated.partial_last,
        running=result.head.running,
    )


def _finding(steps: FirstSteps | None) -> str:
    if steps is None:
        return tr("What newcomers did is unknown")
    if not steps.joined:
        return tr("Nobody joined")
    if not steps.followed:
        return tr("What newcomers did is unknown")
    return tr_n(
        "{share} of {count} newcomer wrote or spoke on day 1",
        "{share} of {count} newcomers wrote or spoke on day 1",
        steps.followed,
        share=percent(steps.on_day / steps.followed),
    )


VIEW = View(
    kind="members/newcomers",
    code=13,
    title=LazyText("Newcomers"),
    help=LazyText("Who of those who joined wrote or spoke on day 1 and in week 1"),
    load=load,
    board=board,
    chart=chart,
)
