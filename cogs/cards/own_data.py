"""The card of what is stored about the asker."""

from datetime import datetime

import discord

from bot.privacy.consent import DISCORD_EPOCH_MS, Consent
from bot.privacy.own_data import OwnData
from bot.wording.format import amount
from cogs.cards.card import COLOUR

_TITLE = "What Serverstats knows about you here"
_NEVER = (
    "Never stored: what you write, your name, your Discord id. You stand in the database under a pseudonym "
    "that only this bot can make."
)


def own_data_card(data: OwnData, consent: Consent) -> discord.Embed:
    """Card of a member's own data and decisions."""
    embed = discord.Embed(title=_TITLE, description=_standing(consent), colour=COLOUR)
    if data.nothing:
        embed.add_field(name="Stored", value="Nothing.", inline=False)
    else:
        embed.add_field(name="Messages", value=amount(data.messages))
        embed.add_field(name="Time in voice", value=f"{data.voice_minutes / 60:,.1f} hours")
        embed.add_field(
            name="Reactions",
            value=f"{amount(data.reactions_given)} given, {amount(data.reactions_received)} received",
        )
        embed.add_field(name="Days with activity", value=amount(data.days))
        embed.add_field(name="First message", value=_date(data.first_message))
        embed.add_field(name="Last active", value=_date(data.last_active))
    embed.set_footer(text=_NEVER)
    return embed


def _standing(consent: Consent) -> str:
    if consent.opted_out:
        since = _stamp(consent.spans[-1].after)
        return f"You opted out {since}: nothing of you is counted. `/privacy opt-in` undoes this."
    erased = f" Everything from before {_stamp(consent.erased)} was erased." if consent.erased else ""
    return f"You are counted.{erased} `/privacy opt-out` stops that, `/privacy erase` removes what is there."


def _stamp(snowflake: int) -> str:
    return f"<t:{((snowflake >> 22) + DISCORD_EPOCH_MS) // 1000}:f>"


def _date(instant: datetime | None) -> str:
    return "unknown" if instant is None else f"<t:{int(instant.timestamp())}:f>"
