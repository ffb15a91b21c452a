"""What members are ranked by, a row each."""

from dataclasses import dataclass

from analytics.member_activity import RankedBy
from bot.views.known_from import Kind
from schemas.results.board import Measure
from texts import LazyText

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Metric:
    """``code`` is the view's. ``who`` asks for the first of the ranking, ``leads`` says who it is.

    ``unit`` names what there is how much of, ``none`` says that there is none. ``divisor`` brings what is
    counted to the measure. ``note`` says what the numbers leave out, ``kind`` from when on they are known.
    """

    name: str
    code: int
    title: LazyText
    by: RankedBy
    who: LazyText
    leads: LazyText
    unit: LazyText
    none: LazyText
    measure: Measure = Measure.COUNT
    divisor: int = 1
    note: LazyText | None = None
    kind: Kind = Kind.MESSAGES


METRICS: tuple[Metric, ...] = (
    Metric(
        "messages",
        110,
        LazyText("Messages"),
        "messages",
        LazyText("Who wrote most"),
        LazyText("{who} wrote most: {share} of all"),
        LazyText("messages", "amount"),
        LazyText("No messages in this period"),
    ),
    Metric(
        "voice",
        111,
        LazyText("Time in voice"),
        "voice_ms",
        LazyText("Who spent most time in voice"),
        LazyText("{who} spent most time in voice: {share} of all"),
        LazyText("minutes in voice", "amount"),
        LazyText("Nobody was in voice in this period"),
        Measure.MINUTES,
        _MINUTE_MS,
        LazyText("Time in the AFK channel is left out."),
        Kind.VOICE,
    ),
    Metric(
        "given",
        112,
        LazyText("Reactions given"),
        "given",
        LazyText("Who gave most reactions"),
        LazyText("{who} gave most reactions: {share} of all"),
        LazyText("reactions", "amount"),
        LazyText("No reactions in this period"),
        kind=Kind.REACTIONS,
    ),
    Metric(
        "received",
        113,
        LazyText("Reactions received"),
        "received",
        LazyText("Who got most reactions"),
        LazyText("{who} got most reactions: {share} of all"),
        LazyText("reactions", "amount"),
        LazyText("No reactions in this period"),
        kind=Kind.REACTIONS,
    ),
)
ACTIVE_DAYS = Metric(
    "days",
    0,
    LazyText("Active days"),
    "days",
    LazyText("Who was there on most days"),
    LazyText("{who} was there on most days: {share} of all"),
    LazyText("active days", "amount"),
    LazyText("Nobody was there in this period"),
)
"""Of one member alone: a ranking by it would have too many on one place."""
