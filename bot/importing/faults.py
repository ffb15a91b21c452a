"""Why a record cannot be read, in words for the person who has the file."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from bot.importing.values import EARLIEST_MS, LATEST_MS, snowflake
from bot.ingest.snowflakes import id_at

NOT_JSON = "is not valid JSON"
NOT_OBJECT = "is not a JSON object"
NOT_UTF8 = "is not valid UTF-8 text"
TOO_OLD = "has a time before 1988"
FUTURE = "has a time in the future"
FUTURE_ID = "has an id that no message has yet"
TOO_DEEP = "is nested too deeply"
MAX_NAME = 200

_MISSING = object()


class Rule(NamedTuple):
    """What one field has to be; ``path`` leads to it through nested objects."""

    path: tuple[str, ...]
    accepts: Callable[[object], bool]
    wanted: str
    required: bool = False


class Bounds:
    """Which times and ids a message may have: none of a time that is still to come.

    An id of the future would let everything until then count as counted already.
    """

    def __init__(self, not_after_ms: int = LATEST_MS) -> None:
        self._latest = not_after_ms
        self._last_id = id_at(not_after_ms + 1) - 1

    def fault(self, at_ms: int, message_id: int | None) -> str | None:
        """What is wrong with a time (ms since 1970 UTC) and an id, if anything."""
        if at_ms < EARLIEST_MS:
            return TOO_OLD
        if at_ms > self._latest:
            return FUTURE
        return FUTURE_ID if message_id is not None and message_id > self._last_id else None


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
    except (msgspec.ValidationError, ValueError):  # ValueError: half a character, which no encoding has
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
    return isinstance(value, str) and 0 < len(value) <= MAX_NAME and _encodable(value)


def name_from(value: object) -> str | None:
    """What can serve as a name of a text that may be too long, or hold half a character; None: nothing."""
    if not isinstance(value, str) or not value:
        return None
    return value[:MAX_NAME].encode(errors="replace").decode()


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


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _reach(record: Mapping[str, object], path: tuple[str, ...]) -> object:
    value: object = record
    for step in path:
        if not isinstance(value, Mapping):
            return _MISSING
        value = value.get(step, _MISSING)
    return value
