"""Sizes of pictures in pixels."""

from dataclasses import dataclass

WIDTH, HEIGHT = 1100, 620


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height of a picture."""

    width: int
    height: int


def common_size(_spec: object) -> Size:
    """Return the size of most charts."""
    return Size(WIDTH, HEIGHT)
