"""The list of a member's warnings, and the menu that resolves one."""

from collections.abc import Mapping
from datetime import UTC, datetime

import discord

from bot.ingest.books.warnings import WarningCase
from cogs.cards.card import COLOUR
from cogs.cards.format import amount
from cogs.warnings.forms import CATEGORY_NAMES, RESOLUTION_NAMES
from cogs.warnings.state import Action, WarningState, encode
from texts import inside, tr

LISTED = 15
"""Warnings in the list; more would not fit an embed."""
OFFERED = 25
"""Entries that a menu can have."""


def warnings_card(user_id: int, cases: Mapping[int, WarningCase]) -> discord.Embed:
    """How many warnings a member has, and the latest of them."""
    still_open = sum(not case.resolved_at for case in cases.values())
    embed = discord.Embed(title=tr("Warnings"), description=f"<@{user_id}>", colour=COLOUR)
    embed.add_field(name=tr("Open"), value=amount(still_open))
    embed.add_field(name=tr("Resolved"), value=amount(len(cases) - still_open))
    if cases:
        lines = [_line(case) for case in list(cases.values())[:LISTED]]
        which = tr("Latest") if len(cases) > LISTED else tr("All")
        embed.add_field(name=which, value="\n".join(lines), inline=False)
    return embed


def warnings_menu(user_id: int, cases: Mapping[int, WarningCase]) -> discord.ui.View | None:
    """Menu of the open warnings; None where there is none. discord.py has nothing to remember about it."""
    options = [
        discord.SelectOption(
            label=str(CATEGORY_NAMES[case.category]), value=str(number), description=_when(case)
        )
        for number, case in cases.items()
        if not case.resolved_at
    ]
    if not options:
        return None
    view = discord.ui.View(timeout=None)
    view.add_item(
        discord.ui.Select(
            custom_id=encode(WarningState(Action.CHOOSE, user_id)),
            placeholder=tr("Resolve a warning…"),
            options=options[:OFFERED],
        )
    )
    view.stop()
    return view


def _line(case: WarningCase) -> str:
    line = f"<t:{case.at // 1000}:d> {CATEGORY_NAMES[case.category]}"
    if case.resolution is None:
        return f"**{line}**"
    ending = inside(str(RESOLUTION_NAMES[case.resolution]).partition(":")[0])
    return f"{line} ({ending} <t:{case.resolved_at // 1000}:d>)"


def _when(case: WarningCase) -> str:
    """A menu's entries show no time stamps of Discord's, so it is written in UTC."""
    return datetime.fromtimestamp(case.at / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
