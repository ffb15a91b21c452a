"""How much time passed under the label of each hour: none where the clock skips it, two hours if repeated."""

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from zoneinfo import ZoneInfo

from analytics.local_time import BLOCK_MS, HOURS_PER_DAY, HourRange, ZoneHistory, instant_of_hour

_HOUR_MS = 3_600_000
_DAY_MS = HOURS_PER_DAY * _HOUR_MS
_MARGIN_MS = 3 * _HOUR_MS
"""More than any clock change moves a midnight."""


def odd_hours(zones: ZoneHistory, spans: Sequence[HourRange]) -> Mapping[int, float]:
    """The hour numbers within ascending ranges that did not last for one hour, with how many they did.

    0: no clock showed it. Where the setting of the zone changed, two zones may have shown the same hour.
    """
    odd = [_of_range(zones, span) for span in spans]
    numbers = {number for of_span in odd for number in of_span}
    for one, two in combinations(spans, 2):
        numbers.update(range(max(one.start, two.start), min(one.stop, two.stop)))
    lasted = {
        number: sum(
            of_span.get(number, 1.0)
            for span, of_span in zip(spans, odd, strict=True)
            if span.start <= number < span.stop
        )
        for number in numbers
    }
    for before, after in pairwise(spans):
        lasted.update((number, 0.0) for number in range(before.stop, after.start))
    return {number: hours for number, hours in sorted(lasted.items()) if hours != 1}


def _of_range(zones: ZoneHistory, span: HourRange) -> dict[int, float]:
    found: dict[int, float] = {}
    for day in span.days:
        if not _is_even(zones, span.zone, day):
            hours = _lasted(zones, span.zone, day)
            first = day * HOURS_PER_DAY
            for number in range(max(first, span.start), min(first + HOURS_PER_DAY, span.stop)):
                found[number] = hours.get(number, 0.0)
    return found


def _is_even(zones: ZoneHistory, epoch: int, day: int) -> bool:
    """Whether nothing happened to the clock on a day."""
    begin, end = _bounds(_zone_of(zones, epoch), day)
    return end - begin == _DAY_MS and zones.span_at(begin).epoch == zones.span_at(end - 1).epoch == epoch


def _lasted(zones: ZoneHistory, epoch: int, day: int) -> dict[int, float]:
    """Hours by hour number around a day, counted by the quarter."""
    begin, end = _bounds(_zone_of(zones, epoch), day)
    quarters: dict[int, int] = {}
    for at in range(begin - _MARGIN_MS, end + _MARGIN_MS, BLOCK_MS):
        label = zones.label(at)
        if label.zone == epoch:
            number = label.day * HOURS_PER_DAY + label.hour
            quarters[number] = quarters.get(number, 0) + 1
    return {number: count * BLOCK_MS / _HOUR_MS for number, count in quarters.items()}


def _bounds(zone: ZoneInfo, day: int) -> tuple[int, int]:
    first = day * HOURS_PER_DAY
    return instant_of_hour(first, zone), instant_of_hour(first + HOURS_PER_DAY, zone)


def _zone_of(zones: ZoneHistory, epoch: int) -> ZoneInfo:
    return next(span.zone for span in zones.spans if span.epoch == epoch)
