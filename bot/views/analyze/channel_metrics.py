"""What is told of channels, a row each."""

from collections.abc import Callable
from dataclasses import dataclass

from analytics.channel_amounts import Amounts, messages, reactions, voice
from bot.db.day_counts import ChannelPart
from bot.views.counting import time_in_voice
from bot.views.known_from import Kind
from schemas.results.board import Measure
from texts import LazyText, tr_n

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class ChannelMetric:
    """``part`` is what has to be read, ``amounts`` what is taken of it; ``divisor`` brings it to the measure.

    ``unit`` says what is counted, ``written`` an amount of it, ``none`` that there is none. ``whole_days``:
    it is kept by day. ``kind`` says from when on it is known.
    """

    name: str
    title: LazyText
    unit: LazyText
    written: Callable[[float], str]
    none: LazyText
    part: ChannelPart
    amounts: Amounts
    measure: Measure = Measure.COUNT
    divisor: int = 1
    whole_days: bool = False
    kind: Kind = Kind.MESSAGES


MESSAGES = ChannelMetric(
    "messages",
    LazyText("Messages"),
    LazyText("messages"),
    lambda amount: tr_n("{count} message", "{count} messages", round(amount)),
    LazyText("No messages in this period"),
    ChannelPart.MESSAGES,
    messages,
)
VOICE = ChannelMetric(
    "voice",
    LazyText("Time in voice"),
    LazyText("minutes in voice"),
    time_in_voice,
    LazyText("Nobody was in voice in this period"),
    ChannelPart.VOICE,
    voice,
    Measure.MINUTES,
    _MINUTE_MS,
    kind=Kind.VOICE,
)
REACTIONS = ChannelMetric(
    "reactions",
    LazyText("Reactions"),
    LazyText("reactions"),
    lambda amount: tr_n("{count} reaction", "{count} reactions", round(amount)),
    LazyText("No reactions in this period"),
    ChannelPart.REACTIONS,
    reactions,
    whole_days=True,
    kind=Kind.REACTIONS,
)
METRICS = (MESSAGES, VOICE, REACTIONS)
