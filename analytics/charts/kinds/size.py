"""Sizes of pictures in pixels.

Discord shows a picture in 550 by 413 at most: a taller one is made narrow, and its texts small. So no picture
is taller than three quarters of its width: what needs more height becomes wider.
"""

from dataclasses import dataclass
from math import ceil

WIDTH, HEIGHT = 1100, 620
TALLEST = WIDTH * 3 // 4
"""Height up to which a picture needs no more width."""


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height of a picture."""

    width: int
    height: int


def size_of_height(height: int) -> Size:
    """Return the size of a picture that has to be so high."""
    return Size(max(WIDTH, ceil(height * 4 / 3)), max(HEIGHT, height))


def height_of_rows(header: int, rows: int, roomy: int, tight: int) -> int:
    """Return the height of so many rows: roomy ones, or tighter ones before the picture has to grow wider."""
    return header + max(tight * rows, min(roomy * rows, TALLEST - header))


def common_size(_spec: object) -> Size:
    """Return the size of most charts."""
    return Size(WIDTH, HEIGHT)
