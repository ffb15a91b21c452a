"""Uses of invites against how often each had been used before: the difference is who came by it.

A reading that comes again changes nothing, and uses while the bot was away are found by the next one.
"""

from collections.abc import Iterator

import msgspec

from bot.ingest.activities.invites import InviteRead


class InviteState(msgspec.Struct):
    """What is known of an invite; ``uses`` None: it was never read."""

    inviter: int = 0
    uses: int | None = None
    seen: int = 0


class InviteUsed(msgspec.Struct, frozen=True):
    """``joins`` members came by an invite."""

    read: InviteRead
    joins: int


def apply_invite(state: InviteState, read: InviteRead) -> Iterator[InviteUsed]:
    """Note a reading; yields what has come since the one before."""
    before = state.uses
    if before is None:
        before = 0 if read.new else read.uses
    if read.uses > before:
        yield InviteUsed(read, read.uses - before)
    state.uses, state.inviter = read.uses, read.inviter
    state.seen = max(state.seen, read.at)
