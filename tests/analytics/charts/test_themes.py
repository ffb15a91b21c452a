from collections.abc import Iterable
from itertools import combinations, pairwise

import numpy as np
import pytest

from analytics.charts.spec import Theme
from analytics.charts.themes import PALETTES, Palette

# Machado, Oliveira and Fernandes (2009), severity 1.0, for linear RGB.
VISIONS = {
    "normal": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
XYZ = [
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
]
WHITE = [0.95047, 1.0, 1.08883]
MARKS, TEXT = 3.0, 4.5
CLEARLY_APART = 20.0
NEIGHBOURS_APART, PAIRS_APART, STEPS_APART = 18.0, 9.0, 7.0
"""In units of CIEDE2000, of which one is what a trained eye just sees side by side."""

palettes = pytest.mark.parametrize("palette", [PALETTES[theme] for theme in Theme], ids=list(Theme))


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    dark, light = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    scaled = np.array(XYZ) @ np.clip(rgb, 0, 1) / WHITE
    x, y, z = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@palettes
def test_text_is_readable(palette: Palette) -> None:
    for colour in (palette.text, palette.muted):
        assert contrast(colour, palette.background) >= TEXT
    for shade in palette.heat:
        assert contrast(shade.ink, shade.fill) >= TEXT
    assert contrast(palette.text, palette.nothing) >= TEXT


@palettes
def test_marks_stand_out(palette: Palette) -> None:
    for colour in (*palette.series, palette.previous, palette.unknown):
        assert contrast(colour, palette.background) >= MARKS
    for shade in palette.heat:
        assert contrast(shade.fill, palette.background) >= MARKS
    assert contrast(palette.accent, palette.partial) >= 2  # stripes on the running bar


@palettes
def test_the_grid_stays_behind_the_marks(palette: Palette) -> None:
    assert contrast(palette.grid, palette.background) < contrast(palette.baseline, palette.background) < MARKS


@pytest.mark.parametrize("vision", VISIONS)
@palettes
def test_series_are_told_apart_by_everyone(palette: Palette, vision: str) -> None:
    colours = seen(palette.series, vision)
    assert min(float(np.linalg.norm(a - b)) for a, b in combinations(colours, 2)) > CLEARLY_APART


def seen(colours: Iterable[str], vision: str) -> list[np.ndarray]:
    return [lab(np.array(VISIONS[vision]) @ linear(colour)) for colour in colours]


def ciede2000(one: np.ndarray, other: np.ndarray) -> float:
    """Colour difference after Sharma, Wu and Dalal (2005)."""
    chroma = np.hypot(*one[1:]) / 2 + np.hypot(*other[1:]) / 2
    stretch = 1 + 0.5 * (1 - np.sqrt(chroma**7 / (chroma**7 + 25.0**7)))
    (l1, a1, b1), (l2, a2, b2) = (colour * [1, stretch, 1] for colour in (one, other))
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn) / 2)
    light, mean, angle = (l1 + l2) / 2, (c1 + c2) / 2, (h1 + turn / 2) % 360
    cosines = np.cos(np.radians([angle - 30, 2 * angle, 3 * angle + 6, 4 * angle - 63]))
    t = 1 + cosines @ [-0.17, 0.24, 0.32, -0.20]
    from_middle = (light - 50) ** 2
    per_light = (l2 - l1) / (1 + 0.015 * from_middle / np.sqrt(20 + from_middle))
    per_chroma = (c2 - c1) / (1 + 0.045 * mean)
    per_hue = hue / (1 + 0.015 * mean * t)
    rotation = 30 * np.exp(-(((angle - 275) / 25) ** 2))
    twist = -2 * np.sqrt(mean**7 / (mean**7 + 25.0**7)) * np.sin(np.radians(2 * rotation))
    return float(np.sqrt(per_light**2 + per_chroma**2 + per_hue**2 + twist * per_chroma * per_hue))


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (61, -5, 29), 22.8977),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_colour_difference_agrees_with_the_published_figures(
    one: tuple[float, ...], other: tuple[float, ...], difference: float
) -> None:
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(difference, abs=1e-4)


@pytest.mark.parametrize("vision", VISIONS)
@palettes
def test_neighbours_in_a_stack_differ_most(palette: Palette, vision: str) -> None:
    colours = seen(palette.series, vision)
    assert min(ciede2000(a, b) for a, b in pairwise(colours)) >= NEIGHBOURS_APART
    assert min(ciede2000(a, b) for a, b in combinations(colours, 2)) >= PAIRS_APART


@pytest.mark.parametrize("vision", VISIONS)
@palettes
def test_steps_of_a_heatmap_are_told_apart_by_everyone(palette: Palette, vision: str) -> None:
    nothing, *steps = seen([palette.nothing, *(shade.fill for shade in palette.heat)], vision)
    assert ciede2000(nothing, steps[0]) >= NEIGHBOURS_APART
    assert min(ciede2000(a, b) for a, b in pairwise(steps)) >= STEPS_APART
    lightness = [step[0] for step in steps]
    assert lightness in (sorted(lightness), sorted(lightness, reverse=True))
