"""What a picture needs to be read in Discord."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas

SHOWN_WIDTH, SHOWN_HEIGHT = 550, 413
"""Room that Discord gives a picture below a card."""
SMALLEST = 9.0
"""Pixels of the smallest text there."""


def assert_legible(canvas: "Canvas", name: str) -> None:
    """A picture is no taller than three quarters of its width, and can be read where Discord shows it."""
    assert 4 * canvas.height <= 3 * canvas.width, name
    shown = min(SHOWN_WIDTH / canvas.width, SHOWN_HEIGHT / canvas.height, 1.0)
    assert canvas.smallest_text() * shown >= SMALLEST, name
