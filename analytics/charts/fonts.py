"""The fonts of the charts: where they are, what they cover, and which of them a text needs.

Fonts come from installed packages and from this one; the system's are never looked at, so that a chart is
the same everywhere. A text is given only the fonts it needs: opening all of them for each costs more than
drawing. matplotlib is imported where a function needs it, not with this module.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from analytics.charts.wording import PLACEHOLDER, SKIN_TONES, TRAILING_VOWELS, clusters, tidy

NOTO = "manimgx_fonts"
NOTO_CJK = "noto_cjk_sans_jp_regular"
PACKAGES = (NOTO, NOTO_CJK)
"""Modules of the packages that bring fonts."""

_SANS = "NotoSans[wght].ttf"
_EMOJI = "NotoEmoji[wght].ttf"
_CJK = "NotoSansCJKjp-Regular.otf"
_HEAVY = "NotoSans-SemiBold.ttf"
_BY_MATPLOTLIB = ("DejaVuSans.ttf", "STIXGeneral.ttf")
_FAMILY_PREFIX = "Serverstats "
_SHAPING = frozenset("\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}\N{VARIATION SELECTOR-16}")
_INVISIBLE = _SHAPING | {" "}


@dataclass(frozen=True)
class FontFile:
    """A font file; ``family`` is the name it is registered under, kept apart from fonts of the system."""

    path: Path

    @property
    def family(self) -> str:
        """Name for matplotlib."""
        return _FAMILY_PREFIX + self.path.stem

    @cached_property
    def characters(self) -> frozenset[int]:
        """Code points the font has a glyph for."""
        from matplotlib.ft2font import FT2Font  # noqa: PLC0415 - matplotlib stays out of the bot's process

        return frozenset(FT2Font(str(self.path)).get_charmap())


class FontBook:
    """The fonts in order of preference, and the choice of fonts for a text."""

    def __init__(self, files: Iterable[FontFile], heavy: FontFile) -> None:
        self._files = tuple(files)
        self._heavy = heavy
        self._index_of = lru_cache(maxsize=8192)(self._find)

    @classmethod
    def installed(cls) -> Self:
        """Return the fonts that are installed; packages that are missing are left out."""
        import matplotlib as mpl  # noqa: PLC0415 - matplotlib stays out of the bot's process

        noto = _files_of(NOTO)
        main = [path for name in (_SANS, _EMOJI) for path in noto if path.name == name]
        others = [path for path in noto if path not in main and "Italic" not in path.name]
        cjk = [path for path in _files_of(NOTO_CJK) if path.name == _CJK]
        shipped = [Path(mpl.get_data_path(), "fonts", "ttf", name) for name in _BY_MATPLOTLIB]
        heavy = Path(__file__).with_name("font_files") / _HEAVY
        return cls((FontFile(path) for path in (*main, *others, *cjk, *shipped)), FontFile(heavy))

    def register(self) -> None:
        """Make the fonts known to matplotlib; doing it again changes nothing."""
        from matplotlib.font_manager import FontEntry, fontManager  # noqa: PLC0415 - see installed()

        known = {entry.name for entry in fontManager.ttflist}
        for file in (*self._files, self._heavy):
            if file.family not in known:
                fontManager.ttflist.append(FontEntry(fname=str(file.path), name=file.family))

    def families(self, text: str, *, heavy: bool = False) -> tuple[str, ...]:
        """Names of the fonts a text needs, the main one first."""
        needed = {index for index in map(self._index_of, text) if index is not None} | {0}
        families = tuple(self._files[index].family for index in sorted(needed))
        return (self._heavy.family, *families) if heavy else families

    def language(self, text: str) -> str | None:
        """Language whose forms of Chinese characters a text wants; None where it has none of them."""
        if any("\u3040" <= character <= "\u30ff" for character in text):
            return "ja"
        if any("\uac00" <= character <= "\ud7a3" for character in text):
            return "ko"
        if any("\u3400" <= character <= "\u9fff" for character in text):
            return "zh-Hans"
        return None

    def missing(self, text: str) -> frozenset[str]:
        """Characters of a text that no font can draw."""
        return frozenset(
            character
            for character in text
            if character not in _INVISIBLE and self._index_of(character) is None
        )

    def drawable(self, text: str) -> str:
        """Return tidy text in which a box stands for each character that no font can draw.

        A mark goes if no font has both it and its letter: they would be set in two fonts, and one lost.
        """
        clean = tidy(text)
        if len(self.families(clean)) == 1 and not self.missing(clean):
            return clean
        return "".join(
            PLACEHOLDER if self.missing(part) else self._in_one_font(part) for part in clusters(clean)
        )

    def _in_one_font(self, cluster: str) -> str:
        """A cluster is set in the font of its last character, wherever the others would be found first."""
        visible = [character for character in cluster if character not in _INVISIBLE]
        places = [at for at in map(self._index_of, visible) if at is not None]
        if not places or self._files[places[-1]].characters.issuperset(map(ord, visible)):
            return cluster
        kept = ""
        place: int | None = None
        for character in cluster:
            if character in _SHAPING:
                continue
            if not kept or not _joins(character):
                place = self._index_of(character)
            if self._index_of(character) == place:
                kept += character
        return kept

    def _find(self, character: str) -> int | None:
        code = ord(character)
        return next((at for at, file in enumerate(self._files) if code in file.characters), None)


def _joins(character: str) -> bool:
    """Whether a character changes the one before it, so that both are set together."""
    category = unicodedata.category(character)
    return category.startswith("M") or character in TRAILING_VOWELS or ord(character) in SKIN_TONES


def missing_glyphs(text: str) -> set[str]:
    """Return the characters of a text that charts cannot draw with the fonts installed.

    Loads matplotlib: for a check on the command line, not for the running bot.
    """
    return set(FontBook.installed().missing(tidy(text)))


def missing_packages() -> tuple[str, ...]:
    """Modules of font packages that are not installed; names in some scripts are boxes without them."""
    return tuple(name for name in PACKAGES if find_spec(name) is None)


def _files_of(module: str) -> list[Path]:
    found = find_spec(module)
    places = found.submodule_search_locations if found else None
    return sorted(
        path for place in places or () for path in Path(place).iterdir() if path.suffix in (".ttf", ".otf")
    )
