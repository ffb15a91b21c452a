"""The words, dates and numbers of charts in the language in force."""

import msgspec

from analytics.charts.notation import ENGLISH, Locale
from analytics.charts.phrases import Phrases
from texts import spoken

CONTEXT = "chart"
"""Context of these texts in the catalogues."""
_MARKS_OF_NUMBERS = frozenset({"thousands", "decimal"})


def spoken_locale() -> Locale:
    """What a chart's description takes along to the process that draws it."""
    language = spoken()
    words = {name: _said(getattr(ENGLISH, name)) for name in _words_of(Locale)}
    phrases = {name: _said(getattr(ENGLISH.phrases, name)) for name in _words_of(Phrases)}
    return msgspec.structs.replace(
        ENGLISH,
        **words,
        thousands=language.thousands,
        decimal=language.decimal,
        phrases=msgspec.structs.replace(ENGLISH.phrases, **phrases),
    )


def chart_texts() -> frozenset[str]:
    """The English texts, for the catalogues."""
    found: set[str] = set()
    for struct, names in ((ENGLISH, _words_of(Locale)), (ENGLISH.phrases, _words_of(Phrases))):
        for name in names:
            words = getattr(struct, name)
            found.update((words,) if isinstance(words, str) else words)
    return frozenset(found)


def _words_of(struct: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(name for name in struct.__struct_fields__ if name not in {*_MARKS_OF_NUMBERS, "phrases"})


def _said(words: str | tuple[str, ...]) -> str | tuple[str, ...]:
    pgettext = spoken().catalogue.pgettext
    if isinstance(words, str):
        return pgettext(CONTEXT, words)
    return tuple(pgettext(CONTEXT, word) for word in words)
