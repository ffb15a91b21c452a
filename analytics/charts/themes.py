"""Colours. Marks contrast with the background by 3:1 at least, text by 4.5:1; a test computes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from analytics.charts.spec import Theme


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme, as ``#rrggbb``.

    ``series`` are told apart with every common kind of colour blindness (hues after Okabe and Ito, searched
    for the background); the first is the accent. ``partial`` fills what is still running, ``unknown`` hatches
    what nobody recorded; ``grid`` and ``baseline`` are quiet on purpose.
    """

    background: str
    text: str
    muted: str
    grid: str
    baseline: str
    previous: str
    unknown: str
    partial: str
    series: tuple[str, ...]

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
            partial="#454c80",
            series=("#7583ff", "#fbb829", "#bbe2fa", "#1fdd92", "#e0532c", "#d65f9c"),
        ),
        Theme.LIGHT: Palette(
            background="#ffffff",
            text="#1e1f22",
            muted="#5c5f66",
            grid="#e6e7eb",
            baseline="#9a9da5",
            previous="#3f424a",
            unknown="#8b8f98",
            partial="#cdd2fb",
            series=("#5865f2", "#553605", "#073f62", "#11a168", "#e65a1c", "#ca50aa"),
        ),
    }
)
