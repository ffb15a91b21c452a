"""Votes against what is known of their poll: each counts once, and no longer when it is taken back.

A vote taken back is less on the day on which it was given, which Discord does not tell: as with reactions.
"""

from collections.abc import Iterator

import msgspec

from bot.ingest.activities.polls import PollVote, PollVoted

KEPT_MS = 40 * 86_400_000
"""How long after its last vote a poll is remembered; Discord's are open for 32 days at most."""


class PollState(msgspec.Struct):
    """A poll's votes, each with the zone, day and hour that it counts for; ``expires`` in ms since 1970."""

    channel: int = 0
    kind: int = 0
    expires: int = 0
    votes: dict[int, tuple[int, int, int]] = msgspec.field(default_factory=dict)


class VoteCounted(msgspec.Struct, frozen=True):
    """A vote counts (1), or no longer (-1); ``at`` is 0 for the latter."""

    guild: int
    channel: int
    kind: int
    member: int
    zone: int
    day: int
    hour: int
    by: int
    at: int


def apply(state: PollState, vote: PollVote) -> Iterator[VoteCounted]:
    """Note a vote given or taken back; yields what changes in the counters."""
    state.expires = max(state.expires, vote.at + KEPT_MS)
    if isinstance(vote, PollVoted):
        state.channel, state.kind = vote.channel, vote.kind
        if vote.vote not in state.votes:
            label = state.votes[vote.vote] = (vote.zone, vote.day, vote.hour)
            yield VoteCounted(vote.guild, state.channel, state.kind, vote.member, *label, by=1, at=vote.at)
    else:
        given = state.votes.pop(vote.vote, None)
        if given is not None:
            yield VoteCounted(vote.guild, state.channel, state.kind, vote.member, *given, by=-1, at=0)
