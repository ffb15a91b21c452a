"""Boards as a report on paper: their figures, charts and tables in words and numbers as people write them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from msgspec import structs

from analytics.charts.report.spec import Column, Fact, ReportSpec, Section, Table, Words
from analytics.charts.wire import encode_spec
from bot.views.registry import VIEWS
from bot.views.service import Described
from bot.views.tables import tables
from bot.wording import format as fmt
from bot.wording.cells import written
from bot.wording.figures import remarks
from bot.wording.heads import compared, known_apart, restrictions
from bot.wording.numbers import number
from schemas.results.board import Board, Head
from texts import tr


def report_of(described: Sequence[Described], now_ms: int) -> ReportSpec:
    """The report of one or more views of the same period, as of an instant (ms since 1970 UTC)."""
    board = described[0].board
    head = board.head
    zone = ZoneInfo(head.zone)
    made = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(zone)
    title = board.title if len(described) == 1 else VIEWS[board.kind].group.capitalize()
    return ReportSpec(
        title=title,
        server=fmt.plain(head.guild_name, 100) or tr("This server"),
        about=tuple(_about(head)),
        footer=tr(
            "Serverstats · made on {day} at {time} ({zone})",
            day=fmt.date(made),
            time=f"{made:%H:%M}",
            zone=head.zone,
        ),
        made=made,
        sections=tuple(_section(each) for each in described),
        words=_words(),
    )


def _words() -> Words:
    return Words(
        page=tr("Page {page} of {pages}", page="{page}", pages="{pages}"),
        contents=tr("Contents"),
        continued=tr("{title} (continued)", title="{title}"),
        empty=tr("No rows."),
        rows_left_out=tr(
            "Rows left out here: {count}. The exports as CSV and JSON hold all of them.",
            count="{count}",
        ),
        tables_left_out=tr(
            "Left out for want of room: {titles}. The exports as CSV and JSON hold all tables.",
            titles="{titles}",
        ),
    )


def _about(head: Head) -> Iterator[str]:
    days = fmt.days(head.start, head.stop, running=head.running)
    running = f" \N{MIDDLE DOT} {tr('still running')}" if head.running else ""
    yield f"{days} \N{MIDDLE DOT} {head.timeframe_name}{running}"
    yield tr("Times and days in {zone}", zone=head.zone)
    yield from restrictions(head, lambda each: each.name or "?", ", ")
    if head.zone_changed:
        yield tr("The server's time zone changed in this period; days are those of the zone that held.")
    yield from compared(head)
    yield _counted(head)
    yield from known_apart(head, fmt.date)


def _counted(head: Head) -> str:
    if head.counted_since is None:
        return tr("Nothing is counted here yet.")
    since = fmt.date(head.counted_since)
    if head.counted_since > head.start:
        return tr("Counting began on {day}; what was before is unknown.", day=since)
    return tr("Counting began on {day}.", day=since)


def _section(described: Described) -> Section:
    board, chart = described.board, described.chart
    return Section(
        title=board.title,
        facts=tuple(
            Fact(figure.title, number(figure.value, figure.measure), tuple(remarks(figure, board.head)))
            for figure in board.figures
        ),
        chart=None if chart is None else encode_spec(chart),
        notes=board.notes,
        tables=tuple(_tables(board)),
    )


def _tables(board: Board) -> Iterator[Table]:
    """All tables but that of the figures, which stand above the chart."""
    for table in tables(structs.replace(board, figures=())):
        yield Table(
            table.title,
            tuple(Column(column.title, column.measure is not None) for column in table.columns),
            tuple(
                tuple(written(table, row, column) for column in range(len(table.columns)))
                for row in range(len(table.rows))
            ),
        )
