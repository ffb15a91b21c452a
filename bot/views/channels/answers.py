"""``channels/answers``: how long threads and forum posts wait for an answer by somebody else, and a solution.

It reads one document for each thread begun in the period and in the one before, 50,000 of each at most.
"""

import asyncio
from collections.abc import Iterable

from analytics.answers import histogram, spread
from analytics.charts.spec import DistributionSpec, Quantity, Quartiles, Theme
from analytics.local_time import instant_of_hour
from bot.db.channel_facts import MAX_THREADS, ThreadTimes
from bot.db.reader import Reader
from bot.views.counting import figure, place_and_period
from bot.views.heads import Placed, head_of, place
from bot.views.known_from import Kind, known_of
from bot.views.scope import Scope
from bot.views.view import Restriction, View
from schemas.results.board import Board, Figure, Measure
from schemas.results.channels import Answers, Spread
from schemas.results.curve import Total
from texts import LazyText, decimal, tr, tr_n, tr_p

HOUR_S = 3600


async def load(reader: Reader, scope: Scope) -> Answers:
    """Read and compute; raises UnknownGuild."""
    placed = await known_of(reader, await place(reader, scope), Kind.THREADS)
    guild, only = scope.guild_id, scope.channels
    period = _instants(placed, placed.period.start, placed.period.stop)
    threads = await reader.threads_begun(guild, period, only)
    before = None
    if placed.before is not None:
        before = await reader.threads_begun(guild, _instants(placed, *placed.before), only)
    edges, counts = histogram(_replies(threads))
    reply, solved = await asyncio.to_thread(_spreads, threads)
    earlier = (None, None) if before is None else _spreads(before)
    return Answers(
        head=head_of(placed),
        threads=Total(len(threads) if placed.known else None, None if before is None else len(before)),
        reply=reply,
        solved=solved,
        reply_before=earlier[0],
        solved_before=earlier[1],
        edges=edges,
        counts=counts,
        capped=MAX_THREADS in {len(threads), len(before or ())},
    )


def _instants(placed: Placed, start: int, stop: int) -> tuple[int, int]:
    zone = placed.zones.current.zone
    return instant_of_hour(start, zone), instant_of_hour(stop, zone)


def _spreads(threads: list[ThreadTimes]) -> tuple[Spread, Spread]:
    return spread(_replies(threads)), spread(_waits((t.created, t.solved) for t in threads))


def _replies(threads: list[ThreadTimes]) -> list[float]:
    return _waits((thread.created, thread.first_reply) for thread in threads)


def _waits(times: Iterable[tuple[int, int | None]]) -> list[float]:
    return [max(done - begun, 0) / 1000 for begun, done in times if done is not None]


def board(result: Answers) -> Board:
    """How many were answered and solved, and how long that took."""
    return Board(
        kind=VIEW.kind,
        title=str(VIEW.title),
        head=result.head,
        figures=(
            figure(tr("Threads begun"), result.threads),
            *_figures(_ANSWERED, result.reply, result.reply_before, result.threads),
            *_figures(_SOLVED, result.solved, result.solved_before, result.threads),
        ),
        notes=(
            str(_HOW),
            *((_CAPPED.say(most=decimal(MAX_THREADS)),) if result.capped else ()),
        ),
    )


_HOW = LazyText(
    "A reply counts if somebody else wrote it. Half of the answered ones had it within the median."
)
_CAPPED = LazyText("Only the latest {most} threads are looked at.")
_ANSWERED = (
    LazyText("Answered"),
    LazyText("First reply, fastest quarter"),
    LazyText("First reply, median"),
    LazyText("First reply, three quarters"),
)
_SOLVED = (
    LazyText("Solved of those begun"),
    LazyText("Solved after, fastest quarter"),
    LazyText("Solved after, median"),
    LazyText("Solved after, three quarters"),
)


def _figures(
    titles: tuple[LazyText, LazyText, LazyText, LazyText], now: Spread, before: Spread | None, threads: Total
) -> tuple[Figure, Figure, Figure, Figure]:
    done, low, median, high = titles

    def waited(title: LazyText, value: float | None, previous: float | None) -> Figure:
        return Figure(
            title=str(title),
            value=value,
            measure=Measure.SECONDS,
            compared=previous is not None,
            previous=previous,
        )

    known = before or Spread(0, None, None, None)
    return (
        Figure(
            title=str(done),
            value=None if threads.now is None else now.count,
            compared=True,
            previous=None if before is None else before.count,
            of=threads.now or None,
            of_what=tr_p("share of", "threads"),
        ),
        waited(low, now.low, known.low),
        waited(median, now.median, known.median),
        waited(high, now.high, known.high),
    )


def chart(result: Answers, theme: Theme) -> DistributionSpec:
    """How long the answered threads waited; the title says how many within an hour."""
    reply = result.reply
    quartiles = None
    if reply.low is not None and reply.median is not None and reply.high is not None:
        quartiles = Quartiles(reply.low / 60, reply.median / 60, reply.high / 60)
    return DistributionSpec(
        title=_finding(result),
        subtitle=place_and_period(result.head),
        theme=theme,
        edges=tuple(edge / 60 for edge in result.edges),
        quantity=Quantity.DURATION,
        counts=result.counts,
        quartiles=quartiles,
        x_label=tr("time until somebody else replied"),
        y_label=tr_p("amount", "threads"),
    )


def _finding(result: Answers) -> str:
    if result.threads.now is None:
        return tr("Not known of this period: {what}", what=tr_p("amount", "threads"))
    begun = round(result.threads.now)
    if not begun:
        return tr("No threads begun in this period")
    ends = zip(result.edges[1:], result.counts, strict=True)
    hour = sum(count for end, count in ends if end <= HOUR_S)
    return tr_n(
        "{answered} of {count} thread was answered, {quickly} within an hour",
        "{answered} of {count} threads were answered, {quickly} within an hour",
        begun,
        answered=decimal(result.reply.count),
        quickly=decimal(hour),
    )


VIEW = View(
    kind="channels/answers",
    code=54,
    title=LazyText("Answers"),
    help=LazyText("How long threads wait for a first reply and until they are solved"),
    load=load,
    board=board,
    chart=chart,
    restricted_by=frozenset({Restriction.CHANNELS}),
)
