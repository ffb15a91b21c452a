"""What is said of a figure besides its value."""

from collections.abc import Iterator

from bot.wording import format as fmt
from bot.wording.numbers import change
from schemas.results.board import Figure, Head
from texts import tr

BAR_CELLS = 6


def remarks(figure: Figure, head: Head, *, bars: bool = False) -> Iterator[str]:
    """How it moved, what part of a whole it is (with ``bars``: drawn, too), and its note, a line each."""
    comparable = head.comparable and head.counted_since is not None
    if figure.compared and figure.value is not None and (figure.previous is not None or comparable):
        yield change(figure.value, figure.previous, figure.measure)
    if figure.of is not None and figure.value is not None:
        bar = f"`{fmt.bar(figure.value, figure.of, BAR_CELLS)}` " if bars else ""
        share = fmt.percent(figure.value, figure.of)
        yield bar + tr("{share} of {whole}", share=share, whole=figure.of_what)
    if figure.note:
        yield figure.note
