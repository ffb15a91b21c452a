"""Amounts over time, as views show them; None is unknown."""

from datetime import datetime

import msgspec


class Total(msgspec.Struct, frozen=True, rename="camel"):
    """An amount in the period and in the one before."""

    now: float | None
    before: float | None = None


class Curve(msgspec.Struct, frozen=True, rename="camel"):
    """One value a bucket; ``previous``, where known, is of the same length."""

    bucket: str
    starts: tuple[datetime, ...]
    values: tuple[float | None, ...]
    previous: tuple[float | None, ...] | None = None
