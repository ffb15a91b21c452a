"""Whether messages are scored for their sentiment."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import discord

from bot.services import Services
from bot.user_errors import Refusal
from cogs.admin.settings.setting import Change, Choices, Menu, Setting
from cogs.answering import Asked
from cogs.controls.state import OutdatedControlError
from texts import LazyText, tr

ON, OFF = "on", "off"
_NAMES: Mapping[str, LazyText] = MappingProxyType(
    {
        OFF: LazyText("Off: no text is looked at", "sentiment"),
        ON: LazyText("On: texts are scored in memory, and daily sums are kept", "sentiment"),
    }
)
_IMPOSSIBLE = LazyText(
    "I do not get to see what is written here: whoever runs me has not asked Discord for the message content "
    "intent, or was not granted it. Ask them to switch it on; until then sentiment stays unknown."
)


def _read(services: Services, guild: int) -> str:
    return OFF if services.preferences.present(guild).sentiment_after is None else ON


async def _keep(services: Services, change: Change) -> None:
    after = change.at if change.values.after == ON else None
    if after is not None:
        await services.sentiment.prepare()
    await services.preferences.change(
        change.guild, change.actor, change.values, lambda present: replace(present, sentiment_after=after)
    )


def _menu(_asked: Asked, custom_id: str, present: str) -> Menu:
    return discord.ui.Select(
        custom_id=custom_id,
        options=[
            discord.SelectOption(label=str(name), value=value, default=value == present)
            for value, name in _NAMES.items()
        ],
    )


def _chosen(values: Sequence[str]) -> str:
    if len(values) != 1 or values[0] not in _NAMES:
        raise OutdatedControlError
    return values[0]


def _check(asked: Asked, value: str) -> None:
    """Refuse to switch on what could not be scored."""
    if value == ON and not asked.client.services.sentiment.possible:
        raise Refusal(str(_IMPOSSIBLE))


async def _question(asked: Asked, guild: int, value: str) -> str | None:
    if value == OFF or asked.client.services.sentiment.is_on(guild):
        return None
    return tr(
        "From then on the text of each message that counts is scored **in memory**, by a list of English "
        "words. Kept are **sums of a channel's day**: how many messages were scored, were positive, were "
        "negative, and their mean. No text is kept, and nothing about a single member. Who opted out and "
        "what is excluded is not scored.\n\n"
        "Members see in `/privacy show` that it is on: please tell them. Where people mostly write in "
        "another language than English it says nothing."
    )


def _note(asked: Asked, value: str) -> str | None:
    return str(_IMPOSSIBLE) if value == ON and not asked.client.services.sentiment.possible else None


SETTING = Setting(
    key="sentiment",
    title=LazyText("Sentiment"),
    help=LazyText("Whether messages are scored as positive, neutral or negative, in English alone."),
    read=_read,
    shown=lambda value: str(_NAMES[value]),
    keep=_keep,
    choices=Choices(_menu, _chosen),
    check=_check,
    question=_question,
    note=_note,
)
