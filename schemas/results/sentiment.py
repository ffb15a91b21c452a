"""What the view of sentiment says."""

import msgspec

from schemas.results.board import Head, Ranking
from schemas.results.curve import Curve
from schemas.results.days import WholeDays


class Moods(msgspec.Struct, frozen=True, rename="camel"):
    """Sums of messages, in the order in which ``analytics.day_columns.SENTIMENT`` names them.

    ``looked_at`` of ``messages``, of which ``scored`` have a known word; of these ``positive`` and
    ``negative`` ones, and the sum of all scores in ``hundredths``.
    """

    messages: int = 0
    looked_at: int = 0
    scored: int = 0
    positive: int = 0
    negative: int = 0
    hundredths: int = 0


class SentimentActivity(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Sums of the period and of the one before (None: unknown), and what became of them over time.

    ``positive``, ``neutral`` and ``negative`` are shares of the scored messages, ``mean`` is from -100 to
    100; buckets without a scored message are None, and of ``scored`` those in which nobody looked.
    ``highest`` and ``lowest``: channels by mean. ``days``: all of it is of these whole days; None: those of
    the period.
    """

    head: Head
    now: Moods
    before: Moods | None
    scored: Curve
    positive: Curve
    neutral: Curve
    negative: Curve
    mean: Curve
    highest: Ranking
    lowest: Ranking | None
    days: WholeDays | None = None
