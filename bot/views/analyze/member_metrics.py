"""What is told of members side by side, a row each, beside what they are ranked by."""

from dataclasses import dataclass

from bot.views.people.metrics import ACTIVE_DAYS, METRICS, Metric
from texts import LazyText


@dataclass(frozen=True, slots=True)
class MemberMetric:
    """``who`` names those who did any of it."""

    of: Metric
    who: LazyText


MESSAGES, VOICE, GIVEN, RECEIVED = (
    MemberMetric(metric, who)
    for metric, who in zip(
        METRICS,
        (
            LazyText("Members who wrote"),
            LazyText("Members in voice"),
            LazyText("Members who reacted"),
            LazyText("Members who got reactions"),
        ),
        strict=True,
    )
)
DAYS = MemberMetric(ACTIVE_DAYS, LazyText("Active members"))
