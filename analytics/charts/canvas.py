"""A drawing surface measured in pixels from the top left corner: the only module that paints with matplotlib.

Charts place every mark themselves. Axes objects, layout engines and tick locators would cost more than half
of the time of a drawing, and the fixed layout is what keeps texts from touching.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from itertools import count
from math import ceil
from typing import TYPE_CHECKING, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from PIL import Image

from analytics.charts.fonts import FontBook
from analytics.charts.geometry import Box, Point
from analytics.charts.styles import Lettering, Stroke

if TYPE_CHECKING:
    from matplotlib.backends.backend_pdf import PdfPages

Align = Literal["left", "center", "right"]

_DPI = 72
"""Makes a point of matplotlib one pixel."""

_NARROW_STRIPES, _WIDE_STRIPES = "//", "/"
_STRIPE = 2.0
_STRIPES_FROM = 12.0
"""Pixels from a wide stripe to the next, as matplotlib has it."""
_HALO = 2.0
_RING = 3.0
_DASHES = (0.0, (5.0, 3.0))


class Typesetter:
    """Measures texts and knows their fonts; one for all drawings of a process."""

    def __init__(self, fonts: FontBook) -> None:
        mpl.rcdefaults()
        mpl.rcParams["text.hinting"] = "none"
        mpl.rcParams["text.parse_math"] = False
        mpl.rcParams["path.simplify"] = False
        fonts.register()
        self._fonts = fonts
        self._renderer = RendererAgg(1, 1, _DPI)  # type: ignore[no-untyped-call] # Agg has no types
        self.properties = lru_cache(maxsize=512)(self._properties)
        self.width = lru_cache(maxsize=4096)(self._width)

    def drawable(self, text: str) -> str:
        """Return foreign text made fit for a chart."""
        return self._fonts.drawable(text)

    def language(self, text: str) -> str | None:
        """Language whose letter forms a text wants."""
        return self._fonts.language(text)

    def _properties(self, text: str, size: float, heavy: bool) -> FontProperties:  # noqa: FBT001 - behind a cache
        return FontProperties(family=list(self._fonts.families(text, heavy=heavy)), size=size)

    def _width(self, text: str, size: float, heavy: bool = False) -> float:  # noqa: FBT001, FBT002 - same
        measure = self._renderer.get_text_width_height_descent
        width, _, _ = measure(text, self.properties(text, size, heavy), ismath=False)  # type: ignore[no-untyped-call] # Agg has no types
        return float(width)


class Canvas:
    """One picture in the making, or a part of one; later marks lie above earlier ones.

    ``scale`` is the size of its pixels in those of the whole.
    """

    def __init__(
        self, typesetter: Typesetter, figure: Figure, area: Box, layers: Iterator[int], scale: float = 1.0
    ) -> None:
        self.typesetter = typesetter
        self.width = round(area.width / scale)
        self.height = round(area.height / scale)
        self._figure = figure
        self._area = area
        self._layers = layers
        self._scale = scale

    @classmethod
    def blank(cls, typesetter: Typesetter, width: int, height: int, background: str) -> "Canvas":
        """Return an empty picture."""
        figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, facecolor=background)
        FigureCanvasAgg(figure)
        return cls(typesetter, figure, Box(0, 0, width, height), count(1))

    def part(self, box: Box, scale: float = 1.0) -> "Canvas":
        """Return a part of the picture as a canvas with a top left corner, and pixels, of its own."""
        whole = self._scale
        left, top = self._area.left + box.left * whole, self._area.top + box.top * whole
        area = Box(left, top, left + box.width * whole, top + box.height * whole)
        return Canvas(self.typesetter, self._figure, area, self._layers, whole * scale)

    def end_at(self, height: float) -> None:
        """Cut the picture off below a height."""
        self.height = min(self.height, ceil(height))

    def text(self, at: Point, text: str, lettering: Lettering, align: Align = "left") -> None:
        """Write text whose baseline begins, has its middle or ends at a point."""
        x, y = self._up(at)
        artist = Text(
            x,
            y,
            text,
            color=lettering.colour,
            fontproperties=self.typesetter.properties(text, lettering.size * self._scale, lettering.heavy),
            horizontalalignment=align,
            verticalalignment="baseline",
            language=self.typesetter.language(text),
            parse_math=False,
        )
        self._add(artist)

    def bars(
        self,
        boxes: Sequence[Box],
        colour: str,
        radius: float,
        *,
        sideways: bool = False,
        hatch: str | None = None,
    ) -> None:
        """Fill boxes, rounded at the end away from the baseline; ``hatch`` colours narrow stripes on them.

        Bars stand on ``bottom``; those that lie ``sideways`` begin at ``left``. Both may point back.
        """
        if boxes:
            outlines = (self._bar(box, radius, sideways=sideways) for box in boxes)
            self._fill(Path.make_compound_path(*outlines), colour, hatch, _NARROW_STRIPES)

    def boxes(self, boxes: Sequence[Box], colour: str, *, hatch: str | None = None) -> None:
        """Fill rectangles; ``hatch`` colours wide stripes on them."""
        if boxes:
            path = Path.make_compound_path(*(self._bar(box, 0) for box in boxes))
            self._fill(path, colour, hatch, _WIDE_STRIPES)

    def area(self, points: Sequence[Point], base: float, colour: str, opacity: float) -> None:
        """Fill between a line and a height."""
        outline = [*points, Point(points[-1].x, base), Point(points[0].x, base)]
        path = Path(self._flip([*outline, outline[0]]), closed=True)
        self._add(PathPatch(path, facecolor=colour, alpha=opacity, linewidth=0))

    def lines(self, runs: Iterable[Sequence[Point]], stroke: Stroke) -> None:
        """Draw open lines."""
        segments = [self._flip(run) for run in runs if len(run) > 1]
        if not segments:
            return
        style = _DASHES if stroke.dashed else "solid"
        width = stroke.width * self._scale
        if stroke.halo:
            border = (stroke.width + 2 * _HALO) * self._scale
            self._add(LineCollection(segments, colors=stroke.halo, linewidths=border))
        self._add(
            LineCollection(
                segments, colors=stroke.colour, linewidths=width, linestyles=[style], joinstyle="round"
            )
        )

    def rules(self, heights: Iterable[float], left: float, right: float, stroke: Stroke) -> None:
        """Draw horizontal lines, each on whole pixels."""
        self.lines(([Point(left, round(y)), Point(right, round(y))] for y in heights), stroke)

    def dots(self, points: Sequence[Point], radius: float, fill: str, edge: str | None = None) -> None:
        """Draw discs."""
        for point in points:
            path = Path.circle(self._up(point), radius * self._scale)
            width = _RING * self._scale if edge else 0
            self._add(PathPatch(path, facecolor=fill, edgecolor=edge or fill, linewidth=width))

    def png(self) -> bytes:
        """Encode the picture with 256 colours.

        That takes half the time and half the bytes of full colour, and no eye tells them apart. The
        background, which has to meet that of the page, stays exact.
        """
        surface = FigureCanvasAgg(self._figure)
        surface.draw()  # type: ignore[no-untyped-call] # Agg has no types
        size = surface.get_width_height()
        pixels = surface.buffer_rgba()  # type: ignore[no-untyped-call] # Agg has no types
        whole = Image.frombuffer("RGBA", size, pixels, "raw", "RGBA", 0, 1)
        picture = whole.crop((0, 0, self.width, self.height)).convert("RGB")
        few = picture.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.putpalette(self._with_exact_background(few))
        out = BytesIO()
        few.save(out, "PNG", compress_level=1)
        return out.getvalue()

    def print_to(self, document: "PdfPages") -> None:
        """Add the picture to a document as a page of as many points as it has pixels."""
        document.savefig(self._figure)  # type: ignore[no-untyped-call] # matplotlib has no types here

    def texts(self) -> list[tuple[str, Box]]:
        """Every text with the box its ink takes: for tests of the layout."""
        return [(artist.get_text(), self._ink(artist)) for artist in self._figure.findobj(Text)]

    def smallest_text(self) -> float:
        """Size of the smallest text in pixels: for tests of how a picture can be read."""
        return min(float(artist.get_fontsize()) for artist in self._figure.findobj(Text))

    def _ink(self, artist: Text) -> Box:
        renderer = FigureCanvasAgg(self._figure).get_renderer()  # type: ignore[no-untyped-call] # Agg has no types
        text, properties = artist.get_text(), artist.get_fontproperties()
        width, height, descent = renderer.get_text_width_height_descent(text, properties, ismath=False)
        before = {"left": 0.0, "center": 0.5, "right": 1.0}[artist.get_horizontalalignment()]
        x, y = artist.get_position()
        left, baseline = x - before * width, self._bottom - y
        return Box(left, baseline - height + descent, left + width, baseline + descent)

    def _with_exact_background(self, picture: Image.Image) -> list[int]:
        palette = picture.getpalette() or []
        at = 3 * picture.crop((0, 0, 1, 1)).tobytes()[0]
        palette[at : at + 3] = [round(255 * channel) for channel in to_rgb(self._figure.get_facecolor())]
        return palette

    def _bar(self, box: Box, radius: float, *, sideways: bool = False) -> Path:
        """Outline of a bar; one that lies sideways is a standing one with its coordinates swapped."""
        left, low = self._up(Point(box.left, box.bottom))
        right, high = self._up(Point(box.right, box.top))
        radius *= self._scale
        if not sideways:
            return Path(*_standing(left, right, low, high, radius))
        vertices, codes = _standing(low, high, left, right, radius)
        return Path([(x, y) for y, x in vertices], codes)

    def _fill(self, path: Path, colour: str, hatch: str | None, stripes: str) -> None:
        patch = PathPatch(path, facecolor=colour, linewidth=0, edgecolor="none")
        if hatch and self._scale == 1:
            patch.set_hatch(stripes)
            patch.set_hatchcolor(hatch)
            patch.set_hatch_linewidth(_STRIPE)
        self._add(patch)
        if hatch and self._scale != 1:
            self._stripe(patch, hatch, _STRIPES_FROM / len(stripes))

    def _stripe(self, patch: PathPatch, colour: str, pitch: float) -> None:
        """Draw stripes one by one: a pattern has no scale, and viewers of PDF paint small ones badly."""
        extent = patch.get_path().get_extents()
        left, step = extent.x0 - extent.height, pitch * self._scale
        count = int((extent.x1 - left) / step) + 1
        starts = [left + (at + 0.5) * step for at in range(count)]
        lines = LineCollection(
            [[(x, extent.y0), (x + extent.height, extent.y1)] for x in starts],
            colors=colour,
            linewidths=_STRIPE * self._scale,
        )
        self._add(lines)
        lines.set_clip_path(patch)

    @property
    def _bottom(self) -> float:
        """Height of the whole picture, whose own coordinates run upwards."""
        return float(self._figure.bbox.height)

    def _up(self, point: Point) -> tuple[float, float]:
        """Coordinates of the whole picture."""
        x, y = point.x * self._scale, point.y * self._scale
        return self._area.left + x, self._bottom - self._area.top - y

    def _flip(self, points: Sequence[Point]) -> list[tuple[float, float]]:
        return [self._up(point) for point in points]

    def _add(self, artist: Text | PathPatch | LineCollection) -> None:
        artist.set_transform(mpl.transforms.IdentityTransform())
        artist.set_zorder(next(self._layers))
        self._figure.add_artist(artist)


def _standing(
    left: float, right: float, low: float, high: float, radius: float
) -> tuple[list[tuple[float, float]], list[np.uint8]]:
    """Corners of a bar and how they are joined; it stands on ``low`` and is round at ``high``."""
    r = min(radius, (right - left) / 2, abs(high - low))
    if r <= 0:
        corners = [(left, low), (left, high), (right, high), (right, low), (left, low)]
        return corners, [Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY]
    towards = r if high >= low else -r
    vertices = [
        (left, low),
        (left, high - towards),
        (left, high),
        (left + r, high),
        (right - r, high),
        (right, high),
        (right, high - towards),
        (right, low),
        (left, low),
    ]
    c3 = Path.CURVE3
    return vertices, [Path.MOVETO, Path.LINETO, c3, c3, Path.LINETO, c3, c3, Path.LINETO, Path.CLOSEPOLY]
