"""What the controls of warnings remember: what they do, whom it is about, and which case."""

from dataclasses import dataclass
from enum import StrEnum

from cogs.controls.state import OutdatedControlError

MARK = "sw"
VERSION = "1"


class Action(StrEnum):
    """What a control does."""

    RECORD = "r"
    CHOOSE = "c"
    RESOLVE = "s"


@dataclass(frozen=True, slots=True)
class WarningState:
    """A member (the id stands in Discord's own message alone), and a case (0: none)."""

    action: Action
    user_id: int
    case: int = 0


def encode(state: WarningState) -> str:
    """Write a control's ``custom_id``."""
    return f"{MARK}{VERSION}{state.action.value}:{state.user_id}:{state.case}"


def decode(custom_id: str) -> WarningState:
    """Read a ``custom_id``; raises OutdatedControlError for one that ``encode`` did not write."""
    action, _, numbers = custom_id.removeprefix(f"{MARK}{VERSION}").partition(":")
    try:
        user_id, case = (int(number) for number in numbers.split(":"))
        state = WarningState(Action(action), user_id, case)
    except ValueError as error:
        raise OutdatedControlError from error
    if encode(state) != custom_id:
        raise OutdatedControlError
    return state


def is_ours(custom_id: str) -> bool:
    """Whether a control belongs to warnings, of whatever version."""
    return custom_id.startswith(MARK)
