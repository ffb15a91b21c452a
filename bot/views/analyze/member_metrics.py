"""What is told of members side by side, a row each, beside what they are ranked by."""

from dataclasses import dataclass

from bot.views.people.metrics import ACTIVE_DAYS, METRICS, Metric


@dataclass(frozen=True, slots=True)
class MemberMetric:
    """``who`` names those who did any of it."""

    of: Metric
    who: str


MESSAGES, VOICE, GIVEN, RECEIVED = (
    MemberMetric(metric, who)
    for metric, who in zip(
        METRICS,
        ("Members who wrote", "Members in voice", "Members who reacted", "Members who got reactions"),
        strict=True,
    )
)
DAYS = MemberMetric(ACTIVE_DAYS, "Active members")
