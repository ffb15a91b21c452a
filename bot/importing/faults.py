"""Why a record cannot be read, in words for the person who has the file."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from bot.importing.values import snowflake

NOT_JSON = "is not valid JSON"
NOT_OBJECT = "is not a JSON object"
NOT_UTF8 = "is not valid UTF-8 text"
OUT_OF_RANGE = "has a time before 1988 or in the future"
TOO_DEEP = "is nested too deeply"
MAX_NAME = 200

_MISSING = object()


class Rule(NamedTuple):
    """What one field has to be; ``path`` leads to it through nested objects."""

    path: tuple[str, ...]
    accepts: Callable[[object], bool]
    wanted: str
    required: bool = False


def find_fault(record: object, rules: tuple[Rule, ...]) -> str | None:
    """Say what the first rule broken by ``record`` is, or ``None``; never quotes a value."""
    if not isinstance(record, Mapping):
        return NOT_OBJECT
    for rule in rules:
        name = ".".join(rule.path)
        value = _reach(record, rule.path)
        if value is _MISSING or value is None:
            if rule.required:
                return f"has no `{name}`"
        elif not rule.accepts(value):
            return f"`{name}` is not {rule.wanted}"
    return None


def is_time(value: object) -> bool:
    """Whether this is a date and time as ISO 8601 writes it."""
    try:
        msgspec.convert(value, datetime)
    except msgspec.ValidationError:
        return False
    return isinstance(value, str)


def is_id(value: object) -> bool:
    """Whether this is a Discord id, as a number or in digits."""
    try:
        return isinstance(value, int | str) and snowflake(value) > 0
    except ValueError:
        return False


def is_name(value: object) -> bool:
    """Whether this is text that can serve as a name."""
    if not isinstance(value, str) or not 0 < len(value) <= MAX_NAME:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_flag(value: object) -> bool:
    """Whether this is true or false."""
    return isinstance(value, bool)


def is_word(value: object) -> bool:
    """Whether this is text or an integer."""
    return isinstance(value, str | int)


def is_list(value: object) -> bool:
    """Whether this is a list."""
    return isinstance(value, list)


def is_object(value: object) -> bool:
    """Whether this is an object."""
    return isinstance(value, Mapping)


def _reach(record: Mapping[str, object], path: tuple[str, ...]) -> object:
    value: object = record
    for step in path:
        if not isinstance(value, Mapping):
            return _MISSING
        value = value.get(step, _MISSING)
    return value
