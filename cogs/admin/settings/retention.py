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
from cogs.controls.state import OutdatedControlError
from schemas.collection import RetentionClass
from texts import LazyText, decimal, tr, tr_n

_NAMES: Mapping[RetentionClass, LazyText] = MappingProxyType(
    {
        "members": LazyText("What members did, by day"),
        "left": LazyText("Totals of members who have left"),
        "totals": LazyText("Sums of the server and channels"),
        "hours": LazyText("Snapshots of single hours"),
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
        tr("{what}: give 1 day or more, or nothing for good.", what=_NAMES[of])
        if most is None
        else tr(
            "{what}: give 1 to {most} days, or nothing for as long as the host keeps it.",
            what=_NAMES[of],
            most=decimal(most),
        )
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
    wishes = ((name, _days(keeping, of)) for of, name in _NAMES.items())
    said = [
        tr_n("{what}: {count} day", "{what}: {count} days", days, what=name)
        for name, days in wishes
        if days is not None
    ]
    return ", ".join(said) or tr("as long as the host keeps it")


def _fields(services: Services, guild: int) -> Sequence[Field]:
    keeping, hosts = services.preferences.present(guild).keeping, services.retention.hosts
    return [
        Field(
            of,
            str(name),
            _limit(hosts.get(of)),
            "" if (days := _days(keeping, of)) is None else str(days),
            _LONGEST,
        )
        for of, name in _NAMES.items()
    ]


def _limit(days: int | None) -> str:
    if days is None:
        return tr("A number of days. Empty: for good, as the host keeps it.")
    return tr("A number of days, {days} at most. Empty: {days}, as the host keeps it.", days=decimal(days))


async def _typed(typed: Mapping[str, str]) -> str:
    for of, name in _NAMES.items():
        if typed[of] and not typed[of].isdecimal():
            raise Refusal(
                tr(
                    "{what}: “{typed}” is no number of days. Type one such as 365, or nothing.",
                    what=name,
                    typed=typed[of],
                )
            )
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
    lines = [
        tr_n("- {what}: {count} entry", "- {what}: {count} entries", number, what=_NAMES[of])
        for of, number in counted.items()
    ]
    return tr(
        "This is older than you want it kept, and is **deleted within minutes, for good**:\n"
        "{found}\n\n"
        "Nothing brings it back: it is not counted again from history. The same happens every day to what "
        "has become too old. The audit log stays as long as the host keeps it.",
        found="\n".join(lines),
    )


async def _keep(services: Services, change: Change) -> None:
    keeping = keeping_of(change.values.after)
    await services.preferences.change(
        change.guild, change.actor, change.values, lambda present: replace(present, keeping=keeping)
    )


SETTING = Setting(
    key="retention",
    title=LazyText("Retention", "setting"),
    help=LazyText("For how long figures are kept, if not as long as the host keeps them."),
    read=_read,
    shown=_shown,
    keep=_keep,
    form=Form(_fields, _typed),
    check=_check,
    question=_question,
)
