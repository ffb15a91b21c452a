"""What members are ranked by, a row each."""

from dataclasses import dataclass

from analytics.member_activity import RankedBy
from schemas.results.board import Measure

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Metric:
    """``code`` is the view's; ``did`` says in a sentence what the first of the ranking did, ``unit`` of what.

    ``divisor`` brings what is counted to the measure. ``note`` says what the numbers leave out.
    """

    name: str
    code: int
    title: str
    by: RankedBy
    did: str
    unit: str
    measure: Measure = Measure.COUNT
    divisor: int = 1
    note: str = ""


METRICS: tuple[Metric, ...] = (
    Metric("messages", 110, "Messages", "messages", "wrote most", "messages"),
    Metric(
        "voice", 111, "Time in voice", "voice_ms", "spent most time in voice", "minutes in voice",
        Measure.MINUTES, _MINUTE_MS, "Time in the AFK channel is left out.",
    ),
    Metric("given", 112, "Reactions given", "given", "gave most reactions", "reactions"),
    Metric(
        "received", 113, "Reactions received", "received", "got most reactions", "reactions",
        note="Reactions received are known by day: days that the period cuts count whole.",
    ),
)  # fmt: skip
ACTIVE_DAYS = Metric("days", 0, "Active days", "days", "was there on most days", "days")
"""Of one member alone: a ranking by it would have too many on one place."""
