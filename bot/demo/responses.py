"""What a made-up community does with messages: reactions to them, and posts that are marked as solved."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bot.demo.community import Community, Messages
from bot.demo.crowd import Floats

_MINUTE_MS = 60_000
_EMOJI = (
    "\N{THUMBS UP SIGN}",
    "\N{HEAVY BLACK HEART}",
    "\N{PARTY POPPER}",
    "\N{FIRE}",
    "\N{EYES}",
    "\N{ROCKET}",
)
_EMOJI_SHARES = (0.42, 0.2, 0.13, 0.1, 0.09, 0.06)
_REACTED = 0.07
"""Part of the messages that somebody reacts to."""
_SHOWN = 0.35
"""The same for messages with files."""
_SOLVED = 0.62
"""Part of the posts that are marked as solved on the day."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """A person (row of the crowd) reacts to a message (row of the day's) at an instant (ms since 1970)."""

    message: int
    person: int
    emoji: str
    at: int


@dataclass(frozen=True, slots=True)
class Post:
    """A thread begins with a message (row of the day's); ``solved`` in ms since 1970 UTC, 0: not that day."""

    message: int
    solved: int


def reactions(community: Community, day: int, sent: Messages, files: int) -> Iterator[Reaction]:
    """Make up who reacts to a day's messages within it; ``files`` flags those that show something."""
    plan, crowd = community.plan, community.crowd
    rng = np.random.default_rng([plan.seed, 6, day - plan.first_day])
    if not len(sent):
        return
    end = int(sent.at[-1])
    chance = np.where(sent.flags & files, _SHOWN, _REACTED)
    likely = _fond(crowd.eagerness, (crowd.joined <= int(sent.at[0])) & (crowd.left > end))
    for message in np.flatnonzero(rng.random(len(sent)) < chance).tolist():
        size = min(1 + int(rng.poisson(1.1)), int(np.count_nonzero(likely)))
        people = rng.choice(len(likely), size, replace=False, p=likely).tolist() if size else []
        emoji = _EMOJI[int(rng.choice(len(_EMOJI), p=_EMOJI_SHARES))]
        for person in people:
            at = int(sent.at[message]) + int(rng.exponential(25.0) * _MINUTE_MS)
            if at <= end and person != int(sent.people[message]):
                yield Reaction(message, person, emoji, at)


def posts(community: Community, day: int, sent: Messages) -> Iterator[Post]:
    """The threads that begin on a day, and when they are solved."""
    plan = community.plan
    rng = np.random.default_rng([plan.seed, 7, day - plan.first_day])
    end = int(sent.at[-1]) if len(sent) else 0
    for message in np.flatnonzero((sent.threads != 0) & (sent.threads == sent.ids)).tolist():
        solved = int(sent.at[message]) + int((10.0 + rng.exponential(150.0)) * _MINUTE_MS)
        done = rng.random() < _SOLVED and solved <= end
        yield Post(message, solved if done else 0)


def _fond(eagerness: Floats, present: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Floats:
    """How likely each person is to react: those who write much, and a little those who only read."""
    weights = np.where(present, np.sqrt(eagerness) + 0.02, 0.0)
    total = weights.sum()
    return weights / total if total else weights
