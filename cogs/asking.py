"""From what a user typed to a timeframe, on the server's own calendar and without asking the database."""

from datetime import date

from analytics.local_time import date_of
from analytics.timeframe_words import NAMED, plain, shown
from analytics.timeframes import DEFAULT, PRESETS, Timeframe, TimeframeError, describe, parse_timeframe
from bot.services import Services

MAX_TYPED = 100
"""Longest text to read: Discord allows no longer value for a suggestion."""
MAX_SUGGESTIONS = 25


def today(guild_id: int, services: Services) -> date:
    """Return the present date in the server's time zone."""
    return date_of(services.calendars.label(guild_id, services.clock.now_ms()).day)


def read_timeframe(text: str | None, today: date) -> Timeframe:
    """Read a timeframe; nothing typed is the default. Raises TimeframeError with what is accepted."""
    return parse_timeframe(text, today) if text and not text.isspace() else DEFAULT


def suggestions(typed: str, today: date) -> list[tuple[str, str]]:
    """Offer timeframes for what is typed so far, as (name, value): what it means itself, then the usual."""
    words = plain(typed)
    usual = [(str(name), str(preset)) for preset, name in PRESETS]
    usual += [(_titled(shown(text)), name) for name, text in NAMED.items()]
    fitting = [pair for pair in usual if words in pair[0].lower() or words in pair[1]]
    known = {value for _, value in fitting}
    meaning = None if words in known else _meaning(words, today)
    own = [] if meaning is None else [(meaning, words)]
    return (own + fitting)[:MAX_SUGGESTIONS]


def _titled(words: str) -> str:
    return words[:1].upper() + words[1:]


def _meaning(words: str, today: date) -> str | None:
    if not words or len(words) > MAX_TYPED:
        return None
    try:
        return describe(parse_timeframe(words, today))
    except TimeframeError:
        return None
