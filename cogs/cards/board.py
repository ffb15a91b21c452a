"""A board as a card: any view's figures in the limits that Discord sets an embed."""

from collections.abc import Iterator

import discord

from bot.wording import format as fmt
from bot.wording.figures import BAR_CELLS, remarks
from bot.wording.numbers import number
from cogs.cards.card import COLOUR, FIELD_LIMIT, Card, Surroundings, units
from cogs.cards.table import table_pages
from schemas.results.board import Board, Figure, Head, Ranked, Ranking, Subject, SubjectKind

NAME_LIMIT = 32
"""Characters of a name in a list: what fits a line on a phone."""
SERVER_NAME_LIMIT = 100
MAX_RANKINGS = 3
"""Lists a card holds: three full ones stay below the 6,000 characters of an embed."""
MAX_FIGURES = 12
_ROOM_FOR_REST = 80


def board_card(board: Board, around: Surroundings) -> Card:
    """Show a board with its figures and lists; the picture stands below."""
    embed = _frame(board, around, "\n".join(_about(board, around)))
    for figure in board.figures[:MAX_FIGURES]:
        embed.add_field(name=figure.title, value=_figure(figure, board.head))
    for ranking in board.rankings[:MAX_RANKINGS]:
        embed.add_field(name=ranking.title, value=_ranking(ranking, around), inline=False)
    if around.picture is not None:
        embed.set_image(url=f"attachment://{around.picture}")
    return Card(embed)


def table_card(board: Board, around: Surroundings, page: int) -> Card:
    """Show a board's numbers as a table, of which a page at a time; a page too far is the last."""
    pages = table_pages(board)
    at = min(page, len(pages) - 1)
    head = board.head
    period = fmt.days(head.start, head.stop, running=head.running)
    embed = _frame(board, around, f"**{period}** · page {at + 1} of {len(pages)}\n{pages[at]}")
    return Card(embed, page=at, pages=len(pages))


def _frame(board: Board, around: Surroundings, description: str) -> discord.Embed:
    embed = discord.Embed(
        title=board.title,
        description=description,
        colour=COLOUR,
        timestamp=around.now,
    )
    embed.set_author(name=_server(board.head), icon_url=around.icon_url)
    embed.set_footer(text=f"{board.head.timeframe_name} · times in {board.head.zone}")
    return embed


def _about(board: Board, around: Surroundings) -> Iterator[str]:
    head = board.head
    running = " · still running" if head.running else ""
    yield f"**{fmt.days(head.start, head.stop, running=head.running)}**{running}"
    if head.compared:
        yield "Compared with the period before" + (", up to the same hour." if head.running else ".")
    elif head.comparable and head.counted_since is not None:
        yield "The period before was not counted in full, so changes are unknown."
    yield _counted(head)
    if head.zone_changed:
        yield "The server's time zone changed in this period; days are those of the zone that held."
    yield from board.notes
    if around.picture is None:
        yield "The chart could not be drawn this time."


def _counted(head: Head) -> str:
    since = head.counted_since
    if since is None:
        return "Nothing is counted here yet."
    if since > head.start:
        return f"Counting began {fmt.discord_time(since)}; what was before is unknown."
    return f"Counting began {fmt.discord_time(since)}."


def _figure(figure: Figure, head: Head) -> str:
    return "\n".join([f"**{number(figure.value, figure.measure)}**", *remarks(figure, head, bars=True)])


def _ranking(ranking: Ranking, around: Surroundings) -> str:
    """List the first rows with their shares, as many as a field holds, and sum up the others."""
    if not ranking.rows:
        return ranking.empty
    cells = [_cells(row, ranking) for row in ranking.rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines: list[str] = []
    for row, drawn in zip(ranking.rows, cells, strict=True):
        aligned = " ".join(f"{cell:>{width}}" for cell, width in zip(drawn, widths, strict=True))
        line = f"`{aligned}` {_name(row.subject, around)}"
        if units("\n".join([*lines, line])) > FIELD_LIMIT - _ROOM_FOR_REST:
            break
        lines.append(line)
    return "\n".join([*lines, *_rest(ranking, len(lines))])


def _cells(row: Ranked, ranking: Ranking) -> tuple[str, ...]:
    written = number(row.value, ranking.measure)
    if ranking.whole is None:
        return (fmt.bar(row.value, ranking.rows[0].value, BAR_CELLS), written)
    share = fmt.percent(row.value, ranking.whole)
    return (fmt.bar(row.value, ranking.whole, BAR_CELLS), share, written)


def _rest(ranking: Ranking, listed: int) -> Iterator[str]:
    others = ranking.others + len(ranking.rows) - listed
    if others <= 0:
        return
    named = ranking.others_name.removesuffix("s") if others == 1 else ranking.others_name
    text = f"and {fmt.amount(others)} more {named}".rstrip()
    if ranking.whole is not None:
        value = ranking.others_value + sum(row.value for row in ranking.rows[listed:])
        text += f": {number(value, ranking.measure)} ({fmt.percent(value, ranking.whole)})"
    yield text


def _name(subject: Subject, around: Surroundings) -> str:
    """A mention where the reader's own client can show it, else the last name known."""
    name = fmt.escaped(subject.name, NAME_LIMIT) if subject.name is not None else ""
    match subject.kind:
        case SubjectKind.CHANNEL if subject.id in around.channels:
            return f"<#{subject.id}>"
        case SubjectKind.CHANNEL:
            return name or "*a deleted channel*"
        case SubjectKind.MEMBER:
            member = around.members.get(subject.id)
            return f"<@{member}>" if member is not None else "*a former member*"
        case SubjectKind.EMOJI if subject.id:
            return f"<:emoji:{subject.id}>"
        case SubjectKind.ROLE:
            return f"<@&{subject.id}>"
        case _:
            return name or "*without a name*"


def _server(head: Head) -> str:
    return fmt.plain(head.guild_name, SERVER_NAME_LIMIT) or "This server"
