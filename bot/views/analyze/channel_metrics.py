"""What is told of channels, a row each."""

from dataclasses import dataclass

from analytics.channel_amounts import Amounts, messages, reactions, voice
from bot.db.day_counts import ChannelPart
from schemas.results.board import Measure

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class ChannelMetric:
    """``part`` is what has to be read, ``amounts`` what is taken of it; ``divisor`` brings it to the measure.

    ``unit`` and ``one`` say what is counted, ``none`` that there is none. ``whole_days``: it is kept by day.
    """

    name: str
    title: str
    unit: str
    one: str
    none: str
    part: ChannelPart
    amounts: Amounts
    measure: Measure = Measure.COUNT
    divisor: int = 1
    whole_days: bool = False


MESSAGES = ChannelMetric(
    "messages", "Messages", "messages", "message", "No messages in this period",
    ChannelPart.MESSAGES, messages,
)  # fmt: skip
VOICE = ChannelMetric(
    "voice", "Time in voice", "minutes in voice", "minute in voice", "Nobody was in voice in this period",
    ChannelPart.VOICE, voice, Measure.MINUTES, _MINUTE_MS,
)  # fmt: skip
REACTIONS = ChannelMetric(
    "reactions", "Reactions", "reactions", "reaction", "No reactions in this period", ChannelPart.REACTIONS,
    reactions, whole_days=True,
)  # fmt: skip
METRICS = (MESSAGES, VOICE, REACTIONS)
WHOLE_DAYS = "Reactions are kept by day: a day that the period cuts counts whole."
