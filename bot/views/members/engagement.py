"""How evenly members take part: activity scores, and how messages are spread.

Reads what members did (``Reader.member_spans``) in the period, in the one before, and in the 28 days before
its end.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from analytics.activity_score import SCORE_DAYS, SCORED
from analytics.charts.spec import DistributionSpec, Quartiles, Theme
from analytics.engagement import SCORE_BINS, SCORE_STEP, evenness_of, scores_of
from analytics.member_activity import RankedBy, member_activity
from analytics.member_spans import MemberSpan, SpanPart
from bot.db.reader import Reader
from bot.views.counting import Fields
from bot.views.heads import head_of, place
from bot.views.members.known import members_known, not_kept
from bot.views.scope import Scope
from bot.views.view import View
from bot.wording import format as fmt
from schemas.results.board import Board, Figure, Grid, Measure
from schemas.results.members import Evenness, MembersEngaged, Scores
from texts import LazyText, percent, tr, tr_p

_WRITTEN: tuple[RankedBy, ...] = ("messages",)


async def load(reader: Reader, scope: Scope) -> MembersEngaged:
    """Read and compute; raises UnknownGuild."""
    placed = await place(reader, scope)
    known = await members_known(reader, scope, placed)
    before, scored = known.before, known.last_days(SCORE_DAYS)
    now_spans, before_spans, scored_spans, members = await asyncio.gather(
        reader.member_spans(scope.guild_id, placed.ranges if known.period else (), SpanPart.MESSAGES),
        reader.member_spans(scope.guild_id, before, SpanPart.MESSAGES),
        reader.member_spans(scope.guild_id, scored, *SCORED),
        reader.members(scope.guild_id, placed.ranges),
    )

    def compute() -> MembersEngaged:
        return MembersEngaged(
            head=head_of(placed, compared=bool(before)),
            members=members,
            spread=_spread(now_spans) if known.period else None,
            previous=_spread(before_spans) if before else None,
            scores=scores_of(member_activity(scored_spans)) if scored else None,
        )

    return await asyncio.to_thread(compute)


def _spread(spans: Sequence[MemberSpan]) -> Evenness:
    return evenness_of(member_activity(spans, _WRITTEN))


def board(result: MembersEngaged) -> Board:
    """Figures, and members by score."""
    spread = Fields(result.spread, result.previous)
    return Board(
        kind=VIEW.kind,
        title=str(VIEW.title),
        head=result.head,
        figures=(
            spread.figure(tr("Members who wrote"), "writers"),
            spread.figure(tr("Communicators"), "communicators", note=tr("3 messages or more")),
            spread.figure(tr("Wrote half of it"), "half", note=tr("the fewest who together did")),
            spread.figure(tr("Gini"), "gini", Measure.SHARE, note=_as_much(0)),
            spread.figure(tr("Evenness"), "evenness", Measure.SHARE, note=_as_much(1)),
            Figure(
                title=tr("Median activity score"),
                value=None if result.scores is None else result.scores.median,
                measure=Measure.SCORE,
                note=tr("of 100, who has any"),
            ),
        ),
        grids=() if result.scores is None else (_grid(result.scores),),
        notes=not_kept(result.head, known=result.spread is not None),
    )


def _as_much(value: float) -> str:
    return tr("{value}: all wrote as much", value=percent(value))


def _grid(scores: Scores) -> Grid:
    return Grid(
        title=tr("Members by activity score"),
        rows=tuple(
            tr("{low} to {high}", low=low, high=low + SCORE_STEP)
            for low in range(0, SCORE_BINS * SCORE_STEP, SCORE_STEP)
        ),
        columns=(tr_p("amount", "members"),),
        values=tuple((count,) for count in scores.counts),
    )


def chart(result: MembersEngaged, theme: Theme) -> DistributionSpec:
    """Members by activity score."""
    scores = result.scores
    return DistributionSpec(
        title=_finding(scores),
        subtitle=tr(
            "{server} · {days} days up to {day}",
            server=result.head.guild_name,
            days=SCORE_DAYS,
            day=fmt.date(result.head.stop - timedelta(days=1)),
        ),
        theme=theme,
        edges=() if scores is None else tuple(float(n * SCORE_STEP) for n in range(SCORE_BINS + 1)),
        counts=() if scores is None else scores.counts,
        quartiles=_quartiles(scores),
        x_label=tr("activity score"),
        y_label=tr_p("amount", "members"),
    )


def _quartiles(scores: Scores | None) -> Quartiles | None:
    if scores is None or scores.low is None or scores.median is None or scores.high is None:
        return None
    return Quartiles(scores.low, scores.median, scores.high)


def _finding(scores: Scores | None) -> str:
    if scores is None:
        return tr("Activity scores are not known of this time")
    if scores.median is None:
        return tr("Nobody was active in {days} days", days=SCORE_DAYS)
    return tr("Half of those active score {median} or more of 100", median=round(scores.median))


VIEW = View(
    kind="members/engagement",
    code=14,
    title=LazyText("Engagement"),
    help=LazyText("Activity scores, and how evenly messages are spread"),
    load=load,
    board=board,
    chart=chart,
)
