"""What becomes of what former processes have left in the journal, before it is folded.

Behind a loss, a message belongs to a session of its own, so that what was lost becomes an uncounted range.
And a process that was cut off from the database goes on recording while another has taken its servers: time
that both have seen counts once, for the other.
"""

from collections.abc import Mapping

import msgspec

from bot.ingest.activities.events import EventPresence
from bot.ingest.activities.messages import MessageSent
from bot.ingest.activities.voice import VoiceTime
from bot.ingest.activity import Activity
from bot.ingest.journal import Journal, Position

Takeovers = Mapping[int, int]
"""When another process took over a lease of ours, by the lease's epoch: in ms of the database's clock."""


class FormerLives:
    """Adapts records that are read from the journal."""

    def __init__(self, journal: Journal, takeovers: Takeovers) -> None:
        self.left_out = False
        self._journal = journal
        self._takeovers = takeovers
        self._cuts: dict[int, int | None] = {}

    def adapt(self, activity: Activity, behind: Position) -> Activity | None:
        """What of a record (whose end is given) is to be folded; None: nothing."""
        if isinstance(activity, MessageSent):
            mark = self._journal.breach(behind)
            return msgspec.structs.replace(activity, session=activity.session ^ mark) if mark else activity
        if self._takeovers and isinstance(activity, VoiceTime | EventPresence):
            return self._before_takeover(activity, self._cut(behind.segment))
        return activity

    def forget(self) -> None:
        """The journal has become another: its segments have other numbers."""
        self._cuts.clear()

    def _cut(self, segment: int) -> int | None:
        """When the process that wrote a segment lost its servers to another, by its own clock."""
        if segment not in self._cuts:
            tenure = self._journal.tenure_of(segment)
            taken = self._takeovers.get(tenure.epoch)
            self._cuts[segment] = None if taken is None else taken - tenure.ahead_ms
        return self._cuts[segment]

    def _before_takeover(
        self, piece: VoiceTime | EventPresence, cut: int | None
    ) -> VoiceTime | EventPresence | None:
        """The part of a piece of time that lies before that; no id would tell that it counts already."""
        if cut is None:
            return piece
        end = piece.at + piece.ms if isinstance(piece, VoiceTime) else piece.at
        late = min(piece.ms, max(0, end - cut))
        if not late:
            return piece
        self.left_out = True
        if late == piece.ms:
            return None
        if isinstance(piece, VoiceTime):
            return msgspec.structs.replace(piece, ms=piece.ms - late)
        return msgspec.structs.replace(piece, ms=piece.ms - late, at=cut)
