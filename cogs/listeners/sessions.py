"""Gateway sessions: a connection that identified itself anew may have missed messages."""

from bot.client import ServerstatsClient
from bot.services import Recording


class SessionListener:
    """Renews a shard's session at READY; a resumed one goes on."""

    def __init__(self, recording: Recording) -> None:
        self._sessions = recording.sessions

    def install(self, client: ServerstatsClient) -> None:
        """Begin to listen."""
        client.hear_at_once("shard_connect", self._connected)

    def _connected(self, shard_id: int) -> None:
        """Discord sent READY: its events begin afresh."""
        self._sessions.renew(shard_id)
