"""What is told of channels, a row each."""

from dataclasses import dataclass

from analytics.channel_amounts import Amounts, messages, reactions, voice
from bot.db.day_counts import ChannelPart
from schemas.results.board import Measure
from texts import LazyText

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class ChannelMetric:
    """``part`` is what has to be read, ``amounts`` what is taken of it; ``divisor`` brings it to the measure.

    ``unit`` and ``one`` say what is counted, ``none`` that there is none. ``whole_days``: it is kept by day.
    """

    name: str
    title: LazyText
    unit: LazyText
    one: LazyText
    none: LazyText
    part: ChannelPart
    amounts: Amounts
    measure: Measure = Measure.COUNT
    divisor: int = 1
    whole_days: bool = False


MESSAGES = ChannelMetric(
    "messages",
    LazyText("Messages"),
    LazyText("messages"),
    LazyText("message"),
    LazyText("No messages in this period"),
    ChannelPart.MESSAGES,
    messages,
)
VOICE = ChannelMetric(
    "voice",
    LazyText("Time in voice"),
    LazyText("minutes in voice"),
    LazyText("minute in voice"),
    LazyText("Nobody was in voice in this period"),
    ChannelPart.VOICE,
    voice,
    Measure.MINUTES,
    _MINUTE_MS,
)
REACTIONS = ChannelMetric(
    "reactions",
    LazyText("Reactions"),
    LazyText("reactions"),
    LazyText("reaction"),
    LazyText("No reactions in this period"),
    ChannelPart.REACTIONS,
    reactions,
    whole_days=True,
)
METRICS = (MESSAGES, VOICE, REACTIONS)
