"""Who of a made-up community is in the voice channel when, told the way Discord tells it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.local_time import HOURS_PER_DAY, instant_of_hour, weekday_of
from bot.demo.community import Community
from bot.demo.crowd import Floats, Integers
from bot.ingest.activities.messages import ChannelKind
from bot.ingest.activities.voice import VoiceFlag, VoiceLevel, VoiceTime
from bot.ingest.activity import Activity
from bot.ingest.calendars import Calendars
from bot.ingest.voice import Connection, Moment, Presence, VoiceTracker

_MINUTE_MS = 60_000
_EVENING = 20
"""Local hour at which most gatherings begin."""
_LATEST = 23
_GATHERINGS = (1.7, 0.6, 0.6, 0.7, 0.8, 1.2, 1.9)
"""How many a day has on average, Sunday first."""
_ONE_ALONE = 0.15
"""Part of the gatherings to which only one comes."""
_STREAMERS = 6
"""Every so manieth person shows the screen."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A person (row of the crowd) is in the voice channel from one instant to another (ms since 1970)."""

    person: int
    since: int
    until: int


def stays(community: Community, day: int) -> Iterator[Stay]:
    """Make up who is in voice on a local day; one person's stays do not overlap, and all end by midnight."""
    plan, crowd = community.plan, community.crowd
    rng = np.random.default_rng([plan.seed, 5, day - plan.first_day])
    likely = _likely(crowd.eagerness, crowd.joined, crowd.left, _instant(community, day, 0.0))
    busy: dict[int, int] = {}
    count = 0 if plan.on_holiday(day) else int(rng.poisson(_GATHERINGS[weekday_of(day)]))
    for begin in np.sort(rng.normal(_EVENING, 2.0, count)).tolist():
        since = _instant(community, day, min(max(begin, 9.0), 22.0))
        size = 1 if rng.random() < _ONE_ALONE else int(2 + rng.poisson(1.6))
        size = min(size, int(np.count_nonzero(likely)))
        for person in rng.choice(len(likely), size, replace=False, p=likely).tolist() if size else ():
            came = since + int(rng.exponential(9.0) * _MINUTE_MS)
            left = came + int((5.0 + rng.exponential(45.0)) * _MINUTE_MS)
            left = min(left, _instant(community, day, float(_LATEST)) + int(rng.integers(59)) * _MINUTE_MS)
            if busy.get(person, 0) < came < left <= int(crowd.left[person]):
                busy[person] = left
                yield Stay(person, came, left)


def pieces(
    told: Iterable[Stay], guild: int, channel: int, members: Sequence[int], calendars: Calendars
) -> list[VoiceTime | VoiceLevel]:
    """What the tracker records of stays in a channel; ``members`` are pseudonyms, a row a person."""
    found: list[VoiceTime | VoiceLevel] = []
    moment = Moment(0, 0)

    def keep(piece: Activity) -> None:
        if isinstance(piece, VoiceTime | VoiceLevel):
            found.append(piece)

    tracker = VoiceTracker(keep, calendars.label, lambda: moment)
    steps = [
        step for stay in told for step in ((stay.since, stay.person, True), (stay.until, stay.person, False))
    ]
    streaming = Presence(channel, ChannelKind.VOICE.value, VoiceFlag.STREAMING.value)
    quiet = Presence(channel, ChannelKind.VOICE.value, 0)
    for at, person, comes in sorted(steps):
        moment = Moment(at, at)
        presence = quiet if person % _STREAMERS else streaming
        tracker.seen(guild, members[person], Connection(presence, str(person)) if comes else None)
    return found


def _likely(eagerness: Floats, joined: Integers, left: Integers, at_ms: int) -> Floats:
    weights = np.where((joined <= at_ms) & (left > at_ms), np.sqrt(eagerness), 0.0)
    total = weights.sum()
    return weights / total if total else weights


def _instant(community: Community, day: int, hour: float) -> int:
    whole = int(hour)
    begin = instant_of_hour(day * HOURS_PER_DAY + whole, community.plan.zone)
    return begin + int((hour - whole) * 60 * _MINUTE_MS)
