"""The words of timeframes, in every language of the bot at once: people type what they are used to.

Each text lists the words that mean the same, of which the first is the one that is shown.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from texts import Language, LazyText, said_in

ALL = LazyText("all time | all | ever | always", "timeframe")
TO = LazyText("to | until", "timeframe")
SINCE = LazyText("since | from", "timeframe")
NOW = LazyText("today | now", "timeframe")
LATELY = LazyText("last | past", "timeframe")
"""What may stand before a number: last 14 days."""
UP_TO = LazyText("{days}, up to {time}")
"""How a card writes days that end within one."""

UNITS: Mapping[str, LazyText] = MappingProxyType(
    {
        "h": LazyText("hours | hour | hrs | hr | h", "timeframe"),
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
        "this week": LazyText("this week | week | wtd", "timeframe"),
        "last week": LazyText("last week | previous week", "timeframe"),
        "this month": LazyText("this month | month | mtd", "timeframe"),
        "last month": LazyText("last month | previous month", "timeframe"),
        "this year": LazyText("this year | year | ytd | year to date", "timeframe"),
        "last year": LazyText("last year | previous year", "timeframe"),
    }
)
"""Days that have a name, by their English one."""

MONTHS: tuple[LazyText, ...] = (
    LazyText("January | Jan", "timeframe"),
    LazyText("February | Feb", "timeframe"),
    LazyText("March | Mar", "timeframe"),
    LazyText("April | Apr", "timeframe"),
    LazyText("May", "timeframe"),
    LazyText("June | Jun", "timeframe"),
    LazyText("July | Jul", "timeframe"),
    LazyText("August | Aug", "timeframe"),
    LazyText("September | Sept | Sep", "timeframe"),
    LazyText("October | Oct", "timeframe"),
    LazyText("November | Nov", "timeframe"),
    LazyText("December | Dec", "timeframe"),
)

_NUMBERED = re.compile(r"(\d{1,4}|\d[., ']\d{3})\s*([^\W\d_]+)")
"""A number, which may be written with a mark of thousands, and a word."""
_DASHES = dict.fromkeys(map(ord, "\N{MINUS SIGN}\N{HYPHEN BULLET}\N{FIGURE DASH}~"), "-")


def shown(text: LazyText) -> str:
    """The word that is shown, in the language in force."""
    return str(text).partition("|")[0].strip()


def plain(text: str) -> str:
    """What was typed, in small letters with single spaces, usual digits and one kind of dash."""
    usual = unicodedata.normalize("NFKC", text.lower()).translate(_DASHES)
    visible = (
        "-" if unicodedata.category(mark) == "Pd" else mark
        for mark in usual
        if unicodedata.category(mark) != "Cf"
    )
    return " ".join("".join(visible).lower().split())


class Vocabulary:
    """What words mean in some languages, in the one in force, and in English."""

    def __init__(self, languages: Iterable[Language] = ()) -> None:
        self._languages = tuple(languages)

    def words_of(self, text: LazyText) -> frozenset[str]:
        """All words that mean something, as ``plain`` writes them."""
        return frozenset(plain(word) for said in said_in(text, self._languages) for word in said.split("|"))

    def named(self, words: str) -> str | None:
        """The English name of days that were named."""
        return next((name for name, text in NAMED.items() if words in self.words_of(text)), None)

    def numbered(self, words: str) -> tuple[int, str] | None:
        """A number and its unit (h, d, w, m, y): 14d, 14 days, last 14 days."""
        match = _NUMBERED.fullmatch(self.without(words, LATELY) or words)
        if match is None:
            return None
        unit = next((unit for unit, text in UNITS.items() if match[2] in self.words_of(text)), None)
        return None if unit is None else (int(re.sub(r"\D", "", match[1])), unit)

    def month(self, word: str) -> int | None:
        """Number of a month by its name, from 1."""
        name = word.removesuffix(".")
        return next((at for at, text in enumerate(MONTHS, 1) if name in self.words_of(text)), None)

    def months_beginning(self, letters: str) -> list[int]:
        """Numbers of the months whose names begin so."""
        return [
            at
            for at, text in enumerate(MONTHS, 1)
            if any(word.startswith(letters) for word in self.words_of(text))
        ]

    def without(self, words: str, beginning: LazyText) -> str | None:
        """What follows one of the words that something can begin with; None: it begins otherwise."""
        for word in sorted(self.words_of(beginning), key=len, reverse=True):
            if words.startswith(f"{word} "):
                return words.removeprefix(f"{word} ")
        return None

    def parted(self, words: str) -> Iterator[tuple[str, str]]:
        """What stands on both sides of anything that can part a beginning from an end; the surest first."""
        between = "|".join(re.escape(word) for word in sorted(self.words_of(TO), key=len, reverse=True))
        for pattern in (r"\s*\.\.+\s*", rf"\s+(?:{between})(?:\s+|$)", r"\s+-\s*|\s*-\s+|-$", "-"):
            for match in re.finditer(pattern, words):
                yield words[: match.start()], words[match.end() :]

    def whole_days(self, words: str) -> str:
        """The days alone of what a card writes of days that end within one."""
        for said in said_in(UP_TO, self._languages):
            pattern = re.escape(plain(said)).replace(r"\{days\}", "(.+)").replace(r"\{time\}", r"\d\d?:\d\d")
            match = re.fullmatch(pattern, words)
            if match is not None:
                return match[1]
        return words
