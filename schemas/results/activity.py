"""What the views of activity say: messages, voice, reactions, threads, hours of the week, content."""

import msgspec

from schemas.results.board import Head, Ranking
from schemas.results.curve import Curve, Total
from schemas.results.days import WholeDays


class MessageActivity(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Messages in all channels or in some; ``days`` is how many of the period were counted."""

    head: Head
    total: Total
    curve: Curve
    days: float | None
    channels: Ranking


class VoiceActivity(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Time in voice in minutes; ``peak``: the most people at once in the server.

    ``parts`` and ``afk`` (the time in the AFK channel, in nothing else) are of whole days, ``parts_days``;
    None: those of the period. ``parts`` None: days of the period are in the archive, where times are not told
    apart.
    """

    head: Head
    total: Total
    curve: Curve
    peak: Total | None
    channels: Ranking
    parts: Ranking | None
    afk: float | None
    parts_days: WholeDays | None = None


class ReactionActivity(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Reactions given; ``with_reactions`` (messages) and ``emoji`` are None for some channels.

    ``days``: all of it is of these whole days; None: those of the period.
    """

    head: Head
    total: Total
    curve: Curve
    with_reactions: Total | None
    channels: Ranking
    emoji: Ranking | None
    days: WholeDays | None = None


class ThreadActivity(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What became of threads, and the messages in them; ``open_now`` is the latest reading."""

    head: Head
    created: Total
    archived: Total
    solved: Total
    messages: Total
    open_now: int | None
    curves: dict[str, Curve]


class WeekActivity(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Messages in an average hour of the week: by weekday (0 is Sunday) and hour; None: never counted."""

    head: Head
    total: Total
    cells: tuple[tuple[float | None, ...], ...]


class ContentActivity(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Messages by what they carry; of ``unknown`` ones it is not known whether they have some of it.

    ``totals`` and ``curves`` go by the plural of what is carried. A total of None is unknown.
    """

    head: Head
    messages: Total
    unknown: int
    totals: dict[str, Total]
    curves: dict[str, Curve]


class RoleActivity(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What members with some roles did, by day; ``members`` did any of it. A total of None is unknown.

    ``roles``: how much those with each role did, where there are several.
    """

    head: Head
    total: Total
    members: Total
    curve: Curve
    roles: Ranking | None
