"""What a control remembers: the view it belongs to, written into its ``custom_id``.

A ``custom_id`` is ``ss``, the version, the action's letter, and base64url of: view, timeframe (tag and two
numbers), page, flags, then one 64-bit number each: the subject, channels, and roles or servers. Eight of
them fit the 100 characters that Discord allows.
"""

import struct
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum
from types import MappingProxyType

from analytics.timeframes import EARLIEST, MAX_DAYS, MAX_HOURS, AllTime, Between, Recent, Timeframe
from bot.user_errors import Refusal
from bot.views.registry import VIEWS
from texts import tr

MARK = "ss"
VERSION = "2"
MAX_NUMBERS = 8
"""Subject, channels, and roles or servers together."""
MAX_ID = 2**64 - 1
MAX_LENGTH = 100
MAX_PAGE = 255

_KINDS = MappingProxyType({view.code: kind for kind, view in VIEWS.items()})
_HEAD = struct.Struct(">BBHHBB")
_NUMBER_BYTES = 8
_TABLE, _SUBJECT, _ALONE, _SERVERS, _CHANNEL_SHIFT = 1, 2, 4, 8, 4
"""Flags: shown as a table, has a subject, is not compared, has servers and no roles; behind them how many
channels there are."""


class Action(StrEnum):
    """What a control does; the letter stands in its ``custom_id``."""

    TIMEFRAME = "t"
    REFRESH = "r"
    ASK_RANGE = "a"
    CUSTOM_RANGE = "c"
    VARIANT = "v"
    CHANNELS = "h"
    ROLES = "o"
    FORM = "f"
    COMPARE = "p"
    BACK = "b"
    ON = "n"
    EXPORT = "e"
    EXPORT_AS = "x"
    SERVERS = "s"
    PLACE = "w"


class _Tag(IntEnum):
    """Form of a timeframe."""

    HOURS = 1
    DAYS = 2
    RANGE = 3
    ALL = 4


class OutdatedControlError(Refusal):
    """The control is of another version, or damaged."""

    def __init__(self) -> None:
        super().__init__(
            tr("This message is from an older version of me; run the command again for a fresh one.")
        )


@dataclass(frozen=True, slots=True)
class ViewState:
    """A view as a value: all that is needed to show it again; ``Scope`` says what restricts it.

    ``subject`` of somebody's own figures is the server, where that is not the one with the message.
    """

    kind: str
    timeframe: Timeframe
    subject: int = 0
    channels: tuple[int, ...] = ()
    roles: tuple[int, ...] = ()
    page: int = 0
    table: bool = False
    compare: bool = True
    servers: tuple[int, ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """Subject, channels, and roles or servers."""
        return (*((self.subject,) if self.subject else ()), *self.channels, *self.roles, *self.servers)


def encode(action: Action, state: ViewState) -> str:
    """Write a control's ``custom_id``; raises ValueError if the state has more than it can hold."""
    numbers = state.numbers
    if len(numbers) > MAX_NUMBERS:
        raise ValueError(f"a view is restricted to {MAX_NUMBERS} things at most, not {len(numbers)}")
    if state.roles and state.servers:
        raise ValueError("a view has to do with roles or with servers, not with both")
    flags = (
        _TABLE * state.table
        | _SUBJECT * bool(state.subject)
        | _ALONE * (not state.compare)
        | _SERVERS * bool(state.servers)
        | len(state.channels) << _CHANNEL_SHIFT
    )
    try:
        head = _HEAD.pack(VIEWS[state.kind].code, *_numbers(state.timeframe), state.page, flags)
        rest = struct.pack(f">{len(numbers)}Q", *numbers)
    except struct.error as error:
        raise ValueError(f"{state} is out of bounds: {error}") from error
    return _prefix(action) + urlsafe_b64encode(head + rest).decode().rstrip("=")


def decode(custom_id: str) -> tuple[Action, ViewState]:
    """Read a ``custom_id`` that ``encode`` wrote; raises OutdatedControlError for any other text."""
    action = action_of(custom_id)
    if action is None:
        raise OutdatedControlError
    payload = custom_id.removeprefix(_prefix(action))
    try:
        packed = b64decode(payload + "=" * (-len(payload) % 4), altchars=b"-_", validate=True)
        state = _unpack(packed)
        same = encode(action, state) == custom_id
    except (Base64Error, struct.error, ValueError, LookupError) as error:
        raise OutdatedControlError from error
    if not same:
        raise OutdatedControlError
    return action, state


def action_of(custom_id: str) -> Action | None:
    """What a control of this version does; None for a control of another version."""
    return next((action for action in Action if custom_id.startswith(_prefix(action))), None)


def is_ours(custom_id: str) -> bool:
    """Whether a control carries a view's state, of whatever version."""
    return custom_id.startswith(MARK)


def template(action: Action) -> str:
    """Regular expression for every ``custom_id`` of an action."""
    return f"(?s){_prefix(action)}.*"


def _prefix(action: Action) -> str:
    return f"{MARK}{VERSION}{action.value}"


def _unpack(packed: bytes) -> ViewState:
    code, tag, first, second, page, flags = _HEAD.unpack_from(packed)
    numbers = struct.unpack(f">{(len(packed) - _HEAD.size) // _NUMBER_BYTES}Q", packed[_HEAD.size :])
    subject, rest = (numbers[0], numbers[1:]) if flags & _SUBJECT else (0, numbers)
    channels = flags >> _CHANNEL_SHIFT
    behind, servers = rest[channels:], bool(flags & _SERVERS)
    return ViewState(
        _KINDS[code],
        _timeframe(tag, first, second),
        subject,
        rest[:channels],
        () if servers else behind,
        page,
        bool(flags & _TABLE),
        not flags & _ALONE,
        behind if servers else (),
    )


def _numbers(timeframe: Timeframe) -> tuple[int, int, int]:
    match timeframe:
        case Recent(count, "h"):
            return _Tag.HOURS, count, 0
        case Recent(count, _):
            return _Tag.DAYS, count, 0
        case Between(first, last):
            return _Tag.RANGE, (first - EARLIEST).days, (last - first).days
        case _:
            return _Tag.ALL, 0, 0


def _timeframe(tag: int, first: int, second: int) -> Timeframe:
    match tag:
        case _Tag.HOURS if 1 <= first <= MAX_HOURS:
            return Recent(first, "h")
        case _Tag.DAYS if 1 <= first <= MAX_DAYS:
            return Recent(first, "d")
        case _Tag.RANGE if second < MAX_DAYS:
            begin = EARLIEST + timedelta(days=first)
            return Between(begin, begin + timedelta(days=second))
        case _Tag.ALL:
            return AllTime()
        case _:
            raise ValueError("not a timeframe")
