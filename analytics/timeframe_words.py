"""The words of timeframes: those of the language in force, and the English ones in every language.

Each text lists the words that mean the same, of which the first is the one that is shown.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from texts import LazyText

ALL = LazyText("all time | all | ever | always", "timeframe")
TO = LazyText("to | until", "timeframe")
NOW = LazyText("today | now", "timeframe")
LATELY = LazyText("last | past", "timeframe")
"""What may stand before a number: last 14 days."""

UNITS: Mapping[str, LazyText] = MappingProxyType(
    {
        "h": LazyText("hours | hour | h", "timeframe"),
        "d": LazyText("days | day | d", "timeframe"),
        "w": LazyText("weeks | week | w", "timeframe"),
        "m": LazyText("months | month | m", "timeframe"),
        "y": LazyText("years | year | y", "timeframe"),
    }
)

NAMED: Mapping[str, LazyText] = MappingProxyType(
    {
        "today": LazyText("today", "timeframe"),
        "yesterday": LazyText("yesterday", "timeframe"),
        "this week": LazyText("this week", "timeframe"),
        "last week": LazyText("last week", "timeframe"),
        "this month": LazyText("this month", "timeframe"),
        "last month": LazyText("last month", "timeframe"),
        "this year": LazyText("this year", "timeframe"),
        "last year": LazyText("last year", "timeframe"),
    }
)
"""Days that have a name, by their English one."""

_NUMBERED = re.compile(r"(\d{1,4})\s*([^\W\d_]+)")
_DATE = r"\d{4}-\d{1,2}-\d{1,2}"
_DOTTED = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")


def words_of(text: LazyText) -> frozenset[str]:
    """All words that mean something."""
    return frozenset(word.strip().lower() for word in f"{text.message}|{text}".split("|"))


def shown(text: LazyText) -> str:
    """The word that is shown."""
    return str(text).partition("|")[0].strip()


def plain(text: str) -> str:
    """What was typed, in small letters with single spaces; dates with points have the year first."""
    return _DOTTED.sub(r"\3-\2-\1", " ".join(text.lower().split()))


def named(words: str) -> str | None:
    """The English name of days that were named."""
    return next((name for name, text in NAMED.items() if words in words_of(text)), None)


def numbered(words: str) -> tuple[int, str] | None:
    """A number and its unit (h, d, w, m, y): 14d, 14 days, last 14 days."""
    match = _NUMBERED.fullmatch(_without(words, LATELY))
    if match is None:
        return None
    unit = next((unit for unit, text in UNITS.items() if match[2] in words_of(text)), None)
    return None if unit is None else (int(match[1]), unit)


def dates(words: str) -> tuple[str, str | None] | None:
    """Two dates of a range, or one date twice; None as the second is today."""
    if re.fullmatch(_DATE, words):
        return words, words
    between = "|".join([r"\.\.+", *_escaped(TO)])
    match = re.fullmatch(rf"({_DATE})\s*(?:{between})\s*({_DATE}|{'|'.join(_escaped(NOW))})", words)
    if match is None:
        return None
    return match[1], match[2] if re.fullmatch(_DATE, match[2]) else None


def _without(words: str, beginning: LazyText) -> str:
    for word in sorted(words_of(beginning), key=len, reverse=True):
        if words.startswith(f"{word} "):
            return words.removeprefix(f"{word} ")
    return words


def _escaped(text: LazyText) -> Iterator[str]:
    return (re.escape(word) for word in sorted(words_of(text), key=len, reverse=True))
