"""A drawing surface measured in pixels from the top left corner: the only module that paints with matplotlib.

Charts place every mark themselves. Axes objects, layout engines and tick locators would cost more than half
of the time of a drawing, and the fixed layout is what keeps texts from touching.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from io import BytesIO
from typing import Literal

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from PIL import Image

from analytics.charts.fonts import FontBook
from analytics.charts.geometry import Box, Point
from analytics.charts.styles import Lettering, Stroke

Align = Literal["left", "center", "right"]

_DPI = 72
"""Makes a point of matplotlib one pixel."""

_NARROW_STRIPES, _WIDE_STRIPES = "//", "/"
_HALO = 2.0
_DASHES = (0.0, (5.0, 3.0))


class Typesetter:
    """Measures texts and knows their fonts; one for all drawings of a process."""

    def __init__(self, fonts: FontBook) -> None:
        mpl.rcdefaults()
        mpl.rcParams["text.hinting"] = "none"
        mpl.rcParams["text.parse_math"] = False
        mpl.rcParams["hatch.linewidth"] = 2.0
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
    """One picture in the making; later marks lie above earlier ones."""

    def __init__(self, typesetter: Typesetter, width: int, height: int, background: str) -> None:
        self.typesetter = typesetter
        self.width = width
        self.height = height
        self._background = background
        self._figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, facecolor=background)
        self._surface = FigureCanvasAgg(self._figure)
        self._layer = 0

    def text(self, at: Point, text: str, lettering: Lettering, align: Align = "left") -> None:
        """Write text whose baseline begins, has its middle or ends at a point."""
        artist = Text(
            at.x,
            self.height - at.y,
            text,
            color=lettering.colour,
            fontproperties=self.typesetter.properties(text, lettering.size, lettering.heavy),
            horizontalalignment=align,
            verticalalignment="baseline",
            language=self.typesetter.language(text),
            parse_math=False,
        )
        self._add(artist)

    def bars(self, boxes: Sequence[Box], colour: str, radius: float, *, hatch: str | None = None) -> None:
        """Fill boxes, rounded at the end away from the baseline; ``hatch`` colours narrow stripes on them."""
        if boxes:
            path = Path.make_compound_path(*(self._bar(box, radius) for box in boxes))
            self._fill(path, colour, hatch, _NARROW_STRIPES)

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
        if stroke.halo:
            self._add(LineCollection(segments, colors=stroke.halo, linewidths=stroke.width + 2 * _HALO))
        self._add(
            LineCollection(
                segments, colors=stroke.colour, linewidths=stroke.width, linestyles=[style], joinstyle="round"
            )
        )

    def rules(self, heights: Iterable[float], left: float, right: float, stroke: Stroke) -> None:
        """Draw horizontal lines, each on whole pixels."""
        self.lines(([Point(left, round(y)), Point(right, round(y))] for y in heights), stroke)

    def dots(self, points: Sequence[Point], radius: float, fill: str, edge: str | None = None) -> None:
        """Draw discs."""
        for point in points:
            path = Path.circle((point.x, self.height - point.y), radius)
            self._add(PathPatch(path, facecolor=fill, edgecolor=edge or fill, linewidth=3 if edge else 0))

    def png(self) -> bytes:
        """Encode the picture with 256 colours.

        That takes half the time and half the bytes of full colour, and no eye tells them apart. The
        background, which has to meet that of the page, stays exact.
        """
        self._surface.draw()  # type: ignore[no-untyped-call] # Agg has no types
        size = (self.width, self.height)
        pixels = self._surface.buffer_rgba()  # type: ignore[no-untyped-call] # Agg has no types
        picture = Image.frombuffer("RGBA", size, pixels, "raw", "RGBA", 0, 1).convert("RGB")
        few = picture.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.putpalette(self._with_exact_background(few))
        out = BytesIO()
        few.save(out, "PNG", compress_level=1)
        return out.getvalue()

    def texts(self) -> list[tuple[str, Box]]:
        """Every text with the box its ink takes: for tests of the layout."""
        return [(artist.get_text(), self._ink(artist)) for artist in self._figure.findobj(Text)]

    def _ink(self, artist: Text) -> Box:
        renderer = self._surface.get_renderer()  # type: ignore[no-untyped-call] # Agg has no types
        text, properties = artist.get_text(), artist.get_fontproperties()
        width, height, descent = renderer.get_text_width_height_descent(text, properties, ismath=False)
        before = {"left": 0.0, "center": 0.5, "right": 1.0}[artist.get_horizontalalignment()]
        x, y = artist.get_position()
        left, baseline = x - before * width, self.height - y
        return Box(left, baseline - height + descent, left + width, baseline + descent)

    def _with_exact_background(self, picture: Image.Image) -> list[int]:
        palette = picture.getpalette() or []
        at = 3 * picture.crop((0, 0, 1, 1)).tobytes()[0]
        palette[at : at + 3] = [int(self._background[digit : digit + 2], 16) for digit in (1, 3, 5)]
        return palette

    def _bar(self, box: Box, radius: float) -> Path:
        low, high = self.height - box.bottom, self.height - box.top
        r = min(radius, box.width / 2, abs(high - low))
        if r <= 0:
            corners = [
                (box.left, low),
                (box.left, high),
                (box.right, high),
                (box.right, low),
                (box.left, low),
            ]
            return Path(corners, closed=True)
        towards = r if high >= low else -r
        vertices = [
            (box.left, low),
            (box.left, high - towards),
            (box.left, high),
            (box.left + r, high),
            (box.right - r, high),
            (box.right, high),
            (box.right, high - towards),
            (box.right, low),
            (box.left, low),
        ]
        c3 = Path.CURVE3
        codes = [Path.MOVETO, Path.LINETO, c3, c3, Path.LINETO, c3, c3, Path.LINETO, Path.CLOSEPOLY]
        return Path(vertices, codes)

    def _fill(self, path: Path, colour: str, hatch: str | None, stripes: str) -> None:
        patch = PathPatch(path, facecolor=colour, linewidth=0, edgecolor="none")
        if hatch:
            patch.set_hatch(stripes)
            patch.set_hatchcolor(hatch)
        self._add(patch)

    def _flip(self, points: Sequence[Point]) -> list[tuple[float, float]]:
        return [(point.x, self.height - point.y) for point in points]

    def _add(self, artist: Text | PathPatch | LineCollection) -> None:
        self._layer += 1
        artist.set_transform(mpl.transforms.IdentityTransform())
        artist.set_zorder(self._layer)
        self._figure.add_artist(artist)
