"""In which order message ids come.

The exporter writes oldest first; with ``--reverse`` newest first, and the file does not say so. JSON lines
come as they come. Coverage is counted in ascending pages, so whoever imports ids looks here first.
"""

from collections.abc import Iterable
from enum import StrEnum

from bot.importing.rows import ImportedMessage, Row


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

    def watch(self, rows: Iterable[Row]) -> None:
        """Look at rows in the file's order."""
        for row in rows:
            if isinstance(row, ImportedMessage) and row.message_id is not None:
                channel = row.channel
                self._step(channel.name if channel.id is None else channel.id, row.message_id)

    @property
    def order(self) -> IdOrder:
        """The order that all channels so far have in common."""
        seen = set(self._orders.values())
        if len(seen) > 1:
            return IdOrder.MIXED
        return seen.pop() if seen else IdOrder.UNKNOWN

    def _step(self, channel: int | str, message_id: int) -> None:
        last = self._last.get(channel, message_id)
        self._last[channel] = message_id
        if message_id == last:
            return
        step = IdOrder.ASCENDING if message_id > last else IdOrder.DESCENDING
        if self._orders.setdefault(channel, step) is not step:
            self._orders[channel] = IdOrder.MIXED
