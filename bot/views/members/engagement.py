"""How evenly members take part: activity scores, and how messages are spread.

Of a period of d days this reads d packs of members, d more for the period before, and those of 28 days; a day
that is not packed yet is read member by member.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from analytics.activity_score import SCORE_DAYS
from analytics.charts.spec import DistributionSpec, Quartiles, Theme
from analytics.day_columns import MemberDayColumns, MemberPart
from analytics.engagement import SCORE_BINS, SCORE_STEP, evenness_of, scores_of
from analytics.member_activity import RankedBy, member_activity
from bot.db.reader import Reader
from bot.views.heads import head_of, place
from bot.views.members.known import members_known, not_kept
from bot.views.scope import Scope
from bot.views.view import View
from schemas.results.board import Board, Figure, Grid, Measure
from schemas.results.members import Evenness, MembersEngaged, Scores

_WRITTEN: tuple[RankedBy, ...] = ("messages",)


async def load(reader: Reader, scope: Scope) -> MembersEngaged:
    """Read and compute; raises UnknownGuild."""
    placed = await place(reader, scope)
    known = await members_known(reader, scope, placed)
    before, scored = known.before, known.last_days(SCORE_DAYS)
    now_days, before_days, score_days, members = await asyncio.gather(
        reader.member_days(scope.guild_id, placed.ranges if known.period else (), MemberPart.MESSAGES),
        reader.member_days(scope.guild_id, before, MemberPart.MESSAGES),
        reader.member_days(scope.guild_id, scored),
        reader.members(scope.guild_id, placed.ranges),
    )

    def compute() -> MembersEngaged:
        return MembersEngaged(
            head=head_of(placed, compared=bool(before)),
            members=members,
            spread=_spread(now_days) if known.period else None,
            previous=_spread(before_days) if before else None,
            scores=scores_of(member_activity(score_days)) if scored else None,
        )

    return await asyncio.to_thread(compute)


def _spread(days: Sequence[MemberDayColumns]) -> Evenness:
    return evenness_of(member_activity(days, _WRITTEN))


def board(result: MembersEngaged) -> Board:
    """Figures, and members by score."""
    return Board(
        kind=VIEW.kind,
        title=VIEW.title,
        head=result.head,
        figures=(
            _figure(result, "Members who wrote", "writers"),
            _figure(result, "Communicators", "communicators", note="3 messages or more"),
            _figure(result, "Wrote half of it", "half", note="the fewest who did"),
            _figure(result, "Gini", "gini", Measure.SHARE, "0%: all wrote as much"),
            _figure(result, "Evenness", "evenness", Measure.SHARE, "100%: all wrote as much"),
            Figure(
                title="Median activity score",
                value=None if result.scores is None else result.scores.median,
                measure=Measure.SCORE,
                note="of 100, who has any",
            ),
        ),
        grids=() if result.scores is None else (_grid(result.scores),),
        notes=not_kept(result.head, known=result.spread is not None),
    )


def _figure(
    result: MembersEngaged, title: str, name: str, measure: Measure = Measure.COUNT, note: str = ""
) -> Figure:
    now, before = result.spread, result.previous
    return Figure(
        title=title,
        value=None if now is None else getattr(now, name),
        measure=measure,
        compared=True,
        previous=None if before is None else getattr(before, name),
        note=note,
    )


def _grid(scores: Scores) -> Grid:
    return Grid(
        title="Members by activity score",
        rows=tuple(f"{low} to {low + SCORE_STEP}" for low in range(0, SCORE_BINS * SCORE_STEP, SCORE_STEP)),
        columns=("members",),
        values=tuple((count,) for count in scores.counts),
    )


def chart(result: MembersEngaged, theme: Theme) -> DistributionSpec:
    """Members by activity score."""
    scores = result.scores
    return DistributionSpec(
        title=_finding(scores),
        subtitle=f"{result.head.guild_name} · 28 days up to {result.head.stop - timedelta(days=1):%Y-%m-%d}",
        theme=theme,
        edges=() if scores is None else tuple(float(n * SCORE_STEP) for n in range(SCORE_BINS + 1)),
        counts=() if scores is None else scores.counts,
        quartiles=_quartiles(scores),
        x_label="activity score",
        y_label="members",
    )


def _quartiles(scores: Scores | None) -> Quartiles | None:
    if scores is None or scores.low is None or scores.median is None or scores.high is None:
        return None
    return Quartiles(scores.low, scores.median, scores.high)


def _finding(scores: Scores | None) -> str:
    if scores is None:
        return "Activity scores are not known of this time"
    if scores.median is None:
        return "Nobody was active in 28 days"
    return f"Half of those active score {scores.median:.0f} or more of 100"


VIEW = View(
    kind="members/engagement",
    code=14,
    title="Engagement",
    help="Activity scores, and how evenly messages are spread",
    load=load,
    board=board,
    chart=chart,
)
