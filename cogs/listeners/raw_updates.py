"""MESSAGE_UPDATE of members' messages, read as it arrives, without discord.py's objects: see ``raw_gateway``.

What bots' messages say goes on to discord.py, which follows the controls on ours. Should a payload be other
than expected, or somebody else listen, discord.py's way serves.
"""

from typing import TYPE_CHECKING, Any

import structlog

from bot.client import ServerstatsClient
from cogs.listeners.message_changes import MessageChanges

if TYPE_CHECKING:
    from collections.abc import Callable

Payload = dict[str, Any]

_UPDATE = "MESSAGE_UPDATE"

_log = structlog.get_logger(__name__)


class RawUpdates:
    """Stands before discord.py's parser of updates."""

    def __init__(self, client: ServerstatsClient, changes: MessageChanges) -> None:
        self._client = client
        self._changes = changes
        self._parsers: dict[str, Callable[[Payload], None]] = {}

    def install(self) -> bool:
        """Take the place of the parser; False if this discord.py has it elsewhere."""
        parsers = getattr(self._client._connection, "parsers", None)  # noqa: SLF001 - as in raw_gateway
        if not isinstance(parsers, dict) or _UPDATE not in parsers:
            _log.warning("this discord.py is unknown: updates of messages are read the slow way")
            return False
        self._parsers, self._update = parsers, parsers[_UPDATE]
        parsers[_UPDATE] = self._on_update
        return True

    def _on_update(self, data: Payload) -> None:
        if self._others_listen() or _of_bot(data):
            self._slowly(data)
            return
        try:
            self._changes.updated(data)
        except Exception as error:  # noqa: BLE001 - whatever Discord has changed, discord.py may know it
            self._parsers[_UPDATE] = self._slowly
            _log.warning("updates look unfamiliar: they are read the slow way", cause=type(error).__name__)
            self._slowly(data)

    def _slowly(self, data: Payload) -> None:
        """Let discord.py read it. One that it cannot read would end the bot."""
        try:
            self._update(data)
        except Exception as error:  # noqa: BLE001 - discord.py raises whatever a strange payload makes it
            _log.error("an update of a message cannot be read", cause=type(error).__name__)

    def _others_listen(self) -> bool:
        """Whether anybody but the listener of changes waits for discord.py's objects."""
        events, waiting = self._client.extra_events, self._client._listeners  # noqa: SLF001 - same
        return (
            len(events.get("on_raw_message_edit", ())) > 1
            or bool(events.get("on_message_edit"))
            or not waiting.keys().isdisjoint({"raw_message_edit", "message_edit"})
        )


def _of_bot(data: Payload) -> bool:
    author = data.get("author")
    return author is None or bool(author.get("bot"))
