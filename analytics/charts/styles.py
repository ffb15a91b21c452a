"""How lines and texts look."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line's colour and width in pixels; ``halo`` colours a thin border around it."""

    colour: str
    width: float
    dashed: bool = False
    halo: str | None = None


@dataclass(frozen=True, slots=True)
class Lettering:
    """A text's size in pixels, colour and weight."""

    size: float
    colour: str
    heavy: bool = False
