"""Helpers of alternative texts: how a chart's places and numbers are said."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.charts.notation import Locale, Quantity
from analytics.charts.spec import Moment, SeriesSpec, TimeAxis, Unit
from analytics.charts.wording import ELLIPSIS, clusters, tidy

_MOST_NAME = 80
_MOST_TITLE = 250


@dataclass(frozen=True, slots=True)
class Told:
    """What a chart is called, and what it shows, fact by fact."""

    kind: str
    facts: tuple[str, ...]


def moment_text(unit: Unit, moment: Moment, locale: Locale) -> str:
    """Say when a bucket begins."""
    day, month = moment.day, locale.months[moment.day.month - 1]
    date = locale.day_month.format(day=day.day, month=month)
    match unit:
        case Unit.HOUR:
            return f"{date} {moment.hour:02d}:00"
        case Unit.MONTH:
            return f"{month} {day.year}"
        case _:
            return f"{date} {day.year}"


def titled(title: str) -> str:
    """Return a heading fit for a sentence."""
    return _cut(title, _MOST_TITLE)


def named(name: str) -> str:
    """Return a foreign name fit for a sentence."""
    return _cut(name, _MOST_NAME)


def _cut(text: str, most: int) -> str:
    parts = list(clusters(tidy(text)))
    return "".join(parts) if len(parts) <= most else "".join(parts[: most - 1]).rstrip() + ELLIPSIS


def tell_period(axis: TimeAxis, count: int, label: str, locale: Locale) -> list[str]:
    """Say what is counted, from when to when; the label alone where there are no buckets."""
    if not count:
        return [named(label), locale.empty]
    first, last = (moment_text(axis.unit, axis.moment(at), locale) for at in (0, count - 1))
    pattern = locale.phrases.period if count > 1 else locale.phrases.bucket
    return [pattern.format(label=named(label), first=first, last=last)]


def tell_gaps(values: Sequence[float | None], locale: Locale) -> list[str]:
    """Say how many values are unknown, if any."""
    unknown = sum(value is None for value in values)
    return [locale.phrases.gaps.format(unknown=unknown, all=len(values))] if unknown else []


def tell_extremes(
    axis: TimeAxis, values: Sequence[float | None], quantity: Quantity, locale: Locale
) -> list[str]:
    """Say the lowest and the highest value and when they were."""
    known = [(value, at) for at, value in enumerate(values) if value is not None]
    if not known:
        return []
    (low, low_at), (high, high_at) = min(known), max(known, key=lambda pair: pair[0])
    if low == high:
        return [locale.phrases.level.format(value=locale.written(low, quantity))] if len(known) > 1 else []
    return [
        locale.phrases.extremes.format(
            low=locale.written(low, quantity),
            low_at=moment_text(axis.unit, axis.moment(low_at), locale),
            high=locale.written(high, quantity),
            high_at=moment_text(axis.unit, axis.moment(high_at), locale),
        )
    ]


def _pattern_of_latest(spec: SeriesSpec) -> str:
    phrases = spec.locale.phrases
    if not spec.partial_last:
        return phrases.latest
    return phrases.running if spec.running else phrases.incomplete


def tell_latest(
    values: Sequence[float | None], quantity: Quantity, locale: Locale, pattern: str
) -> list[str]:
    """Say the last value as ``pattern`` has it; nothing where it is unknown."""
    last = values[-1] if values else None
    if last is None:
        return []
    return [pattern.format(value=locale.written(last, quantity))]


def whole_values(values: Sequence[float | None], partial: frozenset[int]) -> tuple[float | None, ...]:
    """The values without those of buckets that lack some of their time: these are neither low nor high."""
    return tuple(None if at in partial else value for at, value in enumerate(values))


def tell_series(spec: SeriesSpec) -> tuple[str, ...]:
    """Tell a series over time: its sum only where its values add up."""
    locale, phrases = spec.locale, spec.locale.phrases
    facts = tell_period(spec.axis, len(spec.values), spec.y_label, locale)
    facts += tell_extremes(spec.axis, whole_values(spec.values, spec.partial), spec.quantity, locale)
    for values, whole, latest in (
        (spec.values, phrases.total, ""),
        (spec.previous or (), phrases.total_before, phrases.latest_before),
    ):
        known = [value for value in values if value is not None]
        if spec.adds_up and known and spec.quantity is not Quantity.PERCENT:
            facts.append(whole.format(value=locale.written(sum(known), spec.quantity)))
        elif latest and values and values[-1] is not None:
            facts.append(latest.format(value=locale.written(values[-1], spec.quantity)))
    facts += tell_latest(spec.values, spec.quantity, locale, _pattern_of_latest(spec))
    return (*facts, *tell_gaps(spec.values, locale))
