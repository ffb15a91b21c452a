"""What every chart has."""

from collections.abc import Iterable
from enum import StrEnum
from math import isfinite

import msgspec

from analytics.charts.notation import ENGLISH, Locale


class Theme(StrEnum):
    """Colours of a chart: DARK fits Discord's dark embeds, LIGHT white pages, mails and print."""

    DARK = "dark"
    LIGHT = "light"


class ChartSpec(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind"):
    """What every chart has.

    ``title`` says the finding, ``subtitle`` the place and the period; both may hold names in any script.
    """

    title: str
    subtitle: str = ""
    theme: Theme = Theme.DARK
    locale: Locale = ENGLISH


def require_finite(values: Iterable[float | None]) -> None:
    """Refuse what is no number; raise ValueError."""
    if not all(isfinite(value) for value in values if value is not None):
        raise ValueError("a series holds a value that is no finite number: pass None for unknown")


def require_amounts(values: Iterable[float | None]) -> None:
    """Refuse what is no amount, that is no number or a negative one; raise ValueError."""
    known = [value for value in values if value is not None]
    require_finite(known)
    if any(value < 0 for value in known):
        raise ValueError("this kind of chart shows amounts: none may be negative")


def require_at_most(count: int, most: int, things: str) -> None:
    """Refuse more than can be drawn; raise ValueError."""
    if count > most:
        raise ValueError(f"this kind of chart shows {most} {things} at most, not {count}")
