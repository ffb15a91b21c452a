"""``activity/content``: what messages carry: files, embeds, stickers, polls; replies and forwards.

Of messages that came without the message content intent it is unknown whether they carry files, embeds or
polls: shares of these are of the others. Of a period of d days and the one before it reads 4 d ``guildDays``,
2 d ``channelPacks`` and, of days without a valid pack, one ``channelDays`` document a channel.
"""

import asyncio
from collections.abc import Iterable

from analytics import day_counts
from analytics.charts.spec import Layer, StackedSpec, Theme, TimeAxis, Unit
from analytics.day_counts import Calendar, Hourly
from bot.db.day_counts import ChannelPart
from bot.db.reader import Reader
from bot.views.buckets import per
from bot.views.counting import calendar_of, figure, place_and_period, ranges_before, series, total
from bot.views.heads import head_of, place
from bot.views.scope import Scope
from bot.views.view import View
from schemas.guild_day_names import GuildCount
from schemas.results.activity import ContentActivity
from schemas.results.board import Board, Figure, Ranked, Ranking, Subject, SubjectKind
from schemas.results.curve import Curve, Total
from texts import LazyText, decimal, tr, tr_n, tr_p

_KINDS = {
    "files": GuildCount.FILES,
    "embeds": GuildCount.EMBEDS,
    "stickers": GuildCount.STICKERS,
    "polls": GuildCount.POLLS,
    "replies": GuildCount.REPLIES,
    "forwards": GuildCount.FORWARDS,
}
_TITLES = {
    "files": LazyText("Files"),
    "embeds": LazyText("Embeds"),
    "stickers": LazyText("Stickers"),
    "polls": LazyText("Polls"),
    "replies": LazyText("Replies"),
    "forwards": LazyText("Forwards"),
}
_HIDDEN = frozenset({"files", "embeds", "polls"})
"""What Discord hides without the message content intent."""


async def load(reader: Reader, scope: Scope) -> ContentActivity:
    """Read and compute; raises UnknownGuild."""
    placed = await place(reader, scope)
    guild, earlier = scope.guild_id, ranges_before(placed)
    days, days_before, now, before = await asyncio.gather(
        reader.guild_days(guild, placed.ranges),
        reader.guild_days(guild, earlier),
        reader.channel_days(guild, placed.ranges, ChannelPart.MESSAGES),
        reader.channel_days(guild, earlier, ChannelPart.MESSAGES),
    )

    def compute() -> ContentActivity:
        messages, messages_before = (day_counts.hourly(each, day_counts.messages) for each in (now, before))
        unknown, unknown_before = (
            day_counts.counted(each, GuildCount.CONTENT_UNKNOWN) for each in (days, days_before)
        )
        calendar = calendar_of(placed)
        totals, curves = {}, {}
        for kind, name in _KINDS.items():
            counts, counts_before = (day_counts.counted(each, name) for each in (days, days_before))
            hidden = kind in _HIDDEN
            totals[kind] = Total(
                _sum(counts, messages, unknown, hidden=hidden) if placed.known else None,
                _sum(counts_before, messages_before, unknown_before, hidden=hidden) if earlier else None,
            )
            curve = calendar.curve(counts, None)
            curves[kind] = _without_unknown(curve, calendar, messages, unknown) if hidden else curve
        return ContentActivity(
            head=head_of(placed),
            messages=total(placed, messages, messages_before if earlier else None),
            unknown=sum(unknown.values()),
            totals=totals,
            curves=curves,
        )

    return await asyncio.to_thread(compute)


def _sum(counts: Hourly, messages: Hourly, unknown: Hourly, *, hidden: bool) -> float | None:
    """A total; None if it is hidden and of no message anything is known."""
    missing = sum(unknown.values())
    return None if hidden and missing and missing >= sum(messages.values()) else sum(counts.values())


def _without_unknown(curve: Curve, calendar: Calendar, messages: Hourly, unknown: Hourly) -> Curve:
    """The curve with None in buckets of which all messages are unknown."""
    sent, missing = calendar.curve(messages, None).values, calendar.curve(unknown, None).values
    values = (
        None if lost and all_of is not None and lost >= all_of else value
        for value, all_of, lost in zip(curve.values, sent, missing, strict=True)
    )
    return calendar.curve_of(tuple(values), None)


def board(result: ContentActivity) -> Board:
    """Messages, and how many carry what."""
    known = (result.messages.now or 0) - result.unknown
    return Board(
        kind=VIEW.kind,
        title=str(VIEW.title),
        head=result.head,
        figures=(
            figure(tr("Messages"), result.messages),
            *(
                Figure(
                    title=str(_TITLES[kind]),
                    value=amount.now,
                    compared=True,
                    previous=amount.before,
                    of=(known if kind in _HIDDEN else result.messages.now) or None,
                    of_what=tr_p("share of", "messages"),
                )
                for kind, amount in result.totals.items()
            ),
        ),
        rankings=(_ranking(result),),
        series=tuple(
            series(tr("Messages with: {what}", what=_TITLES[kind]), curve)
            for kind, curve in result.curves.items()
        ),
        notes=tuple(_notes(result)),
    )


def _ranking(result: ContentActivity) -> Ranking:
    rows = [
        Ranked(Subject(SubjectKind.TEXT, 0, str(_TITLES[kind])), amount.now, amount.before)
        for kind, amount in result.totals.items()
        if amount.now
    ]
    return Ranking(
        title=tr("Messages with"),
        rows=tuple(sorted(rows, key=lambda row: -row.value)),
        empty=tr("No message carried any of these, as far as is known."),
    )


def _notes(result: ContentActivity) -> Iterable[str]:
    yield tr("A message can carry several of these.")
    if result.unknown:
        yield tr_n(
            "Of {count} message it is unknown whether it carries files, embeds or polls, since it came "
            "without the message content intent or from a file; shares are of the others.",
            "Of {count} messages it is unknown whether they carry files, embeds or polls, since they came "
            "without the message content intent or from a file; shares are of the others.",
            result.unknown,
        )


def chart(result: ContentActivity, theme: Theme) -> StackedSpec:
    """What messages carried over time, most at the bottom; the title says what most carry."""
    order = sorted(result.totals, key=lambda kind: -(result.totals[kind].now or 0))
    most = result.totals[order[0]].now
    title = tr_n(
        "{what} lead: {most} of {count} message",
        "{what} lead: {most} of {count} messages",
        round(result.messages.now or 0),
        what=_TITLES[order[0]],
        most=decimal(most or 0),
    )
    axis = result.curves[order[0]]
    unit = Unit(axis.bucket)
    return StackedSpec(
        title=title if most else tr("Nothing but text in this period"),
        subtitle=place_and_period(result.head),
        theme=theme,
        axis=TimeAxis.starting(axis.starts[0], unit),
        layers=tuple(Layer(str(_TITLES[kind]), result.curves[kind].values) for kind in order),
        y_label=per(unit.value, tr_p("amount", "messages with each")),
        adds_up=True,
        partial_first=axis.partial_first,
        partial_last=axis.partial_last,
        running=result.head.running,
    )


VIEW = View(
    kind="activity/content",
    code=35,
    title=LazyText("Content"),
    help=LazyText("Files, embeds, stickers, polls, replies and forwards, with their shares"),
    load=load,
    board=board,
    chart=chart,
)
