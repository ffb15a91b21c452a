"""How evenly members take part, and how their activity scores are spread."""

import numpy as np

from analytics.activity_score import activity_scores
from analytics.member_activity import MemberActivity, Values
from schemas.results.members import Evenness, Scores

COMMUNICATES = 3
"""Messages in a period from which on a member is a communicator."""
SCORE_STEP = 5
SCORE_BINS = 20


def evenness_of(activity: MemberActivity) -> Evenness:
    """How evenly the messages of a period are spread over those who wrote."""
    counts = activity.messages[activity.messages > 0]
    return Evenness(
        writers=len(counts),
        communicators=int(np.count_nonzero(counts >= COMMUNICATES)),
        messages=int(counts.sum()),
        gini=gini(counts),
        evenness=pielou(counts),
        half=fewest_with_half(counts),
    )


def gini(amounts: Values) -> float | None:
    """Gini coefficient of positive amounts: 0 if all are equal, towards 1 if one has all; None if empty."""
    count = len(amounts)
    if not count:
        return None
    ranks = np.arange(1, count + 1)
    return float(2 * (ranks * np.sort(amounts)).sum() / (count * amounts.sum()) - (count + 1) / count)


def pielou(amounts: Values) -> float | None:
    """Shannon's entropy of positive amounts by the greatest it could be: 1 if all are equal.

    None for fewer than two.
    """
    if len(amounts) < 2:  # noqa: PLR2004 - one alone is neither even nor uneven
        return None
    shares = amounts / amounts.sum()
    return float(-(shares * np.log(shares)).sum() / np.log(len(amounts)))


def fewest_with_half(amounts: Values) -> int | None:
    """The fewest of positive amounts that come to half of all; None without any."""
    if not len(amounts):
        return None
    reached = np.cumsum(np.sort(amounts)[::-1])
    return int(np.searchsorted(reached, reached[-1] / 2)) + 1


def scores_of(activity: MemberActivity) -> Scores:
    """Activity scores of those who have any, in bins of ``SCORE_STEP``; 100 is in the last one."""
    scores = activity_scores(activity)
    scores = scores[scores > 0]
    bins = np.minimum(scores // SCORE_STEP, SCORE_BINS - 1).astype(np.intp)
    counts = np.bincount(bins, minlength=SCORE_BINS)
    if not len(scores):
        return Scores(tuple(counts.tolist()), None, None, None)
    low, median, high = np.percentile(scores, [25, 50, 75]).tolist()
    return Scores(tuple(counts.tolist()), low, median, high)
