"""The card of what is stored about the asker."""

from datetime import datetime

import discord

from bot.privacy.consent import DISCORD_EPOCH_MS, Consent
from bot.privacy.own_data import OwnData
from bot.wording.format import amount
from bot.wording.numbers import number
from cogs.cards.card import COLOUR
from schemas.results.board import Measure
from texts import LazyText, tr

_TITLE = LazyText("What Serverstats knows about you here")
_NEVER = LazyText(
    "Never stored: what you write, your name, your Discord id. You stand in the database under a pseudonym "
    "that only this bot can make."
)
_SCORED = LazyText(
    "An admin has switched sentiment on: the text of each message that counts is scored in memory as "
    "positive, neutral or negative. Only sums of a channel's day are kept: no text, and nothing about you. "
    "Who opts out is not scored."
)


def own_data_card(data: OwnData, consent: Consent, *, scored: bool) -> discord.Embed:
    """Card of a member's own data and decisions; ``scored``: the server has messages scored."""
    embed = discord.Embed(title=str(_TITLE), description=_standing(consent), colour=COLOUR)
    if data.nothing:
        embed.add_field(name=tr("Stored"), value=tr("Nothing."), inline=False)
    else:
        embed.add_field(name=tr("Messages"), value=amount(data.messages))
        embed.add_field(name=tr("Time in voice, AFK too"), value=number(data.voice_minutes, Measure.MINUTES))
        embed.add_field(
            name=tr("Reactions"),
            value=tr(
                "{given} given, {received} received",
                given=amount(data.reactions_given),
                received=amount(data.reactions_received),
            ),
        )
        embed.add_field(name=tr("Days with activity"), value=amount(data.days))
        embed.add_field(name=tr("First message"), value=_date(data.first_message))
        embed.add_field(name=tr("Last active"), value=_date(data.last_active))
    if scored:
        embed.add_field(name=tr("Sentiment"), value=str(_SCORED), inline=False)
    embed.set_footer(text=str(_NEVER))
    return embed


def _standing(consent: Consent) -> str:
    if consent.opted_out:
        since = _stamp(consent.spans[-1].after)
        return tr(
            "You opted out {since}: nothing of you is counted. `/privacy opt-in` undoes this.", since=since
        )
    said = [
        tr("You are counted."),
        *(
            [tr("Everything from before {when} was erased.", when=_stamp(consent.erased))]
            if consent.erased
            else []
        ),
        tr("`/privacy opt-out` stops that, `/privacy erase` removes what is there."),
    ]
    return " ".join(said)


def _stamp(snowflake: int) -> str:
    return f"<t:{((snowflake >> 22) + DISCORD_EPOCH_MS) // 1000}:f>"


def _date(instant: datetime | None) -> str:
    return tr("unknown") if instant is None else f"<t:{int(instant.timestamp())}:f>"
