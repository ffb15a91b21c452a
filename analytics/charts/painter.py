"""Turns a chart's description into a picture. Importing this loads matplotlib: it belongs into a worker."""

from analytics.charts.canvas import Canvas, Typesetter
from analytics.charts.fonts import FontBook
from analytics.charts.kinds.registry import KINDS
from analytics.charts.spec import ChartSpec
from analytics.charts.themes import PALETTES


class Painter:
    """Draws charts with one set of fonts; it takes over matplotlib's settings in its process."""

    def __init__(self, fonts: FontBook | None = None) -> None:
        self._typesetter = Typesetter(fonts or FontBook.installed())

    def draw(self, spec: ChartSpec) -> bytes:
        """Return the picture as PNG."""
        return self.paint(spec).png()

    def paint(self, spec: ChartSpec) -> Canvas:
        """Return the painted surface, for those who look at more than its pixels."""
        kind = KINDS[type(spec)]
        size = kind.size(spec)
        canvas = Canvas.blank(self._typesetter, size.width, size.height, PALETTES[spec.theme].background)
        kind.paint(canvas, spec)
        return canvas
