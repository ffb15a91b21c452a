"""The server's time zone: what a day and an hour are."""

import asyncio
import difflib
from collections.abc import Collection, Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.services import Services
from bot.user_errors import Refusal
from cogs.admin.settings.setting import Change, Field, Form, Offer, Setting
from cogs.answering import Asked
from texts import LazyText, tr

MOST_OFFERED = 25
_FIELD = "zone"
_LONGEST = 60
_UNKNOWN = LazyText(
    "There is no time zone “{typed}”: type an IANA name such as Europe/Berlin, America/New_York or UTC, "
    "or the name of a large city in it."
)


def zones_like(typed: str, names: Collection[str]) -> list[str]:
    """IANA names that may be meant, the likeliest first; one alone if it is just that name."""
    wanted = "_".join(typed.split()).casefold()
    by_name = {name.casefold(): name for name in names}
    if wanted in by_name:
        return [by_name[wanted]]
    within = sorted(name for folded, name in by_name.items() if wanted and wanted in folded)
    place = sorted(within, key=lambda name: name.casefold().rpartition("/")[2] != wanted)
    near = difflib.get_close_matches(wanted, by_name, n=5, cutoff=0.75)
    return list(dict.fromkeys([*place, *(by_name[name] for name in near)]))[:MOST_OFFERED]


def _fields(services: Services, guild: int) -> list[Field]:
    return [
        Field(
            _FIELD,
            tr("Time zone"),
            tr("An IANA name such as Europe/Berlin, or the name of a city."),
            _read(services, guild),
            _LONGEST,
            required=True,
        )
    ]


async def _typed(typed: Mapping[str, str]) -> str | Offer:
    text = typed[_FIELD]
    names = await asyncio.to_thread(available_timezones)
    found = zones_like(text, names)
    if not found:
        raise Refusal(_UNKNOWN.say(typed=text))
    return Offer({name: name.replace("_", " ") for name in found}) if len(found) > 1 else found[0]


def _check(_asked: Asked, value: str) -> None:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refusal(_UNKNOWN.say(typed=value)) from None


def _read(services: Services, guild: int) -> str:
    return services.preferences.zones(guild).current.zone.key


async def _keep(services: Services, change: Change) -> None:
    await services.names.save()  # a server that was just joined has to be known first
    await services.preferences.change_zone(change.guild, change.actor, change.values)


def _note(asked: Asked, _value: str) -> str | None:
    """From when on a change holds that has not begun."""
    services = asked.client.services
    if asked.guild_id is None:
        return None
    since_ms = services.preferences.zones(asked.guild_id).current.since_ms
    if since_ms is None or since_ms <= services.clock.now_ms():
        return None
    return tr(
        "This holds from <t:{seconds}:t> on. Days and hours before stay as they were counted.",
        seconds=since_ms // 1000,
    )


SETTING = Setting(
    key="zone",
    title=LazyText("Time zone"),
    help=LazyText("In which days, hours and weekdays are counted and shown. Those before a change stay."),
    read=_read,
    shown=lambda value: value.replace("_", " "),
    keep=_keep,
    form=Form(_fields, _typed),
    check=_check,
    note=_note,
)
