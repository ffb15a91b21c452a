"""``activity/sentiment``: how much of what was written reads positive or negative, where an admin wants it.

Sums are kept by day, so all of it is of whole days. Of a period of d days and the one before it
reads 2 d ``guildDays``, 2 d ``channelPacks``, of days without a valid pack one ``channelDays`` document a
channel, and the channels' names.
"""

import asyncio
from collections.abc import Iterable, Mapping

from msgspec import structs

from analytics.charts.notation import Quantity
from analytics.charts.spec import BarsSpec, LineSpec, PanelsSpec, Theme, TimeAxis, Unit
from analytics.sentiment import mean, means_of, mood_curves, moods, moods_by_channel, neutral, share
from analytics.sight import counted_only, seen
from bot.db.day_counts import ChannelPart
from bot.db.reader import Reader
from bot.views.buckets import per
from bot.views.counting import calendar_of, place_and_period, ranges_before, series
from bot.views.heads import head_of, place
from bot.views.scope import Scope
from bot.views.view import Restriction, View
from bot.views.whole_days import days_of, head_of_days, said
from schemas.results.board import Board, Figure, Measure, Ranked, Ranking, Subject, SubjectKind
from schemas.results.curve import Curve
from schemas.results.sentiment import Moods, SentimentActivity
from texts import LazyText, decimal, percent, tr, tr_n, tr_p

ENOUGH = 20
"""Scored messages from which on a channel's mean says something."""
HIGHEST, LOWEST = 8, 5


async def load(reader: Reader, scope: Scope) -> SentimentActivity:
    """Read and compute; raises UnknownGuild."""
    placed = await place(reader, scope)
    whole = placed.in_days()
    guild, earlier, only = scope.guild_id, ranges_before(whole), scope.channels
    parts = (ChannelPart.SENTIMENT, ChannelPart.MESSAGES)
    days, days_before, names = await asyncio.gather(
        reader.channel_days(guild, whole.ranges, *parts),
        reader.channel_days(guild, earlier, *parts),
        reader.channel_names(guild),
    )

    def compute() -> SentimentActivity:
        curves = mood_curves(days, calendar_of(whole), only)
        means = means_of(moods_by_channel(days, only), ENOUGH)
        rows = _rows(
            seen(means),
            means_of(moods_by_channel(days_before, only), ENOUGH),
            names,
        )
        return SentimentActivity(
            head=head_of(placed),
            now=moods(days, only),
            before=moods(days_before, only) if earlier else None,
            scored=curves.scored,
            positive=curves.positive,
            neutral=curves.neutral,
            negative=curves.negative,
            mean=curves.mean,
            highest=structs.replace(
                _ranking(tr("Highest mean score"), rows[:HIGHEST], len(rows)), not_shown=counted_only(means)
            ),
            lowest=_ranking(tr("Lowest mean score"), rows[HIGHEST:][-LOWEST:][::-1], 0)
            if len(rows) > HIGHEST
            else None,
            days=days_of(placed),
        )

    return await asyncio.to_thread(compute)


def _rows(
    now: Mapping[int, float], before: Mapping[int, float], names: Mapping[int, str]
) -> tuple[Ranked, ...]:
    """Channels by mean score, the highest first."""
    return tuple(
        Ranked(Subject(SubjectKind.CHANNEL, channel, names.get(channel)), value, before.get(channel))
        for channel, value in sorted(now.items(), key=lambda row: (-row[1], row[0]))
    )


def _ranking(title: str, rows: tuple[Ranked, ...], channels: int) -> Ranking:
    return Ranking(
        title=title,
        rows=rows,
        measure=Measure.SCORE,
        others=max(channels - len(rows), 0),
        empty=tr_n(
            "No channel has {count} scored message.", "No channel has {count} scored messages.", ENOUGH
        ),
    )


def board(result: SentimentActivity) -> Board:
    """Shares, the mean score, and the channels by it."""
    now, before = result.now, result.before or Moods()
    looked = bool(now.looked_at)
    return Board(
        kind=VIEW.kind,
        title=str(VIEW.title),
        head=result.head,
        figures=(
            Figure(
                title=tr("Scored messages"),
                value=now.scored if looked else None,
                compared=True,
                previous=before.scored if before.looked_at else None,
                of=now.messages or None,
                of_what=tr_p("share of", "messages"),
                note=tr("{number} were looked at", number=decimal(now.looked_at)) if looked else "",
            ),
            _part(tr("Positive"), now, now.positive, before, before.positive),
            _part(tr("Neutral"), now, neutral(now), before, neutral(before)),
            _part(tr("Negative"), now, now.negative, before, before.negative),
            Figure(
                title=tr("Mean score"),
                value=mean(now),
                measure=Measure.SCORE,
                compared=True,
                previous=mean(before),
                note=tr("from {least} to {most}", least=decimal(-100), most=decimal(100)),
            ),
        ),
        rankings=(result.highest,) if result.lowest is None else (result.highest, result.lowest),
        series=(
            series(tr("Positive"), result.positive, Measure.SHARE),
            series(tr("Neutral"), result.neutral, Measure.SHARE),
            series(tr("Negative"), result.negative, Measure.SHARE),
            series(tr("Mean score"), result.mean, Measure.SCORE),
            series(tr("Scored messages"), result.scored),
        ),
        notes=tuple(_notes(result)),
    )


def _part(title: str, now: Moods, part: int, before: Moods, part_before: int) -> Figure:
    """A part of the scored messages; unknown where there are none."""
    return Figure(
        title=title,
        value=share(part, now),
        measure=Measure.SHARE,
        compared=True,
        previous=share(part_before, before),
        note=tr("{part} of {all}", part=decimal(part), all=decimal(now.scored)) if now.scored else "",
    )


def _notes(result: SentimentActivity) -> Iterable[str]:
    if not result.now.looked_at:
        yield tr(
            "Sentiment was off in this period, so it is unknown: an admin switches it on with "
            "`/admin settings`."
        )
        return
    yield tr(
        "Scored by a list of English words, emoji and emoticons: other languages are left out, irony is "
        "not understood. What has no known word is not scored."
    )
    yield from said(result.days, tr("Scores"))


def chart(result: SentimentActivity, theme: Theme) -> PanelsSpec:
    """Shares, mean score and scored messages, each over time; the title says the shares."""
    now, head = result.now, head_of_days(result.head, result.days)
    running = head.running
    axis = TimeAxis.starting(result.scored.starts[0], Unit(result.scored.bucket))

    def of_scored(title: str, curve: Curve) -> LineSpec:
        return LineSpec(
            title=title,
            theme=theme,
            axis=axis,
            values=tuple(None if value is None else value * 100 for value in curve.values),
            y_label=tr_p("amount", "share of scored messages"),
            quantity=Quantity.PERCENT,
            from_zero=True,
            partial_first=curve.partial_first,
            partial_last=curve.partial_last,
            running=running,
        )

    return PanelsSpec(
        title=_finding(now),
        subtitle=place_and_period(head),
        theme=theme,
        panels=(
            of_scored(tr("Positive: {share}", share=_share(now.positive, now)), result.positive),
            of_scored(tr("Negative: {share}", share=_share(now.negative, now)), result.negative),
            LineSpec(
                title=tr("Mean score: {number}", number=_score(now)),
                theme=theme,
                axis=axis,
                values=result.mean.values,
                y_label=tr_p("amount", "score from −100 to 100"),  # noqa: RUF001 - a minus
                partial_first=result.mean.partial_first,
                partial_last=result.mean.partial_last,
                running=running,
            ),
            BarsSpec(
                title=tr("Scored: {number}", number=decimal(now.scored) if now.looked_at else tr("unknown")),
                theme=theme,
                axis=axis,
                values=result.scored.values,
                y_label=per(result.scored.bucket, tr_p("amount", "messages")),
                adds_up=True,
                partial_first=result.scored.partial_first,
                partial_last=result.scored.partial_last,
                running=running,
            ),
        ),
    )


def _finding(now: Moods) -> str:
    if not now.looked_at:
        return tr("Sentiment was off in this period")
    if not now.scored:
        return tr("No message could be scored")
    return tr(
        "{positive} of the scored messages are positive, {negative} negative",
        positive=_share(now.positive, now),
        negative=_share(now.negative, now),
    )


def _share(part: int, now: Moods) -> str:
    value = share(part, now)
    return tr("unknown") if value is None else percent(value)


def _score(now: Moods) -> str:
    value = mean(now)
    return tr("unknown") if value is None else decimal(value, 1)


VIEW = View(
    kind="activity/sentiment",
    code=36,
    title=LazyText("Sentiment"),
    help=LazyText("How much of what is written is positive or negative, if an admin wants it known"),
    load=load,
    board=board,
    chart=chart,
    restricted_by=frozenset({Restriction.CHANNELS}),
)
