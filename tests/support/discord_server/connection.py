"""One client's websocket, as the server holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.support.discord_server.wire import Codec, frames

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from aiohttp import web

    from tests.support.discord_server.session import Session

# With these from the client a session is over; from the server with those that follow.
GOODBYE = frozenset({1000, 1001})
FATAL = frozenset({4003, 4004, 4005, 4007, 4009, 4010, 4011, 4012, 4013, 4014})


@dataclass(slots=True, eq=False)
class Connection:
    """One websocket. Frames go straight to its transport, so that a thousand messages cost one write."""

    socket: web.WebSocketResponse
    transport: asyncio.Transport
    codec: Codec
    compress: str | None
    held: bool = False
    session: Session | None = None
    closed_with: int | None = None

    @property
    def backlog(self) -> int:
        """Bytes that the client has not taken yet."""
        return self.transport.get_write_buffer_size()

    def write(self, messages: Sequence[bytes]) -> None:
        """Send gateway messages in one write."""
        if not self.transport.is_closing():
            self.transport.write(frames(self.codec, messages))

    @property
    def close_code(self) -> int | None:
        """Whoever closed first: with which code."""
        return self.closed_with or self.socket.close_code

    @property
    def ends_session(self) -> bool:
        """Whether nothing can be resumed after this close."""
        return (
            self.closed_with in FATAL if self.closed_with is not None else self.socket.close_code in GOODBYE
        )

    async def close(self, code: int) -> None:
        """Close with a code."""
        self.closed_with = code
        await self.socket.close(code=code)

    def abort(self) -> None:
        """Cut the connection without a word, as a broken network does."""
        self.transport.abort()
