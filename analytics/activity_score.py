"""The activity score: how present and how many-sided a member was in the last 28 days, from 0 to 100.

    score = 100 x (0.4 s(days, 7) + 0.3 s(messages, 40) + 0.2 s(voice hours, 4) + 0.1 s(reactions, 20))
    s(x, half) = 1 - 2^(-x / half)

``docs/metrics.md`` says why. ``s`` is 0 for nothing, one half at ``half``, and tends to 1: more is always
more, and nobody gets far by one kind of activity alone, or on one day.
"""

from dataclasses import dataclass

import numpy as np

from analytics.member_activity import MemberActivity, Values
from analytics.member_spans import SpanPart

SCORE_DAYS = 28
"""Four of the seven-day periods that member categories are made of."""
SCORED = (SpanPart.PRESENCE, SpanPart.MESSAGES, SpanPart.VOICE, SpanPart.GIVEN)
"""What a score is made of."""
_MS_PER_HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class _Part:
    weight: float
    half: float


_DAYS, _MESSAGES, _VOICE, _REACTIONS = _Part(0.4, 7), _Part(0.3, 40), _Part(0.2, 4), _Part(0.1, 20)


def activity_scores(activity: MemberActivity) -> Values:
    """Each member's score, rounded to two digits."""
    parts = (
        (_DAYS, activity.days),
        (_MESSAGES, activity.messages),
        (_VOICE, activity.voice_ms / _MS_PER_HOUR),
        (_REACTIONS, activity.given),
    )
    total = sum(part.weight * _saturating(values, part.half) for part, values in parts)
    return np.round(100 * np.asarray(total, np.float64), 2)


def _saturating(values: Values, half: float) -> Values:
    return 1 - np.exp2(-np.maximum(values, 0) / half)
