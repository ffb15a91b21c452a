"""From what a user typed to a timeframe, on the server's own calendar and without asking the database."""

from collections.abc import Iterable, Iterator
from datetime import date

from analytics.local_time import date_of
from analytics.timeframe_words import MONTHS, NAMED, Vocabulary, plain, shown
from analytics.timeframes import (
    DEFAULT,
    MAX_TEXT,
    PRESETS,
    Timeframe,
    TimeframeError,
    describe,
    parse_timeframe,
)
from analytics.written_days import AmbiguousError, NotADayError, Written, written_day
from bot.services import Services
from texts import Language

MAX_TYPED = MAX_TEXT
"""Longest text to read: Discord allows no longer value for a suggestion."""
MAX_SUGGESTIONS = 25
ENOUGH_LETTERS = 2
"""Letters of a month's name from which on it is meant."""


def today(guild_id: int, services: Services) -> date:
    """Return the present date in the server's time zone."""
    return date_of(services.calendars.label(guild_id, services.clock.now_ms()).day)


def read_timeframe(text: str | None, today: date, languages: Iterable[Language] = ()) -> Timeframe:
    """Read a timeframe; nothing typed is the default. Raises TimeframeError with what is accepted."""
    return parse_timeframe(text, today, languages) if text and not text.isspace() else DEFAULT


def suggestions(typed: str, today: date, languages: Iterable[Language] = ()) -> list[tuple[str, str]]:
    """Offer timeframes for what is typed so far, as (name, value): what it means itself, then the usual."""
    typed, vocabulary = plain(typed), Vocabulary(languages)
    usual = [(str(name), str(preset)) for preset, name in PRESETS]
    usual += [(_titled(shown(text)), name) for name, text in NAMED.items()]
    fitting = [pair for pair in usual if typed in plain(pair[0]) or typed in pair[1]]
    fitting += [
        (_titled(shown(text)), name)
        for name, text in NAMED.items()
        if any(word.startswith(typed) for word in vocabulary.words_of(text))
    ]
    found = dict.fromkeys(fitting)
    known = {value for _, value in found}
    meaning = None if typed in known else _meaning(typed, today, languages)
    own = [] if meaning is None else [(meaning, typed)]
    offered = [*own, *_readings(typed, vocabulary), *found, *_months(typed, today, vocabulary)]
    return list(_without_repeats(offered))[:MAX_SUGGESTIONS]


def _without_repeats(offered: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    names: set[str] = set()
    values: set[str] = set()
    for name, value in offered:
        if name not in names and value not in values:
            yield name, value
        names.add(name)
        values.add(value)


def _titled(words: str) -> str:
    return words[:1].upper() + words[1:]


def _meaning(typed: str, today: date, languages: Iterable[Language]) -> str | None:
    if not typed or len(typed) > MAX_TYPED:
        return None
    try:
        return describe(parse_timeframe(typed, today, languages))
    except TimeframeError:
        return None


def _readings(typed: str, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Both days that 03/04/2026 may be."""
    try:
        written_day(typed, vocabulary)
    except AmbiguousError as error:
        yield from ((str(day), str(day)) for day in error.readings)
    except NotADayError:
        return


def _months(typed: str, today: date, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """The latest month of each name that begins as it is typed."""
    if len(typed) < ENOUGH_LETTERS:
        return
    for month in vocabulary.months_beginning(typed):
        latest = Written(month=month).latest(today)
        yield f"{shown(MONTHS[month - 1])} {latest.year}", f"{latest.year}-{month:02}"
