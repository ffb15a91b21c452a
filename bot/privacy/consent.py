"""What a member allows: which message ids count, and whether what happens now does.

All instants are Discord's snowflakes: an opt-out or erasure has the id of the interaction that asked for it.
So it lies exactly between two messages, whatever the host's clock says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from bot.privacy.records import ConsentRecord, Erased, OptedIn, OptedOut

DISCORD_EPOCH_MS = 1_420_070_400_000


class Span(NamedTuple):
    """Ids greater than ``after`` and less than ``until`` (None: no end yet)."""

    after: int
    until: int | None


@dataclass(frozen=True, slots=True)
class Consent:
    """Ids up to ``erased`` (0: none) and within ``spans`` (ascending) never count.

    ``erasures``: how often the member was erased.
    """

    erased: int = 0
    spans: tuple[Span, ...] = ()
    erasures: int = 0

    @property
    def opted_out(self) -> bool:
        """Whether nothing counts now."""
        return is_open(self.spans)

    @property
    def known(self) -> int:
        """The latest instant that this knows of: the greater one of two is the later knowledge."""
        return max([self.erased, *(instant for span in self.spans for instant in span if instant)])

    def silences(self, at: int) -> bool:
        """Whether an id never counts."""
        return at <= self.erased or within(self.spans, at)

    def after(self, record: ConsentRecord) -> "Consent":
        """What holds after a record; one that is known already, or says nothing new, changes nothing."""
        if record.at <= self.known:
            return self
        match record:
            case OptedOut() if not self.opted_out:
                return replace(self, spans=opened(self.spans, record.at))
            case OptedIn() if self.opted_out:
                return replace(self, spans=closed(self.spans, record.at))
            case Erased():
                spans = tuple(span for span in self.spans if span.until is None or span.until > record.at)
                return Consent(record.at, spans, self.erasures + 1)
            case _:
                return self


def within(spans: Sequence[Span], at: int) -> bool:
    """Whether an id lies in one of the spans."""
    return any(span.after < at and (span.until is None or at < span.until) for span in spans)


def is_open(spans: Sequence[Span]) -> bool:
    """Whether the last span has no end yet."""
    return bool(spans) and spans[-1].until is None


def opened(spans: tuple[Span, ...], at: int) -> tuple[Span, ...]:
    """The spans and one that begins."""
    return spans if is_open(spans) else (*spans, Span(at, None))


def closed(spans: tuple[Span, ...], at: int) -> tuple[Span, ...]:
    """The spans, the last one ended."""
    return (*spans[:-1], Span(spans[-1].after, at)) if is_open(spans) else spans


def later(one: Consent | None, other: Consent) -> Consent:
    """Of two copies of one member's consent the one that knows more."""
    return other if one is None or other.known > one.known else one


def snowflake_at(at_ms: int) -> int:
    """The greatest id that an instant (ms since 1970) can have; for what has a time and no id."""
    return (max(0, at_ms - DISCORD_EPOCH_MS) + 1 << 22) - 1
