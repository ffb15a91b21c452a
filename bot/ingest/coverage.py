"""Which message ids of a channel are counted, and which are not yet.

No clock decides. After a new gateway session the first live id F of a channel opens the range
(last counted, F) in the very transaction that counts F; live ids inside a range are dropped, since
history owns them. Per channel:

* ids up to ``floor`` are settled: counted, or inside a range of ``uncounted``;
* above ``floor`` exactly the ids in ``recent`` are counted. They span the last minute, at most
  ``RECENT_LIMIT`` ids, and reject redeliveries.

A channel that never saw a live message has nothing counted: ``floor`` 0.
"""

from bisect import bisect_left, insort
from collections.abc import Sequence

import msgspec

RECENT_MS = 60_000
RECENT_LIMIT = 500
_SNOWFLAKE_MS_SHIFT = 22


class Range(msgspec.Struct):
    """Ids strictly between ``after`` and ``before`` are not counted, but for the sorted ``counted``."""

    after: int
    before: int
    counted: list[int] = msgspec.field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether no id fits between the bounds."""
        return self.before - self.after <= 1


class Coverage(msgspec.Struct):
    """What is counted in one channel or thread; ``session`` last counted here (0: none).

    ``revision`` is that of the stored document, which is replaced only if it still has it. ``archived`` and
    ``archived_private``: see ``ChannelCoverage``.
    """

    session: int = 0
    floor: int = 0
    recent: list[int] = msgspec.field(default_factory=list)
    uncounted: list[Range] = msgspec.field(default_factory=list)
    revision: int = 0
    archived: int = 0
    archived_private: int = 0


def admit_live(coverage: Coverage, message_id: int, session: int) -> bool:
    """Decide whether a message from the gateway counts, and note that it did."""
    if session != coverage.session:
        if message_id <= coverage.floor or _contains(coverage.recent, message_id):
            return False
        _open_range(coverage, message_id)
        coverage.session = session
    elif message_id <= coverage.floor or _contains(coverage.recent, message_id):
        return False
    insort(coverage.recent, message_id)
    _settle(coverage)
    return True


def admit_page(coverage: Coverage, ids: Sequence[int], covers_from: int) -> list[bool]:
    """Decide which ids of an ascending page from a file count; nobody listens to the channel meanwhile.

    The page covers every id from ``covers_from`` to its last id: what of that was uncounted is so no more.
    Everything above ``floor`` that is not in ``recent`` is uncounted, for no live session is there.
    """
    if not ids:
        return []
    last = ids[-1]
    if last > coverage.floor:
        _close(coverage, last)
    admitted = [_uncounted(coverage, message_id) for message_id in ids]
    coverage.uncounted = [
        piece for span in coverage.uncounted for piece in _cut(span, covers_from, last) if not piece.empty
    ]
    return admitted


def admit_history(coverage: Coverage, ids: Sequence[int], after: int, before: int) -> list[bool]:
    """Decide which ids of a page of history count; somebody may listen to the channel meanwhile.

    The page covers every id strictly between ``after`` and ``before``: what of that was uncounted is so no
    more. Only ids inside ranges count; what lies above ``floor`` is the live session's.
    """
    admitted = [_uncounted(coverage, message_id) for message_id in ids]
    coverage.uncounted = [
        piece for span in coverage.uncounted for piece in _cut(span, after + 1, before - 1) if not piece.empty
    ]
    return admitted


def begin_session(coverage: Coverage, newest: int, session: int) -> None:
    """Begin a session in which nothing has come yet: ``newest`` is the newest id there was after it began.

    What was missed until then becomes a range. Nothing changes if something live came first.
    """
    if session == coverage.session:
        return
    if newest > coverage.floor:
        _close(coverage, newest)
    coverage.session = session


def _open_range(coverage: Coverage, first: int) -> None:
    opened = Range(coverage.floor, first, [i for i in coverage.recent if i < first])
    if not opened.empty:
        coverage.uncounted.append(opened)
    coverage.floor = first - 1
    coverage.recent = [i for i in coverage.recent if i >= first]


def _close(coverage: Coverage, last: int) -> None:
    """Settle all ids up to ``last``, as a range where they are not counted."""
    opened = Range(coverage.floor, last + 1, [i for i in coverage.recent if i <= last])
    coverage.uncounted.append(opened)
    coverage.floor = last
    coverage.recent = [i for i in coverage.recent if i > last]


def _settle(coverage: Coverage) -> None:
    recent = coverage.recent
    horizon = recent[-1] - (RECENT_MS << _SNOWFLAKE_MS_SHIFT)
    forget = max(bisect_left(recent, horizon), len(recent) - RECENT_LIMIT)
    if forget > 0:
        coverage.floor = max(coverage.floor, recent[forget - 1])
        del recent[:forget]


def _uncounted(coverage: Coverage, message_id: int) -> bool:
    return any(
        span.after < message_id < span.before and not _contains(span.counted, message_id)
        for span in coverage.uncounted
    )


def _cut(span: Range, first: int, last: int) -> tuple[Range, ...]:
    """What is left of a range without the ids from ``first`` to ``last``."""
    if last <= span.after or first >= span.before:
        return (span,)
    below = Range(span.after, max(first, span.after + 1), [i for i in span.counted if i < first])
    above = Range(min(last, span.before - 1), span.before, [i for i in span.counted if i > last])
    return (below, above)


def _contains(ordered: list[int], value: int) -> bool:
    at = bisect_left(ordered, value)
    return at < len(ordered) and ordered[at] == value
