"""A board as a card: any view's figures in the limits that Discord sets an embed."""

from collections.abc import Iterator

import discord

from bot.wording import format as fmt
from bot.wording.figures import BAR_CELLS, remarks
from bot.wording.heads import compared, known_apart, restrictions
from bot.wording.not_shown import left_out
from bot.wording.numbers import number
from cogs.cards.card import COLOUR, FIELD_LIMIT, Card, Surroundings, units
from cogs.cards.table import table_pages
from schemas.results.board import Board, Figure, Head, Measure, Ranked, Ranking, Subject, SubjectKind
from texts import tr, tr_n

NAME_LIMIT = 32
"""Characters of a name in a list: what fits a line on a phone."""
SERVER_NAME_LIMIT = 100
MAX_RANKINGS, FEW_ROWS, MAX_SHORT_RANKINGS = 3, 4, 6
"""Lists a card holds: three full ones, or six of few rows, stay below the 6,000 characters of an embed."""
MAX_FIGURES = 12
_ROOM_FOR_REST = 160


def board_card(board: Board, around: Surroundings) -> Card:
    """Show a board with its figures and lists; the picture stands below."""
    embed = _frame(board, around, "\n".join(_about(board, around)))
    for figure in board.figures[:MAX_FIGURES]:
        embed.add_field(name=figure.title, value=_figure(figure, board.head))
    short = all(len(ranking.rows) <= FEW_ROWS for ranking in board.rankings)
    for ranking in board.rankings[: MAX_SHORT_RANKINGS if short else MAX_RANKINGS]:
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
    where = tr("page {page} of {pages}", page=at + 1, pages=len(pages))
    about = [*_whom(board, around), f"**{period}** · {where}", *_filters(head, around), *compared(head)]
    embed = _frame(board, around, "\n".join([*about, pages[at]]))
    return Card(embed, page=at, pages=len(pages))


def _frame(board: Board, around: Surroundings, description: str) -> discord.Embed:
    embed = discord.Embed(
        title=board.title,
        description=description,
        colour=COLOUR,
        timestamp=around.now,
    )
    embed.set_author(name=_server(board.head), icon_url=around.icon_url)
    head = board.head
    embed.set_footer(text=tr("{timeframe} · times in {zone}", timeframe=head.timeframe_name, zone=head.zone))
    return embed


def _about(board: Board, around: Surroundings) -> Iterator[str]:
    head = board.head
    yield from _whom(board, around)
    running = f" · {tr('still running')}" if head.running else ""
    yield f"**{fmt.days(head.start, head.stop, running=head.running)}**{running}"
    yield from _filters(head, around)
    yield from compared(head)
    yield _counted(head)
    yield from known_apart(head, lambda moment: fmt.discord_time(moment, "f"))
    if head.zone_changed:
        yield tr("The server's time zone changed in this period; days are those of the zone that held.")
    yield from board.notes
    if around.picture is None:
        yield tr("The chart could not be drawn this time.")


def _filters(head: Head, around: Surroundings) -> Iterator[str]:
    return restrictions(head, lambda each: _name(each, around), " ")


def _whom(board: Board, around: Surroundings) -> Iterator[str]:
    """The one member whom the board is about."""
    if board.member is not None:
        yield _name(board.member, around)


def _counted(head: Head) -> str:
    since = head.counted_since
    if since is None:
        return tr("Nothing is counted here yet.")
    if since > head.start:
        return tr("Counting began {when}; what was before is unknown.", when=fmt.discord_time(since))
    return tr("Counting began {when}.", when=fmt.discord_time(since))


def _figure(figure: Figure, head: Head) -> str:
    return "\n".join([f"**{number(figure.value, figure.measure)}**", *remarks(figure, head, bars=True)])


def _ranking(ranking: Ranking, around: Surroundings) -> str:
    """List the first rows with their shares, as many as a field holds, and sum up the others."""
    unshown = () if ranking.not_shown is None else (left_out(ranking.not_shown, ranking.whole),)
    if not ranking.rows:
        return "".join(unshown) or ranking.empty or tr("Nothing in this period.")
    cells = [_cells(row, ranking) for row in ranking.rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines: list[str] = []
    for row, drawn in zip(ranking.rows, cells, strict=True):
        aligned = " ".join(f"{cell:>{width}}" for cell, width in zip(drawn, widths, strict=True))
        line = f"`{aligned}` {_name(row.subject, around)}"
        if units("\n".join([*lines, line])) > FIELD_LIMIT - _ROOM_FOR_REST:
            break
        lines.append(line)
    return "\n".join([*lines, *_rest(ranking, len(lines)), *unshown])


def _cells(row: Ranked, ranking: Ranking) -> tuple[str, ...]:
    written = number(row.value, ranking.measure)
    drawn = _bars(row, ranking)
    if ranking.whole is None:
        return (*drawn, written)
    return (*drawn, fmt.percent(row.value, ranking.whole), written)


def _bars(row: Ranked, ranking: Ranking) -> tuple[str, ...]:
    """A part of the first row's bar: shares of the whole would all look alike. A score is no amount: none."""
    if ranking.measure is Measure.SCORE:
        return ()
    return (fmt.bar(row.value, ranking.rows[0].value, BAR_CELLS),)


def _rest(ranking: Ranking, listed: int) -> Iterator[str]:
    others = ranking.others + len(ranking.rows) - listed
    if others <= 0:
        return
    text = _more(ranking.rows[0].subject.kind, others)
    if ranking.whole is not None:
        value = ranking.others_value + sum(row.value for row in ranking.rows[listed:])
        text += f": {number(value, ranking.measure)} ({fmt.percent(value, ranking.whole)})"
    yield text


def _more(kind: SubjectKind, others: int) -> str:
    match kind:
        case SubjectKind.CHANNEL:
            return tr_n("and {count} more channel", "and {count} more channels", others)
        case SubjectKind.MEMBER:
            return tr_n("and {count} more member", "and {count} more members", others)
        case SubjectKind.ROLE:
            return tr_n("and {count} more role", "and {count} more roles", others)
        case _:
            return tr_n("and {count} more", "and {count} more", others)


def _name(subject: Subject, around: Surroundings) -> str:
    """A mention where the reader's own client can show it, else the last name known."""
    name = fmt.escaped(subject.name, NAME_LIMIT) if subject.name is not None else ""
    match subject.kind:
        case SubjectKind.CHANNEL if subject.id in around.channels:
            return f"<#{subject.id}>"
        case SubjectKind.CHANNEL:
            return name or f"*{tr('a deleted channel')}*"
        case SubjectKind.MEMBER:
            member = around.members.get(subject.id)
            return f"<@{member}>" if member is not None else f"*{tr('a former member')}*"
        case SubjectKind.EMOJI if subject.id:
            return f"<:emoji:{subject.id}>"
        case SubjectKind.ROLE:
            return f"<@&{subject.id}>"
        case _:
            return name or f"*{tr('without a name')}*"


def _server(head: Head) -> str:
    return fmt.plain(head.guild_name, SERVER_NAME_LIMIT) or tr("This server")
