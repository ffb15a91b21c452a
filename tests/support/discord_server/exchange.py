"""One interaction: what was sent to the bot, and everything it answered, with the time it took."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.discord_server.messages import FakeMessage
    from tests.support.discord_server.model import FakeChannel, FakeMember, FakeUser
    from tests.support.discord_server.payloads import Json

MESSAGE, DEFERRED, DEFERRED_UPDATE = 4, 5, 6
# Discord takes no first answer after this many seconds.
ANSWER_WITHIN = 3.0


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that came with a message."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing the bot answered: `kind` is callback, followup, edit or delete; `after` is in seconds."""

    kind: str
    payload: Json
    files: Sequence[SentFile]
    after: float


@dataclass(slots=True, eq=False)
class Exchange:
    """An interaction and its answers so far."""

    id: int
    token: str
    request_type: int
    channel: FakeChannel
    member: FakeMember | FakeUser
    started: float
    callback: Answer | None = None
    followups: list[Answer] = field(default_factory=list)
    edits: list[Answer] = field(default_factory=list)
    deletions: list[Answer] = field(default_factory=list)
    original: FakeMessage | None = None
    messages: dict[int, FakeMessage] = field(default_factory=dict)
    _answered: asyncio.Event = field(default_factory=asyncio.Event)
    _completed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def kind(self) -> int | None:
        """The callback's type."""
        return None if self.callback is None else int(self.callback.payload["type"])

    @property
    def first_response(self) -> float:
        """Seconds from the dispatch to the callback, as the server saw them; infinite before it."""
        return float("inf") if self.callback is None else self.callback.after

    @property
    def last_response(self) -> float:
        """Seconds from the dispatch to the latest answer; infinite before the callback."""
        return max((answer.after for answer in (*self.edits, *self.followups)), default=self.first_response)

    @property
    def shown(self) -> Json:
        """What the user reads in the end: the last edit, follow-up or the callback's own message."""
        if self.edits or self.followups:
            return max([*self.edits, *self.followups], key=lambda answer: answer.after).payload
        data: Json = {} if self.callback is None else self.callback.payload.get("data") or {}
        return data

    @property
    def files(self) -> list[SentFile]:
        """All files of all answers."""
        answers = [*([] if self.callback is None else [self.callback]), *self.edits, *self.followups]
        return [sent for answer in answers for sent in answer.files]

    def note(self, answer: Answer) -> None:
        """Keep an answer and wake who waits for it."""
        if answer.kind == "callback":
            self.callback = answer
            self._answered.set()
            if self.kind not in {DEFERRED, DEFERRED_UPDATE}:
                self._completed.set()
            return
        {"followup": self.followups, "edit": self.edits, "delete": self.deletions}[answer.kind].append(answer)
        self._completed.set()

    async def answered(self, timeout: float = ANSWER_WITHIN) -> None:  # noqa: ASYNC109 - tests pass it
        """Wait for the callback. Raises TimeoutError if none comes."""
        async with asyncio.timeout(timeout):
            await self._answered.wait()

    async def completed(self, timeout: float = 15.0) -> None:  # noqa: ASYNC109 - tests pass it
        """Wait until the user sees more than "is thinking". Raises TimeoutError if that never comes."""
        async with asyncio.timeout(timeout):
            await self._completed.wait()
