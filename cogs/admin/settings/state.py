"""What the controls of settings remember: what they do, to which setting, and how that stood when drawn."""

import zlib
from dataclasses import dataclass
from enum import StrEnum

from cogs.controls.state import MAX_LENGTH, OutdatedControlError

MARK = "st"
VERSION = "1"


class Action(StrEnum):
    """What a control does."""

    HOME = "h"
    OPEN = "o"
    CHOOSE = "s"
    ASK = "a"
    SUBMIT = "f"
    CONFIRM = "c"


@dataclass(frozen=True, slots=True)
class Control:
    """``stood`` tells whether the setting has changed since; ``value`` is what is to be confirmed."""

    action: Action
    setting: str = ""
    stood: str = ""
    value: str = ""


def fingerprint(value: str) -> str:
    """A short text that is another one for another value."""
    return f"{zlib.crc32(value.encode()):08x}"


def encode(control: Control) -> str:
    """Write a control's ``custom_id``; raises ValueError if it were too long."""
    custom_id = f"{MARK}{VERSION}{control.action.value}:{control.setting}:{control.stood}:{control.value}"
    if len(custom_id) > MAX_LENGTH:
        raise ValueError(f"{custom_id} is longer than {MAX_LENGTH} characters")
    return custom_id


def decode(custom_id: str) -> Control:
    """Read a ``custom_id``; raises OutdatedControlError for one that ``encode`` did not write."""
    action, *rest = custom_id.removeprefix(f"{MARK}{VERSION}").split(":", 3)
    try:
        control = Control(Action(action), *rest)
        same = encode(control) == custom_id
    except (ValueError, TypeError) as error:
        raise OutdatedControlError from error
    if not same:
        raise OutdatedControlError
    return control


def is_ours(custom_id: str) -> bool:
    """Whether a control belongs to settings, of whatever version."""
    return custom_id.startswith(MARK)
