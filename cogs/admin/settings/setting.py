"""What a setting is: a row that says how it is read, shown, changed and checked.

A setting's value is a text here, whatever it is elsewhere: it stands in the audit log and, where a change has
to be confirmed, in a button.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.audit import SettingChange
from bot.services import Services
from cogs.answering import Asked
from texts import LazyText

Menu = discord.ui.Select[Any] | discord.ui.RoleSelect[Any] | discord.ui.ChannelSelect[Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A line of a form; ``name`` is what its text is found by. It may be left empty unless ``required``."""

    name: str
    label: str
    description: str
    present: str
    max_length: int
    required: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """Values that may have been meant, with what they are called; at most 25, to be chosen from."""

    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Form:
    """``typed`` makes a value of what was typed, by name of field; raises Refusal where it cannot."""

    fields: Callable[[Services, int], Sequence[Field]]
    typed: Callable[[Mapping[str, str]], Awaitable[str | Offer]]


@dataclass(frozen=True, slots=True)
class Choices:
    """``menu`` shows the present value, under a ``custom_id``; ``chosen`` makes one of what was chosen.

    What a value names and the server has no more is not shown as chosen: Discord need not know it.
    """

    menu: Callable[[Asked, str, str], Menu]
    chosen: Callable[[Sequence[str]], str]


@dataclass(frozen=True, slots=True)
class Change:
    """A change that ``actor`` (a pseudonym) wants in a server, ``at`` the snowflake of asking for it."""

    guild: int
    actor: int
    values: SettingChange
    at: int


async def unasked(asked: Asked, guild: int, after: str) -> str | None:  # noqa: ARG001 - see ``question``
    """Nothing has to be confirmed."""
    return None


def unchecked(asked: Asked, value: str) -> None:
    """Whatever can be chosen will do."""


def without_note(asked: Asked, value: str) -> str | None:  # noqa: ARG001 - see ``note``
    """There is nothing to say of a value."""
    return None


@dataclass(frozen=True, slots=True)
class Setting:
    """``key`` names it in controls and in the audit log, and is never given to another setting.

    ``read`` returns the present value, ``shown`` writes one for people, ``keep`` puts a change into force
    (raises StoreUnavailable). Either ``choices`` or a ``form`` changes it. ``check`` raises Refusal for a
    value that will not do, ``question`` returns what has to be confirmed before it is kept, and ``note`` what
    an admin should know of the present value.
    """

    key: str
    title: LazyText
    help: LazyText
    read: Callable[[Services, int], str]
    shown: Callable[[str], str]
    keep: Callable[[Services, Change], Awaitable[None]]
    choices: Choices | None = None
    form: Form | None = None
    check: Callable[[Asked, str], None] = unchecked
    question: Callable[[Asked, int, str], Awaitable[str | None]] = unasked
    note: Callable[[Asked, str], str | None] = without_note
