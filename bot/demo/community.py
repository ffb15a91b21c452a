"""A believable community, made up: who writes what kind of message where and when.

Everything follows from the plan's seed, day by day, so the same plan always gives the same history and a day
can be made up without the days before it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.local_time import HOURS_PER_DAY, instant_of_hour, weekday_of
from bot.demo.crowd import HOUR_MS, Crowd, Floats, Integers, gather
from bot.demo.plan import Plan, Room
from bot.ingest.activities.messages import MessageFlag

DISCORD_EPOCH_MS = 1_420_070_400_000

_WEEKDAYS = (1.32, 0.9, 0.94, 1.0, 0.97, 1.08, 1.38)
"""Sunday first."""
_WORKING_DAY = (
    1.2, 0.6, 0.3, 0.2, 0.15, 0.2, 0.6, 1.5, 2.2, 2.4, 2.6, 2.8,
    3.4, 3.0, 2.6, 2.7, 3.1, 3.9, 4.8, 6.0, 7.0, 7.1, 5.6, 3.2,
)  # fmt: skip
_FREE_DAY = (
    2.4, 1.6, 0.9, 0.5, 0.3, 0.2, 0.3, 0.6, 1.4, 2.6, 3.6, 4.1,
    4.2, 4.3, 4.7, 5.0, 5.1, 5.0, 5.2, 5.9, 6.6, 6.6, 5.4, 3.8,
)  # fmt: skip
_GROWTH = 0.75
"""How much more is written at the end of the history than at its beginning."""
_NEW_POST = 0.11
"""Part of the messages in threads that begin a new one."""
_OPEN_POSTS = 3
"""How many of the latest threads are written in side by side."""
_KEEN = 2.0
"""Eagerness of those who look in on most days."""
_FLAGS = (
    (MessageFlag.EMBEDS, 0.07),
    (MessageFlag.STICKERS, 0.012),
    (MessageFlag.POLL, 0.0015),
    (MessageFlag.REPLY, 0.23),
)


@dataclass(frozen=True, slots=True)
class Messages:
    """A day's messages in the order of their ids, a column a property.

    ``at`` in ms since 1970 UTC; ``people`` and ``rooms`` are rows of the crowd and of the plan; ``threads``
    holds thread ids, 0 for none.
    """

    at: Integers
    ids: Integers
    people: Integers
    rooms: Integers
    threads: Integers
    flags: Integers

    def __len__(self) -> int:
        return len(self.at)

    def within(self, after_ms: int, until_ms: int) -> "Messages":
        """Those sent after an instant and not after another."""
        return self.only((self.at > after_ms) & (self.at <= until_ms))

    def only(self, wanted: npt.NDArray[np.bool_]) -> "Messages":
        """Those that are marked."""
        return Messages(
            self.at[wanted],
            self.ids[wanted],
            self.people[wanted],
            self.rooms[wanted],
            self.threads[wanted],
            self.flags[wanted],
        )


class Community:
    """The people of a plan until a day, and what they write."""

    def __init__(self, plan: Plan, until_day: int | None = None) -> None:
        self.plan = plan
        self.until_day = plan.last_day if until_day is None else until_day
        self.crowd = gather(plan, self.until_day)

    def messages(self, day: int) -> Messages:
        """Make up what is written on a local day."""
        plan = self.plan
        rng = np.random.default_rng([plan.seed, 3, day - plan.first_day])
        eagerness = _eagerness(plan, self.crowd, day, rng)
        count = rng.poisson(_expected(plan, day, rng)) if eagerness.any() else 0
        people = rng.choice(len(eagerness), count, p=eagerness / eagerness.sum()) if count else _none()
        at = _instants(plan, day, self.crowd.shift[people], rng)
        order = np.argsort(at, kind="stable")
        at, people = at[order], people[order]
        here = (self.crowd.joined[people] <= at) & (self.crowd.left[people] > at)
        at, people = at[here], people[here]
        ids = snowflakes(at)
        rooms = _rooms(plan, day, self.crowd.tastes[people], rng)
        return Messages(
            at, ids, people, rooms, _threads(plan.rooms, rooms, ids, rng), _flags(plan.rooms, rooms, rng)
        )


def snowflakes(at: Integers) -> Integers:
    """Ascending Discord ids for ascending instants, each another one."""
    within = np.arange(len(at)) - np.searchsorted(at, at, side="left")
    ids: Integers = ((at - DISCORD_EPOCH_MS) << 22) + within
    return ids


def _none() -> Integers:
    return np.zeros(0, dtype=np.int64)


def _expected(plan: Plan, day: int, rng: np.random.Generator) -> float:
    grown = 1.0 + _GROWTH * min(1.0, (day - plan.first_day) / plan.days)
    mood = rng.lognormal(0.0, 0.11)
    if plan.on_holiday(day):
        mood *= 0.4
    return (
        plan.messages_a_day * grown * _WEEKDAYS[weekday_of(day)] * mood * (1.0 + 1.7 * _excitement(plan, day))
    )


def _excitement(plan: Plan, day: int) -> float:
    """From 1 on the day of a release down to nothing."""
    since = day - plan.release_day
    return float(np.exp(-since / 3.5)) if since >= 0 else 0.0


def _mood(plan: Plan, day: int) -> float:
    """How much likelier than usual people look in on a day."""
    if plan.on_holiday(day):
        return 0.5
    return 0.8 + 0.3 * (weekday_of(day) in (0, 6)) + 0.5 * _excitement(plan, day)


def _eagerness(plan: Plan, crowd: Crowd, day: int, rng: np.random.Generator) -> Floats:
    """How likely each person is to be the author of a message."""
    known = slice(0, crowd.known_on(day))
    age = day - crowd.first_day[known]
    keen = crowd.eagerness[known] > _KEEN
    online = rng.random(len(age)) < _mood(plan, day) * np.where(keen, 0.8, 0.45)
    newcomer = 1.0 + 2.5 * np.exp(-age / 3.0)
    waned = np.where(age > crowd.keen_days[known], 0.06, 1.0)
    eagerness: Floats = crowd.eagerness[known] * online * newcomer * waned
    return eagerness


def _instants(plan: Plan, day: int, shift: Integers, rng: np.random.Generator) -> Integers:
    """When messages are sent whose authors' clocks are so many hours off."""
    profile = np.cumsum(_FREE_DAY if weekday_of(day) in (0, 6) else _WORKING_DAY)
    hours = np.searchsorted(profile, rng.random(len(shift)) * profile[-1], side="right")
    hours = (hours - shift) % HOURS_PER_DAY
    begins = np.array(
        [instant_of_hour(day * HOURS_PER_DAY + hour, plan.zone) for hour in range(HOURS_PER_DAY)]
    )
    at: Integers = begins[hours] + rng.integers(0, HOUR_MS, len(shift))
    return at


def _rooms(plan: Plan, day: int, tastes: Floats, rng: np.random.Generator) -> Integers:
    """Where messages are sent: to each person's taste, and more to what a release stirs up."""
    shares = np.diff(tastes, axis=1, prepend=0.0)
    stirred = np.array([1.0 + (room.release - 1.0) * _excitement(plan, day) for room in plan.rooms])
    cumulative = np.cumsum(shares * stirred, axis=1)
    drawn = rng.random(len(tastes)) * cumulative[:, -1]
    rooms: Integers = np.count_nonzero(cumulative <= drawn[:, None], axis=1)
    return rooms


def _threads(rooms: tuple[Room, ...], of: Integers, ids: Integers, rng: np.random.Generator) -> Integers:
    """Thread of each message. One begins with a message and bears its id; the latest few go on."""
    threads = np.zeros(len(ids), dtype=np.int64)
    for number, room in enumerate(rooms):
        if not room.threads:
            continue
        mine = np.flatnonzero((of == number) & (rng.random(len(ids)) < room.threads))
        if not len(mine):
            continue
        begins = rng.random(len(mine)) < _NEW_POST
        begins[0] = True
        latest = np.cumsum(begins) - 1
        back = np.where(begins, 0, rng.integers(0, _OPEN_POSTS, len(mine)))
        threads[mine] = ids[mine[begins]][np.maximum(latest - back, 0)]
    return threads


def _flags(rooms: tuple[Room, ...], of: Integers, rng: np.random.Generator) -> Integers:
    files = np.array([room.files for room in rooms])[of]
    flags: Integers = np.where(rng.random(len(of)) < files, MessageFlag.FILES.value, 0)
    for flag, likely in _FLAGS:
        flags |= np.where(rng.random(len(of)) < likely, flag.value, 0)
    return flags
