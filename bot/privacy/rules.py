"""A server's rules for counting: channels and roles that are excluded, and who counts besides members.

Rules hold from when they were set, and are kept with their times: what history brings later is judged by the
rule of its own time.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar

from bot.privacy.consent import Span, closed, is_open, opened, within

Spans = tuple[Span, ...]
Target = TypeVar("Target", int, str)


class Writer(StrEnum):
    """Who wrote a message."""

    MEMBER = "MEMBER"
    BOT = "BOT"
    WEBHOOK = "WEBHOOK"
    SYSTEM = "SYSTEM"


class Subject(StrEnum):
    """What a rule is about."""

    CHANNEL = "channel"
    ROLE = "role"
    WRITER = "writer"


@dataclass(frozen=True, slots=True)
class Change:
    """A rule begins (``applies``) or ends; ``target`` is a channel's or role's id, or a Writer's name."""

    subject: Subject
    target: str
    applies: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """When channels and roles were excluded, and when other writers than members counted, by id or name."""

    channels: Mapping[int, Spans] = field(default_factory=dict)
    roles: Mapping[int, Spans] = field(default_factory=dict)
    writers: Mapping[str, Spans] = field(default_factory=dict)

    def excludes(self, channel: int, thread: int, roles: Iterable[int], at: int) -> bool:
        """Whether a message with this id is not counted for where it is or who wrote it."""
        channels = self.channels
        if channel in channels and within(channels[channel], at):
            return True
        if thread in channels and within(channels[thread], at):
            return True
        return bool(self.roles) and any(within(self.roles.get(role, ()), at) for role in roles)

    def counts_writer(self, writer: Writer, at: int) -> bool:
        """Whether messages of such a writer count."""
        return writer is Writer.MEMBER or within(self.writers.get(writer, ()), at)

    @property
    def excluded_channels(self) -> list[int]:
        """Channels that are excluded now."""
        return [channel for channel, spans in self.channels.items() if is_open(spans)]

    @property
    def excluded_roles(self) -> list[int]:
        """Roles that are excluded now."""
        return [role for role, spans in self.roles.items() if is_open(spans)]

    @property
    def counted_writers(self) -> list[Writer]:
        """Who counts now besides members."""
        return [Writer(writer) for writer, spans in self.writers.items() if is_open(spans)]

    def after(self, change: Change, at: int) -> "Rules":
        """The rules with a change from a snowflake on; the same if it changes nothing."""
        step = opened if change.applies else closed
        match change.subject:
            case Subject.CHANNEL:
                return replace(self, channels=_changed(self.channels, int(change.target), step, at))
            case Subject.ROLE:
                return replace(self, roles=_changed(self.roles, int(change.target), step, at))
            case Subject.WRITER:
                return replace(self, writers=_changed(self.writers, change.target, step, at))


def _changed(
    spans: Mapping[Target, Spans], target: Target, step: Callable[[Spans, int], Spans], at: int
) -> Mapping[Target, Spans]:
    changed = step(spans.get(target, ()), at)
    return {**spans, target: changed} if changed else spans
