"""The people of the demo's community: when they come and go, how much they write, where and at what hours."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from analytics.local_time import HOURS_PER_DAY, instant_of_hour
from bot.demo.names import CREW, names
from bot.demo.plan import Plan

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
NEVER = np.iinfo(np.int64).max
_OLD_DAYS = 600
"""Those who were there when the history begins had joined within so many days before."""
_SILENT = 0.5
"""Part of the people who only read."""
_LEAVING = 0.15
"""Part of the people who leave some day."""
_STEADY = 0.5
"""Part of the people whose energy does not wane."""
_FAR_AWAY = 0.15
"""Part of the people who live in other time zones, so many hours from the server's:"""
_FAR_SHIFTS = (-8, -6, 5, 9)


@dataclass(frozen=True, slots=True)
class Crowd:
    """One row a person, in the order in which they came; instants in ms since 1970 UTC.

    ``first_day`` is the local day from which on a person may write, ``keen_days`` for how long after that
    with full energy, ``eagerness`` a weight, ``shift`` hours between the person's clock and the server's,
    ``tastes`` the cumulative share of each room.
    """

    names: tuple[str, ...]
    joined: Integers
    left: Integers
    first_day: Integers
    keen_days: Floats
    eagerness: Floats
    shift: Integers
    tastes: Floats

    def members_at(self, at_ms: int) -> int:
        """How many people are members at an instant."""
        return int(np.count_nonzero((self.joined <= at_ms) & (self.left > at_ms)))

    def present(self, at_ms: int) -> list[int]:
        """Rows of the people who are members at an instant."""
        rows: list[int] = np.flatnonzero((self.joined <= at_ms) & (self.left > at_ms)).tolist()
        return rows

    def known_on(self, day: int) -> int:
        """How many rows came until the end of a local day; later ones are behind them."""
        return int(np.searchsorted(self.first_day, day, side="right"))


def gather(plan: Plan, until_day: int) -> Crowd:
    """Everyone who comes until the end of a day. A later day only adds rows at the end."""
    groups = list(_arrivals(plan, until_day))
    joined = np.concatenate([group.joined for group in groups])
    return Crowd(
        names=tuple(islice(names(np.random.default_rng([plan.seed, 0])), len(joined))),
        joined=joined,
        left=np.concatenate([group.left for group in groups]),
        first_day=np.concatenate([group.first_day for group in groups]),
        keen_days=np.concatenate([group.keen_days for group in groups]),
        eagerness=np.concatenate([group.eagerness for group in groups]),
        shift=np.concatenate([group.shift for group in groups]),
        tastes=np.concatenate([group.tastes for group in groups]),
    )


def _arrivals(plan: Plan, until_day: int) -> Iterator[Crowd]:
    """Those who were there before, then each day's newcomers."""
    start = instant_of_hour(plan.first_day * HOURS_PER_DAY, plan.zone)
    yield _crew(plan, start)
    rng = np.random.default_rng([plan.seed, 1])
    joined = np.sort(start - rng.integers(0, _OLD_DAYS * DAY_MS, plan.people - len(CREW)))
    yield _group(plan, rng, joined, plan.first_day)
    for day in range(plan.first_day, until_day + 1):
        rng = np.random.default_rng([plan.seed, 2, day - plan.first_day])
        count = rng.poisson(plan.joins_a_day * _pull(plan, day))
        if count:
            midnight = instant_of_hour(day * HOURS_PER_DAY, plan.zone)
            at = midnight + np.sort(rng.integers(6 * HOUR_MS, 23 * HOUR_MS, count))
            yield _group(plan, rng, at, day)


def _pull(plan: Plan, day: int) -> float:
    """How many times as many people as usual a day brings."""
    if plan.on_holiday(day):
        return 0.4
    since = day - plan.release_day
    return 1.0 + 5.0 * float(np.exp(-since / 3.0)) if since >= 0 else 1.0


def _crew(plan: Plan, start_ms: int) -> Crowd:
    """The crew: there from the beginning, steady, and in their own rooms too."""
    count = len(CREW)
    shares = np.array([room.share * (5.0 if room.crew else 1.0) for room in plan.rooms])
    return Crowd(
        names=(),
        joined=np.full(count, start_ms - (_OLD_DAYS + 1) * DAY_MS, dtype=np.int64),
        left=np.full(count, NEVER, dtype=np.int64),
        first_day=np.full(count, plan.first_day, dtype=np.int64),
        keen_days=np.full(count, np.inf),
        eagerness=np.array([9.0, 6.0, 7.0, 4.0]),
        shift=np.zeros(count, dtype=np.int64),
        tastes=np.tile(np.cumsum(shares / shares.sum()), (count, 1)),
    )


def _group(plan: Plan, rng: np.random.Generator, joined: Integers, day: int) -> Crowd:
    """Ordinary people whose life in the history begins on a day."""
    count = len(joined)
    begin = np.maximum(joined, instant_of_hour(day * HOURS_PER_DAY, plan.zone))
    eagerness = np.minimum(rng.pareto(1.1, count) + 0.25, 14.0)
    eagerness[rng.random(count) < _SILENT] = 0.0
    leaves = rng.random(count) < _LEAVING
    stay_ms = (rng.exponential(80.0, count) * DAY_MS).astype(np.int64)
    shares = np.array([0.0 if room.crew else room.share for room in plan.rooms])
    return Crowd(
        names=(),
        joined=joined,
        left=np.where(leaves, begin + stay_ms, NEVER),
        first_day=np.full(count, day, dtype=np.int64),
        keen_days=np.where(rng.random(count) < _STEADY, np.inf, rng.exponential(45.0, count) + 2.0),
        eagerness=eagerness,
        shift=np.where(rng.random(count) < _FAR_AWAY, rng.choice(_FAR_SHIFTS, count), 0),
        tastes=np.cumsum(rng.dirichlet(14.0 * shares / shares.sum() + 1e-9, count), axis=1),
    )
