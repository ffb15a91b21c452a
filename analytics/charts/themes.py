"""Colours. Marks contrast with the background by 3:1 at least, text by 4.5:1; a test computes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from analytics.charts.spec import Theme


@dataclass(frozen=True, slots=True)
class Shade:
    """A step of a heatmap and the colour of a text on it."""

    fill: str
    ink: str


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme, as ``#rrggbb``.

    ``series`` are told apart with every common kind of colour blindness (hues after Okabe and Ito, searched
    for the background); the first is the accent, and those that follow each other differ most. ``heat`` goes
    from little to much. ``partial`` fills what is still running, ``unknown`` hatches what nobody recorded;
    ``nothing`` is a heatmap's zero; ``grid`` and ``baseline`` are quiet on purpose.
    """

    background: str
    text: str
    muted: str
    grid: str
    baseline: str
    previous: str
    unknown: str
    nothing: str
    partial: str
    series: tuple[str, ...]
    heat: tuple[Shade, ...]

    @property
    def accent(self) -> str:
        """Colour of a single series."""
        return self.series[0]


PALETTES: Mapping[Theme, Palette] = MappingProxyType(
    {
        Theme.DARK: Palette(
            background="#2b2d31",
            text="#f2f3f5",
            muted="#b5bac1",
            grid="#3c3f45",
            baseline="#6d727b",
            previous="#dfe1e6",
            unknown="#787d87",
            nothing="#494c54",
            partial="#454c80",
            series=("#7583ff", "#fbb829", "#bbe2fa", "#e0532c", "#1fdd92", "#d65f9c"),
            heat=(
                Shade("#767efd", "#1e1f22"),
                Shade("#909cff", "#1e1f22"),
                Shade("#adb8fe", "#1e1f22"),
                Shade("#ced6ff", "#1e1f22"),
                Shade("#f6f8ff", "#1e1f22"),
            ),
        ),
        Theme.LIGHT: Palette(
            background="#ffffff",
            text="#1e1f22",
            muted="#5c5f66",
            grid="#e6e7eb",
            baseline="#9a9da5",
            previous="#3f424a",
            unknown="#8b8f98",
            nothing="#cfd2d9",
            partial="#cdd2fb",
            series=("#5865f2", "#e65a1c", "#073f62", "#553605", "#ca50aa", "#11a168"),
            heat=(
                Shade("#7c87ec", "#1e1f22"),
                Shade("#5b5de4", "#f2f3f5"),
                Shade("#443bc9", "#f2f3f5"),
                Shade("#2e2693", "#f2f3f5"),
                Shade("#15134b", "#f2f3f5"),
            ),
        ),
    }
)
