"""In which order message ids come.

The exporter writes oldest first; with ``--reverse`` newest first, and the file does not say so. JSON lines
come as they come. Coverage is counted in ascending pages, so whoever imports ids looks here first.
"""

from collections.abc import Iterable
from enum import StrEnum

from bot.importing.rows import FileFormat, ImportedMessage, ImportFileError, Position, Row


class IdOrder(StrEnum):
    """How the ids of a channel follow each other; ``UNKNOWN`` with fewer than two of them."""

    UNKNOWN = "unknown"
    ASCENDING = "ascending"
    DESCENDING = "descending"
    MIXED = "mixed"


class OrderWatch:
    """Watches the ids of every channel go by; an id that comes again at once changes nothing."""

    def __init__(self) -> None:
        self._last: dict[int | str, int] = {}
        self._orders: dict[int | str, IdOrder] = {}
        self.first_back: int | None = None
        """Number of the first row whose id is less than the one before it in its channel."""

    def watch(self, rows: Iterable[Row], ends: Iterable[Position]) -> None:
        """Look at rows in the file's order, each with the position behind it."""
        for row, end in zip(rows, ends, strict=True):
            if isinstance(row, ImportedMessage) and row.message_id is not None:
                channel = row.channel
                self._step(channel.name if channel.id is None else channel.id, row.message_id, end.index)

    def require_ascending(self, file_format: FileFormat) -> None:
        """Raise ImportFileError if ids step back, with what can be done about a file of this format."""
        if self.first_back is not None:
            raise ImportFileError(f"{_where(self, file_format)}. {_MENDS[file_format, self.order]}")

    @property
    def order(self) -> IdOrder:
        """The order that all channels so far have in common."""
        seen = set(self._orders.values())
        if len(seen) > 1:
            return IdOrder.MIXED
        return seen.pop() if seen else IdOrder.UNKNOWN

    def _step(self, channel: int | str, message_id: int, number: int) -> None:
        last = self._last.get(channel, message_id)
        self._last[channel] = message_id
        if message_id == last:
            return
        step = IdOrder.ASCENDING if message_id > last else IdOrder.DESCENDING
        if step is IdOrder.DESCENDING and self.first_back is None:
            self.first_back = number
        if self._orders.setdefault(channel, step) is not step:
            self._orders[channel] = IdOrder.MIXED


_MENDS = {
    (FileFormat.EXPORTER, IdOrder.DESCENDING): (
        "It was exported with --reverse: export the channel again without that."
    ),
    (FileFormat.EXPORTER, IdOrder.MIXED): (
        "The file looks as if several exports had been joined. Import these themselves, all in one command: "
        "what they have in common counts once. Or export the channel again."
    ),
    (FileFormat.JSON_LINES, IdOrder.DESCENDING): "Sort its lines by `id`, least first.",
    (FileFormat.JSON_LINES, IdOrder.MIXED): "Sort its lines by `id`, least first.",
}


def _where(watch: OrderWatch, file_format: FileFormat) -> str:
    what = "line" if file_format is FileFormat.JSON_LINES else "message"
    return (
        f"{what} {watch.first_back:,} has a smaller message id than the {what} of its channel before it, so "
        "the file does not show which messages it covers. Nothing of it is imported"
    )
