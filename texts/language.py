"""A language, and which one is in force for the answer that is being made."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from gettext import NullTranslations


@dataclass(frozen=True, slots=True)
class Language:
    """``tag`` is what Discord calls it, ``name`` what its speakers do; its numbers have the marks.

    ``percent`` says where the sign stands; ``capital_nouns``: titles keep their capital inside a sentence.
    """

    tag: str
    name: str
    thousands: str = ","
    decimal: str = "."
    percent: str = "{number}%"
    capital_nouns: bool = False
    catalogue: NullTranslations = field(default_factory=NullTranslations, repr=False, compare=False)


ENGLISH = Language("en", "English")

_SPOKEN: ContextVar[Language] = ContextVar("language", default=ENGLISH)


def spoken() -> Language:
    """The language in force."""
    return _SPOKEN.get()


def speak(language: Language) -> None:
    """Put a language in force for the rest of the present task and the tasks it starts."""
    _SPOKEN.set(language)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Put a language in force for a block."""
    token = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(token)
