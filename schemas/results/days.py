"""Whole days of which figures are that are kept by day."""

from datetime import date

import msgspec


class WholeDays(msgspec.Struct, frozen=True, rename="camel"):
    """From ``first`` to ``last``, both included; those that they are compared with, None: with none."""

    first: date
    last: date
    previous_first: date | None = None
    previous_last: date | None = None
