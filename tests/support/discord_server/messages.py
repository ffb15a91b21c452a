"""Messages, and the history a channel keeps of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypedDict

from tests.support.discord_server import message_payloads

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.support.discord_server.model import FakeChannel, FakeMember, FakeRole, FakeUser
    from tests.support.discord_server.payloads import Json

DEFAULT, THREAD_CREATED, REPLY, CHAT_INPUT_COMMAND, THREAD_STARTER = 0, 18, 19, 20, 21
EPHEMERAL = 1 << 6


class StoredMessage(Protocol):
    """What a history holds: anything that can say its id, its author and its payload."""

    @property
    def id(self) -> int: ...
    @property
    def author_id(self) -> int: ...
    def payload(self, *, content: bool) -> Json:
        """Return the message object of REST; without `content` what the intent hides is empty."""
        ...


class MessageFields(TypedDict, total=False):
    """What a test may say about a message beside channel and author."""

    content: str
    message_type: int
    reply_to: FakeMessage
    mentions: Sequence[FakeMember]
    mention_roles: Sequence[FakeRole]
    mention_everyone: bool
    attachments: Sequence[Json]
    embeds: Sequence[Json]
    components: Sequence[Json]
    stickers: Sequence[str]
    poll: Json
    webhook_id: int
    flags: int
    reactions: Sequence[Json]


@dataclass(slots=True)
class FakeMessage:
    """One message; `author` is a member, or a user where no server is (webhook, direct message)."""

    id: int
    channel: FakeChannel
    author: FakeMember | FakeUser
    content: str = ""
    message_type: int = DEFAULT
    reply_to: FakeMessage | None = None
    mentions: Sequence[FakeMember] = ()
    mention_roles: Sequence[FakeRole] = ()
    mention_everyone: bool = False
    attachments: Sequence[Json] = ()
    embeds: Sequence[Json] = ()
    components: Sequence[Json] = ()
    stickers: Sequence[str] = ()
    poll: Json | None = None
    webhook_id: int | None = None
    flags: int = 0
    reactions: Sequence[Json] = ()
    edited_timestamp: str | None = None
    pinned: bool = False
    thread: FakeChannel | None = None

    @property
    def author_id(self) -> int:
        return self.author.id

    def payload(self, *, content: bool) -> Json:
        return message_payloads.message(self, content=content)


@dataclass(slots=True)
class History:
    """A channel's messages in order of id. Asked by page, as Discord is."""

    _ids: list[int] = field(default_factory=list)
    _rows: list[StoredMessage] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[StoredMessage]:
        return iter(self._rows)

    @property
    def last_id(self) -> int | None:
        return self._ids[-1] if self._ids else None

    def add(self, message: StoredMessage) -> None:
        """Keep a message, at its place in time."""
        if not self._ids or message.id > self._ids[-1]:
            self._ids.append(message.id)
            self._rows.append(message)
            return
        at = bisect_left(self._ids, message.id)
        self._ids.insert(at, message.id)
        self._rows.insert(at, message)

    def get(self, message_id: int) -> StoredMessage | None:
        at = bisect_left(self._ids, message_id)
        return self._rows[at] if at < len(self._ids) and self._ids[at] == message_id else None

    def remove(self, message_id: int) -> bool:
        """Forget a message; False if there was none."""
        at = bisect_left(self._ids, message_id)
        if at == len(self._ids) or self._ids[at] != message_id:
            return False
        del self._ids[at], self._rows[at]
        return True

    def latest(self, count: int) -> list[StoredMessage]:
        """Return the newest messages, oldest of them first."""
        return self._rows[-count:] if count else []

    def page(
        self, *, limit: int, before: int | None = None, after: int | None = None, around: int | None = None
    ) -> list[StoredMessage]:
        """Return at most `limit` messages, newest first, as `GET /channels/{id}/messages` does."""
        if around is not None:
            middle = bisect_left(self._ids, around)
            low = max(0, middle - limit // 2)
            high = low + limit
        elif after is not None:
            low = bisect_right(self._ids, after)
            high = low + limit
        else:
            high = len(self._ids) if before is None else bisect_left(self._ids, before)
            low = max(0, high - limit)
        return self._rows[low:high][::-1]
