"""What can be asked of a server in another process, and what it answers: JSON, one message a line."""

from __future__ import annotations

from typing import Literal

import msgspec


class Ask(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """Any command."""


class Flood(Ask, frozen=True):
    """Send `total` messages at `rate` a second (None: as fast as the client reads); answers `load.Sent`."""

    total: int
    rate: float | None = None
    variety: int = 2000
    seed: int = 0
    keep: bool = True


class StopFloods(Ask, frozen=True):
    """End the floods that run; each answers with what it sent."""


class Slash(Ask, frozen=True):
    """Let a member use a command; options are text, numbers or truth values. Answers `SlashReply`."""

    path: list[str]
    guild: str = "guild-0"
    channel: str = "channel-0"
    member: str = "owner"
    options: dict[str, str | int | float | bool] = {}
    timeout: float = 15.0


class Connection(Ask, frozen=True):
    """Do something to every connection: see the methods of `Gateway`; answers None."""

    act: Literal["drop", "reconnect", "invalidate", "suspend", "hold", "release"]


class Close(Ask, frozen=True):
    """Close every connection with a code; answers None."""

    code: int


class Behave(Ask, frozen=True):
    """Set what is given of the gateway's `Behaviour`; answers None."""

    heartbeat_interval: float | None = None
    acknowledge_heartbeats: bool | None = None
    accept_resumes: bool | None = None
    resume_overlap: int | None = None


class Redeliver(Ask, frozen=True):
    """Send the newest `last` messages of every channel again; answers how many those were."""

    last: int


class Limit(Ask, frozen=True):
    """Install a `faults.Bucket`; answers None."""

    limit: int
    per: float
    path: str = ".*"
    method: str | None = None
    is_global: bool = False


class Fail(Ask, frozen=True):
    """Install a `faults.Rule` that answers a status (429 with `retry_after`) or cuts (0); answers None."""

    status: int
    path: str = ".*"
    method: str | None = None
    times: int | None = 1
    retry_after: float = 0.1


class Stats(Ask, frozen=True):
    """Answers `StatsReply`."""


class Totals(Ask, frozen=True):
    """Answers `TotalsReply`."""


class Request(msgspec.Struct, frozen=True):
    """A command with the number that its answer will bear."""

    id: int
    ask: Flood | StopFloods | Slash | Connection | Close | Behave | Redeliver | Limit | Fail | Stats | Totals


class Reply(msgspec.Struct, frozen=True):
    """An answer: a result, or the words of what went wrong."""

    id: int
    result: msgspec.Raw = msgspec.Raw(b"null")
    error: str | None = None


class Started(msgspec.Struct, frozen=True):
    """The first line of the server."""

    base_url: str


class SlashReply(msgspec.Struct, frozen=True):
    """How a command was answered; `first_response` and `last_response` are in seconds since it was sent."""

    first_response: float
    last_response: float
    callback_type: int
    shown: msgspec.Raw
    files: list[str]


class SessionStats(msgspec.Struct, frozen=True):
    """One session."""

    id: str
    shard: tuple[int, int]
    seq: int
    acknowledged: int
    connected: bool


class StatsReply(msgspec.Struct, frozen=True):
    """Where the server stands. `cpu`: seconds the process used; `refused`: answers 429 of buckets."""

    sessions: list[SessionStats]
    identifies: int
    resumes: int
    heartbeats: int
    requests: int
    refused: int
    unknown: list[str]
    cpu: float


class TotalsReply(msgspec.Struct, frozen=True):
    """The truth about messages: how many each channel holds, and each author wrote, by id."""

    messages: int
    by_channel: dict[int, int]
    by_author: dict[int, int]
