from itertools import combinations

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


@palettes
def test_marks_stand_out(palette: Palette) -> None:
    for colour in (*palette.series, palette.previous, palette.unknown):
        assert contrast(colour, palette.background) >= MARKS
    assert contrast(palette.accent, palette.partial) >= 2  # stripes on the running bar


@palettes
def test_the_grid_stays_behind_the_marks(palette: Palette) -> None:
    assert contrast(palette.grid, palette.background) < contrast(palette.baseline, palette.background) < MARKS


@pytest.mark.parametrize("vision", VISIONS)
@palettes
def test_series_are_told_apart_by_everyone(palette: Palette, vision: str) -> None:
    seen = [lab(np.array(VISIONS[vision]) @ linear(colour)) for colour in palette.series]
    assert min(float(np.linalg.norm(a - b)) for a, b in combinations(seen, 2)) > CLEARLY_APART
