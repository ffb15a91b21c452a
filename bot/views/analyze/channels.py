"""``compare/channels/…``: a few channels side by side, in all metrics or closely in one.

Without a choice they are the ones that have most. Of a period of d days and the one before it reads
2 d ``guildDays``, 2 d ``channelPacks``, of days without a valid pack one ``channelDays`` document a channel,
and the channels' names.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from typing import Any

from analytics.channel_amounts import ByDay, by_channel, days_with, most_in_a_day, totals
from analytics.sight import not_shown, seen
from bot.db.reader import Reader
from bot.views.analyze.channel_metrics import MESSAGES, METRICS, REACTIONS, VOICE, ChannelMetric
from bot.views.analyze.comparing import MOST, Showing, Words
from bot.views.channel_reading import ChannelsRead, read_by_hour_and_day
from bot.views.counting import calendar_of, ranges_before
from bot.views.heads import Placed, head_of, place
from bot.views.known_from import known_of
from bot.views.refusal import CannotShow
from bot.views.scope import Scope
from bot.views.view import Restriction, View
from bot.views.whole_days import REACTIONS as WHOLE_DAYS
from bot.views.whole_days import days_of, said
from bot.wording.not_shown import NONE_SHOWN, noted
from schemas.results.board import Measure, Subject, SubjectKind
from schemas.results.comparison import Compared, Comparison
from texts import LazyText, inside, tr

GROUP = "compare/channels"
ALL = "all"
HELP = LazyText("Two to four channels side by side")
CODES = {ALL: 101, MESSAGES.name: 102, VOICE.name: 103, REACTIONS.name: 104}
Channels = Mapping[int, ByDay]


@dataclass(frozen=True, slots=True)
class Counted:
    """A metric of all channels, in the period and in the one before (None: unknown).

    ``days``: of how many days it is known in the period (None: of none); ``whole``: of which with all hours.
    """

    metric: ChannelMetric
    days: float | None
    whole: range
    now: Channels
    before: Channels | None

    def compared(self, channels: tuple[int, ...]) -> Compared:
        """How much each channel has."""
        return Compared(
            str(self.metric.title),
            self.metric.measure,
            tuple(None if self.days is None else self._sum(self.now, channel) for channel in channels),
            tuple(None if self.before is None else self._sum(self.before, channel) for channel in channels),
        )

    def _sum(self, found: Channels, channel: int) -> float:
        return sum(found.get(channel, {}).values()) / self.metric.divisor


def _view(name: str, title: LazyText, *metrics: ChannelMetric) -> View:
    words = Words(metrics[0].unit, metrics[0].none)
    showing = Showing(f"{GROUP}/{name}", title, lambda: words)
    return View(
        kind=showing.kind,
        code=CODES[name],
        title=title,
        help=HELP,
        load=_loading(name, metrics),
        board=showing.board,
        chart=showing.chart,
        board_chart=showing.board_chart,
        compares=Restriction.CHANNELS,
    )


def _loading(
    name: str, metrics: tuple[ChannelMetric, ...]
) -> Callable[[Reader, Scope], Coroutine[Any, Any, Comparison]]:
    async def load(reader: Reader, scope: Scope) -> Comparison:
        placed = await place(reader, replace(scope, channels=(), chosen=()))
        known = [await known_of(reader, placed, metric.kind) for metric in metrics]
        by_hour, by_day = await read_by_hour_and_day(reader, placed, *(metric.part for metric in metrics))

        def compute() -> Comparison:
            counted = [
                _counted(metric, each.in_days(), by_day)
                if metric.whole_days
                else _counted(metric, each, by_hour)
                for metric, each in zip(metrics, known, strict=True)
            ]
            channels = (scope.channels or _busiest(counted[0].now))[:MOST]
            if not channels and counted[0].now:
                raise CannotShow(str(NONE_SHOWN))
            return Comparison(
                head=head_of(placed if len(metrics) > 1 else known[0]),
                metric=name,
                subjects=tuple(
                    Subject(SubjectKind.CHANNEL, each, by_hour.names.get(each)) for each in channels
                ),
                rows=_rows(counted, channels),
                notes=(
                    *_notes(metrics, placed, chosen=bool(scope.channels)),
                    *(() if scope.channels else _left_out(counted[0])),
                ),
            )

        return await asyncio.to_thread(compute)

    return load


def _counted(metric: ChannelMetric, known: Placed, read: ChannelsRead) -> Counted:
    now, before = read.both(by_channel, metric.amounts)
    calendar = calendar_of(known)
    return Counted(
        metric,
        calendar.counted_days(),
        calendar.whole_days,
        now,
        before if ranges_before(known) else None,
    )


def _busiest(channels: Channels) -> tuple[int, ...]:
    sums = seen(totals(channels))
    return tuple(sorted(sums, key=lambda channel: (-sums[channel], channel)))


def _left_out(first: Counted) -> tuple[str, ...]:
    """What the channels that are not shown have of the first figure."""
    sums = totals(first.now)
    return noted(not_shown(sums), sum(sums.values()))


def _rows(counted: list[Counted], channels: tuple[int, ...]) -> tuple[Compared, ...]:
    days = counted[0].days
    if len(counted) > 1 or days is None:
        return tuple(each.compared(channels) for each in counted)
    return _closely(counted[0], channels, days)


def _closely(counted: Counted, channels: tuple[int, ...], days: float) -> tuple[Compared, ...]:
    metric = counted.metric
    by_day = [counted.now.get(channel, {}) for channel in channels]
    greatest = [most_in_a_day(each, counted.whole) for each in by_day]
    total = counted.compared(channels)
    values = [value or 0 for value in total.values]
    whole = sum(totals(counted.now).values()) / metric.divisor
    a_day = Measure.RATE if metric.measure is Measure.COUNT else metric.measure

    def alone(title: str, measure: Measure, values: list[float | None]) -> Compared:
        return Compared(title, measure, tuple(values), (None,) * len(channels))

    return (
        total,
        alone(tr("{metric} a day", metric=metric.title), a_day, [value / days for value in values]),
        alone(
            tr("{metric}, most in a day", metric=metric.title),
            metric.measure,
            [None if most is None else most / metric.divisor for most in greatest],
        ),
        alone(
            tr("Days with {unit}", unit=inside(str(metric.title))),
            Measure.COUNT,
            [days_with(each) for each in by_day],
        ),
        alone(
            tr("{metric}, share of the server's", metric=metric.title),
            Measure.SHARE,
            [value / whole if whole else None for value in values],
        ),
    )


def _notes(metrics: tuple[ChannelMetric, ...], placed: Placed, *, chosen: bool) -> tuple[str, ...]:
    days = days_of(placed) if any(metric.whole_days for metric in metrics) else None
    return (
        *(() if chosen else (tr("These are the channels that have most; the menu chooses others."),)),
        *said(days, WHOLE_DAYS),
    )


VIEWS = (
    _view(ALL, LazyText("Channels compared: all metrics"), *METRICS),
    _view(MESSAGES.name, LazyText("Channels compared: messages"), MESSAGES),
    _view(VOICE.name, LazyText("Channels compared: time in voice"), VOICE),
    _view(REACTIONS.name, LazyText("Channels compared: reactions"), REACTIONS),
)
