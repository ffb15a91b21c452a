"""Two lifetime documents of the same member or channel made one, by the table that says what they count."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from bot.db.counters import Subject

Stored = dict[str, Any]


def merged(subject: Subject, one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> Stored:
    """Sum of two documents; what is no counter is as in ``other``. What is derived has to be computed anew.

    Raises LookupError where there is neither.
    """
    base = other if other is not None else one
    if base is None:
        raise LookupError("there is nothing to merge")
    if one is None or other is None:
        return dict(base)
    result = deepcopy(dict(base))
    for family in subject.families:
        for counter in family.counters:
            for path in filter(None, (counter.total, counter.weekdays)):
                _put(result, path, _sum(_get(one, path), _get(other, path)))
        for extreme in family.extremes:
            choose = min if extreme.operator == "min" else max
            for path in extreme.totals:
                known = [value for value in (_get(one, path), _get(other, path)) if value is not None]
                if known:
                    _put(result, path, choose(known))
    return result


def _sum(one: Any, other: Any) -> Any:  # noqa: ANN401 - a number, or a map of numbers
    if one is None or other is None:
        return one if other is None else other
    if isinstance(one, Mapping):
        return {key: one.get(key, 0) + other.get(key, 0) for key in {**one, **other}}
    return one + other


def _get(document: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - whatever is stored
    value: Any = document
    for name in path.split("."):
        value = None if value is None else value.get(name)
    return value


def _put(document: Stored, path: str, value: Any) -> None:  # noqa: ANN401 - whatever is stored
    if value is None:
        return
    *folders, last = path.split(".")
    for name in folders:
        document = document.setdefault(name, {})
    document[last] = value
