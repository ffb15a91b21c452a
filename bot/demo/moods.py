"""How what a made-up community writes reads: a score for each message, as if there were a text."""

import numpy as np

from bot.demo.community import Community, Messages
from bot.demo.crowd import Integers
from bot.ingest.activities.messages import UNSCORED

_WORDLESS = 0.45
"""Part of the messages that have no known word."""
_CALM = 0.3
"""Part of the others that are about neutral."""
_USUAL, _KIND, _ANGRY = 16.0, 34.0, -18.0
"""Mean hundredths, of all rooms and of those that are known for it."""
_ROOMS = {"welcome": _KIND, "showcase": _KIND, "help": 4.0, "bug-reports": _ANGRY}
_SPREAD = 42.0
_AFTER_RELEASE = -9.0
"""What a release, with its new bugs, does to the mean of its first days."""


def scores(community: Community, day: int, sent: Messages) -> Integers:
    """Hundredths of each message of a day, or UNSCORED."""
    plan = community.plan
    rng = np.random.default_rng([plan.seed, 8, day - plan.first_day])
    means = np.array([_ROOMS.get(room.name, _USUAL) for room in plan.rooms])[sent.rooms]
    if 0 <= day - plan.release_day < 3:  # noqa: PLR2004 - the first days
        means = means + _AFTER_RELEASE
    found = np.clip(np.round(rng.normal(means, _SPREAD)), -100, 100)
    found = np.where(rng.random(len(sent)) < _CALM, np.round(found / 20), found)
    wordless = rng.random(len(sent)) < _WORDLESS
    hundredths: Integers = np.where(wordless, UNSCORED, found).astype(np.int64)
    return hundredths
