"""What a comparison of a few subjects, or of two periods, says."""

import msgspec

from schemas.results.board import Head, Measure, Subject
from schemas.results.curve import Curve, Total
from schemas.results.days import WholeDays


class Compared(msgspec.Struct, frozen=True, rename="camel"):
    """A figure of each subject, in their order, and in the period before; None is unknown."""

    title: str
    measure: Measure
    values: tuple[float | None, ...]
    previous: tuple[float | None, ...]


class Comparison(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A few subjects in some figures, of which the first is the one that it is about.

    ``member``: the pseudonym of the one whom all of it is about, where the reader has to be told.
    """

    head: Head
    metric: str
    subjects: tuple[Subject, ...]
    rows: tuple[Compared, ...]
    notes: tuple[str, ...] = ()
    member: int | None = None


class PeriodFigure(msgspec.Struct, frozen=True, rename="camel"):
    """A figure of the period and of the one before."""

    title: str
    measure: Measure
    amount: Total


class TwoPeriods(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The period against the one before; of one metric also its ``curve`` and ``so_far``, the running sum.

    ``days``: what is kept by day is of these whole days; None: of the period.
    """

    head: Head
    metric: str
    figures: tuple[PeriodFigure, ...]
    curve: Curve | None = None
    so_far: Curve | None = None
    days: WholeDays | None = None
