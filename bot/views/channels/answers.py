"""``channels/answers``: how long threads and forum posts wait for an answer by somebody else, and a solution.

It reads one document for each thread begun in the period and in the one before, 50,000 of each at most.
"""

import asyncio
from collections.abc import Iterable

from analytics.answers import histogram, spread
from analytics.charts.spec import DistributionSpec, Quartiles, Theme
from analytics.local_time import instant_of_hour
from bot.db.channel_facts import MAX_THREADS, ThreadTimes
from bot.db.reader import Reader
from bot.views.counting import figure, place_and_period
from bot.views.heads import Placed, head_of, place
from bot.views.scope import Scope
from bot.views.view import Restriction, View
from schemas.results.board import Board, Figure, Measure
from schemas.results.channels import Answers, Spread
from schemas.results.curve import Total

HOUR_S = 3600


async def load(reader: Reader, scope: Scope) -> Answers:
    """Read and compute; raises UnknownGuild."""
    placed = await place(reader, scope)
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
        threads=Total(len(threads), None if before is None else len(before)),
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
        title=VIEW.title,
        head=result.head,
        figures=(
            figure("Threads begun", result.threads),
            *_figures("Answered", "First reply", result.reply, result.reply_before, result.threads),
            *_figures("Solved", "Solved after", result.solved, result.solved_before, result.threads),
        ),
        notes=(
            "A reply counts if somebody else wrote it. Half of the answered ones had it within the median.",
            *(("Only the latest 50,000 threads are looked at.",) if result.capped else ()),
        ),
    )


def _figures(
    done: str, wait: str, now: Spread, before: Spread | None, threads: Total
) -> tuple[Figure, Figure, Figure, Figure]:
    def waited(name: str, value: float | None, previous: float | None) -> Figure:
        return Figure(
            title=f"{wait}, {name}",
            value=value,
            measure=Measure.SECONDS,
            compared=previous is not None,
            previous=previous,
        )

    known = before or Spread(0, None, None, None)
    return (
        Figure(
            title=done,
            value=now.count,
            compared=True,
            previous=None if before is None else before.count,
            of=threads.now or None,
            of_what="threads",
        ),
        waited("fastest quarter", now.low, known.low),
        waited("median", now.median, known.median),
        waited("three quarters", now.high, known.high),
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
        counts=result.counts,
        quartiles=quartiles,
        x_label="minutes until somebody else replied",
        y_label="threads",
    )


def _finding(result: Answers) -> str:
    begun = round(result.threads.now or 0)
    if not begun:
        return "No threads begun in this period"
    ends = zip(result.edges[1:], result.counts, strict=True)
    hour = sum(count for end, count in ends if end <= HOUR_S)
    return f"{result.reply.count} of {begun} threads were answered, {hour} within an hour"


VIEW = View(
    kind="channels/answers",
    code=54,
    title="Answers",
    help="How long threads wait for a first reply and until they are solved",
    load=load,
    board=board,
    chart=chart,
    restricted_by=frozenset({Restriction.CHANNELS}),
)
