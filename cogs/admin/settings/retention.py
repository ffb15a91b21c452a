"""For how long what is counted is kept, where that is to be shorter than the host keeps it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from bot.db.retention import RetentionDays, shorter
from bot.preferences import Keeping
from bot.services import Services
from bot.user_errors import Refusal
from cogs.admin.settings.setting import Change, Field, Form, Setting
from cogs.answering import Asked
from cogs.cards.format import amount
from cogs.controls.state import OutdatedControlError
from schemas.collection import RetentionClass

_NAMES: Mapping[RetentionClass, str] = MappingProxyType(
    {
        "members": "What members did, by day",
        "left": "Totals of members who have left",
        "totals": "Sums of the server and channels",
        "hours": "Snapshots of single hours",
    }
)
"""The classes, in the order in which a value writes them."""
_LONGEST = 5


def keeping_of(value: str) -> Keeping:
    """What a value says; raises OutdatedControlError for one that ``written`` did not write."""
    parts = value.split(",")
    if len(parts) != len(_NAMES) or not all(part.isdecimal() or not part for part in parts):
        raise OutdatedControlError
    days = (int(part) if part else None for part in parts)
    return Keeping(**dict(zip(_NAMES, days, strict=True)))


def written(keeping: Keeping) -> str:
    """The value of a server's wish."""
    days = (_days(keeping, of) for of in _NAMES)
    return ",".join("" if each is None else str(each) for each in days)


def too_long(keeping: Keeping, hosts: RetentionDays) -> list[str]:
    """What is wrong with a wish: a sentence for each class that the host keeps for a shorter time."""
    return [
        f"{_NAMES[of]}: give 1 to {most} days, or nothing for as long as the host keeps it."
        if most is not None
        else f"{_NAMES[of]}: give 1 day or more, or nothing for good."
        for of, days, most in ((of, _days(keeping, of), hosts.get(of)) for of in _NAMES)
        if days is not None and not (1 <= days <= (days if most is None else most))
    ]


def shortened(before: Keeping, after: Keeping, hosts: RetentionDays) -> bool:
    """Whether anything is kept for a shorter time than before."""
    kept = (
        (shorter(_days(before, of), hosts.get(of)), shorter(_days(after, of), hosts.get(of))) for of in _NAMES
    )
    return any(new is not None and (old is None or new < old) for old, new in kept)


def _days(keeping: Keeping, of: RetentionClass) -> int | None:
    days: int | None = getattr(keeping, of)
    return days


def _read(services: Services, guild: int) -> str:
    return written(services.preferences.present(guild).keeping)


def _shown(value: str) -> str:
    keeping = keeping_of(value)
    days = ((name, _days(keeping, of)) for of, name in _NAMES.items())
    said = [f"{name}: {each} days" for name, each in days if each is not None]
    return ", ".join(said) or "as long as the host keeps it"


def _fields(services: Services, guild: int) -> Sequence[Field]:
    keeping, hosts = services.preferences.present(guild).keeping, services.retention.hosts
    return [
        Field(
            of,
            name,
            _limit(hosts.get(of)),
            "" if (days := _days(keeping, of)) is None else str(days),
            _LONGEST,
        )
        for of, name in _NAMES.items()
    ]


def _limit(days: int | None) -> str:
    if days is None:
        return "A number of days. Empty: for good, as the host keeps it."
    return f"A number of days, {days} at most. Empty: {days}, as the host keeps it."


async def _typed(typed: Mapping[str, str]) -> str:
    for of, name in _NAMES.items():
        if typed[of] and not typed[of].isdecimal():
            raise Refusal(f"{name}: “{typed[of]}” is no number of days. Type one such as 365, or nothing.")
    return ",".join(str(int(typed[of])) if typed[of] else "" for of in _NAMES)


def _check(asked: Asked, value: str) -> None:
    problems = too_long(keeping_of(value), asked.client.services.retention.hosts)
    if problems:
        raise Refusal(" ".join(problems))


async def _question(asked: Asked, guild: int, value: str) -> str | None:
    """What would be deleted; None where nothing is kept for a shorter time."""
    services, keeping = asked.client.services, keeping_of(value)
    if not shortened(services.preferences.present(guild).keeping, keeping, services.retention.hosts):
        return None
    counted = await services.retention.count(guild, keeping, services.clock.now_ms())
    lines = [f"- {_NAMES[of]}: {amount(number)} entries" for of, number in counted.items()]
    found = "\n".join(lines)
    return (
        "This is older than you want it kept, and is **deleted within minutes, for good**:\n"
        f"{found}\n"
        "Nothing brings it back: it is not counted again from history. The same happens every day to what "
        "has become too old. The audit log stays as long as the host keeps it."
    )


async def _keep(services: Services, change: Change) -> None:
    keeping = keeping_of(change.values.after)
    await services.preferences.change(
        change.guild, change.actor, change.values, lambda present: replace(present, keeping=keeping)
    )


SETTING = Setting(
    key="retention",
    title="Retention",
    help="For how long figures are kept, if not as long as the host keeps them.",
    read=_read,
    shown=_shown,
    keep=_keep,
    form=Form(_fields, _typed),
    check=_check,
    question=_question,
)
