"""Amounts over time, as views show them; None is unknown."""

from datetime import datetime

import msgspec


class Total(msgspec.Struct, frozen=True, rename="camel"):
    """An amount in the period and in the one before."""

    now: float | None
    before: float | None = None


class Curve(msgspec.Struct, frozen=True, rename="camel"):
    """One value a bucket; ``previous``, where known, is of the same length.

    ``partial_first``: the first bucket of which anything is known lacks hours, as the period or the counting
    begins within it. ``partial_last``: the last one does, as the period ends within it or still runs.
    """

    bucket: str
    starts: tuple[datetime, ...]
    values: tuple[float | None, ...]
    previous: tuple[float | None, ...] | None = None
    partial_first: bool = False
    partial_last: bool = False
