"""Turns a chart's description into a picture. Importing this loads matplotlib: it belongs into a worker."""

from analytics.charts.canvas import Canvas, Typesetter
from analytics.charts.fonts import FontBook
from analytics.charts.kinds.registry import KINDS
from analytics.charts.report.spec import ReportSpec
from analytics.charts.spec import ChartSpec
from analytics.charts.themes import PALETTES


class Painter:
    """Draws charts with one set of fonts; it takes over matplotlib's settings in its process."""

    def __init__(self, fonts: FontBook | None = None) -> None:
        self.typesetter = Typesetter(fonts or FontBook.installed())

    def made(self, spec: ChartSpec | ReportSpec) -> bytes:
        """Return a chart as PNG, a report as PDF."""
        return self.print_report(spec) if isinstance(spec, ReportSpec) else self.draw(spec)

    def print_report(self, spec: ReportSpec) -> bytes:
        """Return the report as PDF."""
        from analytics.charts.report.press import printed  # noqa: PLC0415 - takes a second, few workers print

        return printed(self.typesetter, spec)

    def draw(self, spec: ChartSpec) -> bytes:
        """Return the picture as PNG."""
        return self.paint(spec).png()

    def paint(self, spec: ChartSpec) -> Canvas:
        """Return the painted surface, for those who look at more than its pixels."""
        kind = KINDS[type(spec)]
        size = kind.size(spec)
        canvas = Canvas.blank(self.typesetter, size.width, size.height, PALETTES[spec.theme].background)
        kind.paint(canvas, spec)
        return canvas
