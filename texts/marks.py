"""Marks of texts that people read: each is the English text and at the same time what it is looked up by.

The arguments are literals, so that a test finds every text of the code. Values have names, which stand in
braces: ``tr("and {count} more", count=…)``; braces of a text without values stay as they are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from texts.language import ENGLISH, Language, speaking, spoken
from texts.numbers import decimal


def tr(message: str, /, **values: object) -> str:
    """Say a text in the language in force."""
    said = spoken().catalogue.gettext(message)
    return said.format(**values) if values else said


def tr_p(context: str, message: str, /, **values: object) -> str:
    """Say a text that means something else in another place: ``context``, never shown, names it."""
    said = spoken().catalogue.pgettext(context, message)
    return said.format(**values) if values else said


def tr_n(one: str, many: str, number: int, /, **values: object) -> str:
    """Say a text in the form that its number takes; ``{count}`` in it is the number, written out."""
    said = spoken().catalogue.ngettext(one, many, number)
    return said.format(**{"count": decimal(number), **values})


def inside(title: str) -> str:
    """A title as it stands inside a sentence: in small letters, unless the language has nouns in capitals."""
    return title if spoken().capital_nouns else title[:1].lower() + title[1:]


@dataclass(frozen=True, slots=True)
class LazyText:
    """A text of a constant: ``str()`` of it, and its place in an f-string, say it in the language in force.

    ``message`` is the English; ``context`` as in ``tr_p``.
    """

    message: str
    context: str | None = None

    def say(self, **values: object) -> str:
        """Say it with its values."""
        return str(self).format(**values)

    def __str__(self) -> str:
        """Say it."""
        if self.context is None:
            return spoken().catalogue.gettext(self.message)
        return spoken().catalogue.pgettext(self.context, self.message)


def said_in(text: LazyText, languages: Iterable[Language]) -> Iterator[str]:
    """Say a text in English, in the language in force, and in some others: as it may have been read."""
    for language in (ENGLISH, spoken(), *languages):
        with speaking(language):
            said = str(text)
        yield said
