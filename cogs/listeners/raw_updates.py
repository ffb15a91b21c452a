"""MESSAGE_UPDATE of members' messages, read as it arrives, without discord.py's objects: see ``raw_gateway``.

What bots' messages say goes on to discord.py, which follows the controls on ours. Should a payload be other
than expected, or somebody else listen, discord.py's way serves.
"""

from typing import Any

import structlog

from bot.client import ServerstatsClient
from bot.event_guard import unguarded
from cogs.listeners.message_changes import MessageChanges

Payload = dict[str, Any]

_UPDATE = "MESSAGE_UPDATE"

_log = structlog.get_logger(__name__)


class RawUpdates:
    """Stands before discord.py's parser of updates."""

    def __init__(self, client: ServerstatsClient, changes: MessageChanges) -> None:
        self._client = client
        self._changes = changes
        self._trusted = True

    def install(self) -> bool:
        """Take the place of the parser; False if this discord.py has it elsewhere."""
        parsers = getattr(self._client._connection, "parsers", None)  # noqa: SLF001 - as in raw_gateway
        if not isinstance(parsers, dict) or _UPDATE not in parsers:
            _log.warning("this discord.py is unknown: updates of messages are read the slow way")
            return False
        self._update = unguarded(parsers[_UPDATE])
        parsers[_UPDATE] = self._on_update
        return True

    def _on_update(self, data: Payload) -> None:
        if not self._trusted or self._others_listen() or _of_bot(data):
            self._update(data)
            return
        try:
            self._changes.updated(data)
        except Exception as error:  # noqa: BLE001 - whatever Discord has changed, discord.py may know it
            self._update(data)  # raises where it does not, either: then this one update is strange
            self._trusted = False
            _log.warning("updates look unfamiliar: they are read the slow way", cause=type(error).__name__)

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
