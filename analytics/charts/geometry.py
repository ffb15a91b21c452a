"""Points and boxes in pixels from the top left corner."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the picture."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle. For a bar, ``top`` is the end of the value and ``bottom`` lies on the baseline."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Extent to the right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Extent downwards."""
        return self.bottom - self.top

    @property
    def middle(self) -> Point:
        """Centre."""
        return Point((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    def inside(self, other: "Box") -> bool:
        """Whether the other box holds this one."""
        return (
            self.left >= other.left
            and self.top >= other.top
            and self.right <= other.right
            and self.bottom <= other.bottom
        )

    def touches(self, other: "Box") -> bool:
        """Whether the two share an area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def runs_of(points: Sequence[Point | None]) -> list[list[Point]]:
    """Split a series of points at its gaps."""
    runs: list[list[Point]] = []
    for before, point in pairwise((None, *points)):
        if point is None:
            continue
        if before is None:
            runs.append([])
        runs[-1].append(point)
    return runs


def spans_of(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """Half-open index ranges where flags are set."""
    edges = [index for index, (a, b) in enumerate(pairwise((False, *flags, False))) if a != b]
    return list(zip(edges[::2], edges[1::2], strict=True))
