"""The languages there are besides English, and their catalogues: a file each, a row each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from gettext import GNUTranslations
from importlib.resources import files
from io import BytesIO

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from texts.language import ENGLISH, Language


@dataclass(frozen=True, slots=True)
class Row:
    """A language: its file is ``texts/<tag>.po``, where ``tag`` is what Discord calls the language.

    ``capital_nouns``: it has them also inside a sentence.
    """

    tag: str
    name: str
    capital_nouns: bool = False


CATALOGUES: tuple[Row, ...] = (Row("de", "Deutsch", capital_nouns=True),)


class Languages:
    """The languages that were loaded; English is always there."""

    def __init__(self, loaded: Mapping[str, Language]) -> None:
        self._loaded = {ENGLISH.tag: ENGLISH, **loaded}

    def of(self, tag: str | None) -> Language:
        """The language that Discord calls so, or the same of another country; English if there is none."""
        if tag is None:
            return ENGLISH
        return self._loaded.get(tag) or self._loaded.get(tag.partition("-")[0], ENGLISH)

    def __iter__(self) -> Iterator[Language]:
        """English first."""
        return iter(self._loaded.values())


def load_languages() -> Languages:
    """Read all catalogues; raises what reading them raises, since they are part of the program."""
    return Languages({row.tag: _load(row) for row in CATALOGUES})


def _load(row: Row) -> Language:
    with files("texts").joinpath(f"{row.tag}.po").open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    locale = Locale.parse(row.tag, sep="-")
    symbols = locale.number_symbols["latn"]
    return Language(
        row.tag,
        row.name,
        thousands=symbols["group"],
        decimal=symbols["decimal"],
        percent=locale.percent_formats[None].pattern.replace("#,##0", "{number}"),
        capital_nouns=row.capital_nouns,
        catalogue=GNUTranslations(compiled),
    )
