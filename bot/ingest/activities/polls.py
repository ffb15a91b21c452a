"""Votes in polls."""

import msgspec


class PollVoted(msgspec.Struct, array_like=True, tag=34, frozen=True, gc=False):
    """A member voted in a poll; ``message`` and ``vote`` (message, answer and member) are keyed hashes."""

    guild: int
    channel: int
    kind: int
    message: int
    member: int
    vote: int
    at: int
    zone: int
    day: int
    hour: int


class PollVoteRemoved(msgspec.Struct, array_like=True, tag=35, frozen=True, gc=False):
    """A member (0: nobody who may be counted) took a vote back."""

    guild: int
    message: int
    member: int
    vote: int
    at: int


PollVote = PollVoted | PollVoteRemoved
"""What is counted against what is known of the poll: see ``bot.ingest.books.polls``."""
