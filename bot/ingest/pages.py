"""Pages of Discord's history: what one covers, what of it counts, and what stands of a channel afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.ingest.activities.messages import MessageSent
from bot.ingest.coverage import Coverage, admit_history, begin_session
from bot.ingest.store import CoverageKey

LAST_ID = 2**63 - 1
"""No message has a greater id."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """A session in which nothing live came yet, and the newest id that was there after it began."""

    session: int
    newest: int


@dataclass(frozen=True, slots=True)
class Listed:
    """All threads that were archived before ``until`` (ms since 1970) are known."""

    until: int
    private: bool


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Members' ``messages`` among all ids strictly between ``after`` and ``before``.

    With ``begins`` it is the newest page of a channel; ``listed`` says how far its threads are known.
    """

    key: CoverageKey
    messages: Sequence[MessageSent] = field(default_factory=tuple)
    after: int = 0
    before: int = 0
    begins: Beginning | None = None
    listed: Listed | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left to do in a channel: ``ranges`` are uncounted (after, before), newest first."""

    session: int
    floor: int
    ranges: tuple[tuple[int, int], ...]
    archived: int = 0
    archived_private: int = 0


@dataclass(frozen=True, slots=True)
class Filled:
    """How many messages of a page counted, and what is left."""

    counted: int
    standing: Standing


def dropped(key: CoverageKey) -> HistoryPage:
    """A page by which a channel that is gone has nothing left to count."""
    return HistoryPage(key, after=-1, before=LAST_ID)


def admit(coverage: Coverage, page: HistoryPage) -> list[MessageSent]:
    """Take a page into the coverage; the messages that count."""
    if page.begins is not None:
        begin_session(coverage, page.begins.newest, page.begins.session)
    if page.listed is not None:
        if page.listed.private:
            coverage.archived_private = max(coverage.archived_private, page.listed.until)
        else:
            coverage.archived = max(coverage.archived, page.listed.until)
    verdicts = admit_history(coverage, [sent.id for sent in page.messages], page.after, page.before)
    return [sent for sent, counts in zip(page.messages, verdicts, strict=True) if counts]


def standing_of(coverage: Coverage) -> Standing:
    """What is left to do."""
    ranges = sorted(((span.after, span.before) for span in coverage.uncounted), key=lambda r: -r[1])
    return Standing(
        coverage.session, coverage.floor, tuple(ranges), coverage.archived, coverage.archived_private
    )
