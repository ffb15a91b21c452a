"""The paper: sizes in points, texts and their places, pages one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.charts.canvas import Align, Canvas, Typesetter
from analytics.charts.geometry import Point
from analytics.charts.spec import Theme
from analytics.charts.styles import Lettering, Stroke
from analytics.charts.themes import PALETTES
from analytics.charts.wording import is_right_to_left, shorten, wrap

WIDTH, HEIGHT = 595, 842
"""A4."""
MARGIN = 42
TOP, BOTTOM = 66, HEIGHT - 54
"""Between them lies what a page says."""
CONTENT = WIDTH - 2 * MARGIN
PALETTE = PALETTES[Theme.LIGHT]

SMALL, BODY, LARGE = 8.0, 9.0, 11.0
_LEADING = 1.4
"""Height of a line in sizes of its text: marks above and below letters of every script fit in."""


@dataclass(frozen=True, slots=True)
class Style:
    """A text's size in points, and how it looks."""

    size: float
    heavy: bool = False
    muted: bool = False

    @property
    def line(self) -> float:
        """Height of a line."""
        return self.size * _LEADING

    @property
    def lettering(self) -> Lettering:
        """For the canvas."""
        return Lettering(self.size, PALETTE.muted if self.muted else PALETTE.text, self.heavy)


class Paper:
    """Pages in the making. ``page`` is the latest, ``y`` how far it is filled."""

    def __init__(self, typesetter: Typesetter, most: int) -> None:
        self._typesetter = typesetter
        self._most = most
        self.pages: list[Canvas] = []
        self.y = 0.0
        self.turn()

    @property
    def page(self) -> Canvas:
        """The page that is written on."""
        return self.pages[-1]

    @property
    def room(self) -> float:
        """Height that is left on the page."""
        return BOTTOM - self.y

    def may_turn(self, most: int | None = None) -> bool:
        """Whether there may be another page."""
        return len(self.pages) < (self._most if most is None else min(most, self._most))

    def turn(self) -> None:
        """Begin a page."""
        self.pages.append(Canvas.blank(self._typesetter, WIDTH, HEIGHT, PALETTE.background))
        self.y = TOP

    def width(self, text: str, style: Style) -> float:
        """Width of a text that is fit to be drawn."""
        return self._typesetter.width(text, style.size, style.heavy)

    def drawable(self, text: str) -> str:
        """Foreign text made fit to be drawn."""
        return self._typesetter.drawable(text)

    def fitted(self, text: str, style: Style, width: float) -> str:
        """Foreign text made fit, and cut to a width."""
        return shorten(self.drawable(text), width, lambda part: self.width(part, style))

    def lines(self, text: str, style: Style, width: float, most: int) -> tuple[str, ...]:
        """Foreign text made fit, and broken into lines."""
        return wrap(self.drawable(text), width, lambda part: self.width(part, style), most)

    def put(self, at: Point, text: str, style: Style, align: Align = "left") -> None:
        """Write a text that is fit, ``at`` being the top of its line."""
        self.page.text(Point(at.x, at.y + style.size), text, style.lettering, align)

    def paragraph(self, text: str, style: Style, most: int = 6) -> None:
        """Write foreign text over the whole width; in Hebrew or Arabic it begins at the right."""
        lines = self.lines(text, style, CONTENT, most)
        reads_left = bool(lines) and is_right_to_left(lines[0])
        x = WIDTH - MARGIN if reads_left else MARGIN
        align: Align = "right" if reads_left else "left"
        for line in lines:
            self.put(Point(x, self.y), line, style, align)
            self.y += style.line

    def rule(self, y: float, left: float = MARGIN, right: float = WIDTH - MARGIN) -> None:
        """Draw a thin line."""
        self.page.lines([[Point(left, y), Point(right, y)]], Stroke(PALETTE.baseline, 0.6))

    def height_of(self, texts: Sequence[str], style: Style, most: int = 6) -> float:
        """Height that paragraphs take."""
        return sum(len(self.lines(text, style, CONTENT, most)) * style.line for text in texts)
