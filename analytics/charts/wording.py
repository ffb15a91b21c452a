"""Makes foreign text fit for a chart: cleaned, cut to a width, wrapped; never inside a character."""

import unicodedata
from collections.abc import Callable, Iterator

Measure = Callable[[str], float]
"""Width of a text in pixels."""

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
PLACEHOLDER = "\N{WHITE SQUARE}"
MAX_MARKS = 3
"""Marks on one letter; more is decoration that would paint over the neighbours."""

MAX_MARKS_ABOVE = 2
"""Of those, marks that stack above it: a third would reach into the line before."""

MAX_LENGTH = 400
"""Longer text is cut before it is measured: no chart shows that much."""

_JOINER = "\N{ZERO WIDTH JOINER}"
_NON_JOINER = "\N{ZERO WIDTH NON-JOINER}"
_SHAPING = frozenset({_JOINER, _NON_JOINER})
_ABOVE = 230
"""Unicode's combining class of marks above a letter."""

_TAGS = range(0xE0020, 0xE0080)
SKIN_TONES = range(0x1F3FB, 0x1F400)
_REGIONAL = range(0x1F1E6, 0x1F200)
_VARIATIONS = range(0xFE00, 0xFE10)
TRAILING_VOWELS = frozenset("\N{THAI CHARACTER SARA AM}\N{LAO VOWEL SIGN AM}")
"""Letters that join the one before like marks do."""


def tidy(text: str) -> str:
    """Return text on one line, composed, without control characters and without piles of marks.

    Direction overrides go too: a name must not turn the rest of a chart around.
    """
    composed = unicodedata.normalize("NFC", text[:MAX_LENGTH])
    spaced = "".join(" " if character.isspace() else character for character in composed)
    kept = "".join(character for character in spaced if _is_kept(character))
    return " ".join("".join(_calm(cluster) for cluster in clusters(kept)).split())


def is_right_to_left(text: str) -> bool:
    """Whether text reads from the right: its first letter decides, as in Unicode's own rule."""
    directions = (unicodedata.bidirectional(character) for character in text)
    return next((direction != "L" for direction in directions if direction in ("L", "R", "AL")), False)


def clusters(text: str) -> Iterator[str]:
    """Split text into what a reader sees as one character: letter and marks, emoji sequence, flag."""
    cluster = ""
    for character in text:
        if cluster and not _belongs(cluster, character):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def shorten(text: str, width: float, measure: Measure) -> str:
    """Cut text to a width, with an ellipsis where something is missing."""
    if measure(text) <= width:
        return text
    parts = list(clusters(text))
    fitting = _most(len(parts), lambda count: measure("".join(parts[:count]).rstrip() + ELLIPSIS) <= width)
    return "".join(parts[:fitting]).rstrip() + ELLIPSIS


def wrap(text: str, width: float, measure: Measure, lines: int) -> tuple[str, ...]:
    """Break text into a number of lines at most, at spaces where there are any; the last is shortened."""
    rest = text
    wrapped: list[str] = []
    while rest and len(wrapped) < lines - 1 and measure(rest) > width:
        line, rest = _break(rest, width, measure)
        wrapped.append(line)
    return (*wrapped, shorten(rest, width, measure)) if rest else tuple(wrapped)


def _break(text: str, width: float, measure: Measure) -> tuple[str, str]:
    parts = list(clusters(text))
    fitting = max(1, _most(len(parts), lambda count: measure("".join(parts[:count]).rstrip()) <= width))
    spaces = [index for index in range(1, fitting + 1) if index < len(parts) and parts[index] == " "]
    at = spaces[-1] if spaces else fitting
    return "".join(parts[:at]).rstrip(), "".join(parts[at:]).lstrip()


def _most(count: int, fits: Callable[[int], bool]) -> int:
    """Return the largest number up to ``count`` that fits, by bisection; 0 if none does."""
    low, high = 0, count
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _is_kept(character: str) -> bool:
    category = unicodedata.category(character)
    return category not in ("Cc", "Cf", "Cs", "Cn") or character in _SHAPING or ord(character) in _TAGS


def _belongs(cluster: str, character: str) -> bool:
    code = ord(character)
    if unicodedata.category(character) in ("Mn", "Mc", "Me") or character in _SHAPING:
        return True
    if character in TRAILING_VOWELS or code in _TAGS or code in SKIN_TONES:
        return True
    if cluster.endswith(_JOINER):
        return True
    return code in _REGIONAL and len(cluster) == 1 and ord(cluster) in _REGIONAL


def _calm(cluster: str) -> str:
    marks = above = 0
    kept = ""
    for character in cluster:
        if unicodedata.category(character) in ("Mn", "Me") and ord(character) not in _VARIATIONS:
            marks += 1
            above += unicodedata.combining(character) == _ABOVE
            if marks > MAX_MARKS or above > MAX_MARKS_ABOVE:
                continue
        kept += character
    return kept
