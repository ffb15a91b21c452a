"""Prints a report: pages on paper, then a PDF of them. Importing this loads matplotlib's writer of PDF."""

from datetime import UTC, datetime
from io import BytesIO

from matplotlib.backends.backend_pdf import PdfPages

from analytics.charts.canvas import Canvas, Typesetter
from analytics.charts.geometry import Box, Point
from analytics.charts.kinds.registry import KINDS
from analytics.charts.report.sheet import (
    BODY,
    CONTENT,
    HEIGHT,
    LARGE,
    MARGIN,
    SMALL,
    TOP,
    WIDTH,
    Paper,
    Style,
)
from analytics.charts.report.spec import Fact, ReportSpec, Section, Table, Words
from analytics.charts.report.tables import put_table
from analytics.charts.wire import decode_spec

MAX_PAGES = 30
"""Pages of a report at most, its first one with the contents among them."""

_TITLE, _SERVER, _ABOUT = Style(24, heavy=True), Style(14), Style(BODY + 1, muted=True)
_SECTION = Style(16, heavy=True)
_NOTE, _MARGINAL = Style(BODY, muted=True), Style(SMALL, muted=True)
_FACT, _VALUE, _REMARK = Style(BODY, muted=True), Style(15, heavy=True), Style(SMALL, muted=True)
_ENTRY = Style(LARGE)
_FACTS_A_ROW, _FACT_GAP = 3, 18.0
_REMARK_LINES = 3
_SPACE = 10.0
_NUMBER_WIDTH = 40


def printed(typesetter: Typesetter, spec: ReportSpec) -> bytes:
    """The report as PDF."""
    pages = laid_out(typesetter, spec)
    out = BytesIO()
    with PdfPages(out, metadata=_metadata(spec)) as document:
        for page in pages:
            page.print_to(document)
    return out.getvalue()


def laid_out(typesetter: Typesetter, spec: ReportSpec) -> list[Canvas]:
    """The pages of a report."""
    paper = Paper(typesetter, MAX_PAGES)
    _put_heading(paper, spec)
    first: list[int] = []
    together = len(spec.sections) == 1
    for number, section in enumerate(spec.sections):
        if not together:
            paper.turn()
        first.append(len(paper.pages))
        waiting = len(spec.sections) - number
        last = len(paper.pages) - 1 + max(1, (MAX_PAGES - len(paper.pages) + 1) // waiting)
        _put_section(paper, section, spec.words, last, named=not together)
    if not together:
        _put_contents(paper, spec, first)
    for number, page in enumerate(paper.pages, 1):
        _put_margins(paper, page, spec, number)
    return paper.pages


def _metadata(spec: ReportSpec) -> dict[str, str | datetime]:
    """The document's properties; the time in UTC, since matplotlib turns the sign of other zones around."""
    return {
        "Title": f"{spec.title} \N{EN DASH} {spec.server}",
        "Creator": "Serverstats",
        "CreationDate": spec.made.astimezone(UTC),
    }


def _put_heading(paper: Paper, spec: ReportSpec) -> None:
    paper.y = MARGIN
    paper.paragraph(spec.title, _TITLE, 2)
    paper.y += 2
    paper.paragraph(spec.server, _SERVER, 2)
    paper.y += 4
    for line in spec.about:
        paper.paragraph(line, _ABOUT, 2)
    paper.y += _SPACE
    paper.rule(paper.y)
    paper.y += _SPACE


def _put_contents(paper: Paper, spec: ReportSpec, first: list[int]) -> None:
    """Name the sections with their pages on the first page."""
    cover = paper.pages[0]
    start = TOP + 150
    cover.text(Point(MARGIN, start), paper.drawable(spec.words.contents), _SECTION.lettering)
    pitch = min(2 * _ENTRY.line, (HEIGHT - MARGIN - 60 - start) / (len(first) + 1))
    for row, (section, page) in enumerate(zip(spec.sections, first, strict=True), 1):
        y = start + 8 + row * pitch
        title = paper.fitted(section.title, _ENTRY, CONTENT - _NUMBER_WIDTH)
        cover.text(Point(MARGIN, y), title, _ENTRY.lettering)
        cover.text(Point(WIDTH - MARGIN, y), str(page), _ENTRY.lettering, "right")


def _put_section(paper: Paper, section: Section, words: Words, last: int, *, named: bool) -> None:
    if named:
        paper.y = MARGIN + 24
        paper.paragraph(section.title, _SECTION, 2)
        paper.y += _SPACE
    _put_facts(paper, section.facts, last)
    if section.chart is not None:
        _put_chart(paper, section.chart, last)
    _put_notes(paper, section.notes, last)
    left_out = [table for table in section.tables if not put_table(paper, table, words, last)]
    if left_out:
        _put_left_out(paper, left_out, words)


def _put_facts(paper: Paper, facts: tuple[Fact, ...], last: int) -> None:
    width = (CONTENT - _FACT_GAP * (_FACTS_A_ROW - 1)) / _FACTS_A_ROW
    for start in range(0, len(facts), _FACTS_A_ROW):
        row = facts[start : start + _FACTS_A_ROW]
        remarks = [_remarks(paper, fact, width) for fact in row]
        height = _FACT.line + _VALUE.line + max(map(len, remarks)) * _REMARK.line + _SPACE
        if height > paper.room and paper.may_turn(last):
            paper.turn()
        for at, (fact, lines) in enumerate(zip(row, remarks, strict=True)):
            x, y = MARGIN + at * (width + _FACT_GAP), paper.y
            paper.put(Point(x, y), paper.fitted(fact.name, _FACT, width), _FACT)
            paper.put(Point(x, y + _FACT.line), paper.fitted(fact.value, _VALUE, width), _VALUE)
            for number, line in enumerate(lines):
                paper.put(Point(x, y + _FACT.line + _VALUE.line + number * _REMARK.line), line, _REMARK)
        paper.y += height


def _remarks(paper: Paper, fact: Fact, width: float) -> list[str]:
    lines = [line for remark in fact.remarks for line in paper.lines(remark, _REMARK, width, 2)]
    return lines[:_REMARK_LINES]


def _put_chart(paper: Paper, encoded: bytes, last: int) -> None:
    """Paint a chart as wide as the paper allows."""
    spec = decode_spec(encoded)
    kind = KINDS[type(spec)]
    size = kind.size(spec)
    # A chart's own margins are wider than a page needs: its texts begin where those of the page do.
    scale = (CONTENT + 2 * _BLEED) / size.width
    if size.height * scale > paper.room and paper.may_turn(last):
        paper.turn()
    scale = min(scale, paper.room / size.height)
    box = Box(MARGIN - _BLEED, paper.y, MARGIN - _BLEED + size.width * scale, paper.y + size.height * scale)
    part = paper.page.part(box, scale)
    kind.paint(part, spec)
    paper.y += part.height * scale


_BLEED = 20
"""Margin of a chart in points."""


def _put_notes(paper: Paper, notes: tuple[str, ...], last: int) -> None:
    for note in notes:
        if paper.height_of([note], _NOTE) > paper.room:
            if not paper.may_turn(last):
                return
            paper.turn()
        paper.paragraph(note, _NOTE)
        paper.y += 2


def _put_left_out(paper: Paper, tables: list[Table], words: Words) -> None:
    """Say at the end of a page, where there is always room for it, what is not on paper."""
    text = words.tables_left_out.format(titles=", ".join(table.title for table in tables))
    paper.y = min(paper.y + 4, HEIGHT - 54 - _MARGINAL.line)
    paper.paragraph(text, _MARGINAL, 2)


def _put_margins(paper: Paper, page: Canvas, spec: ReportSpec, number: int) -> None:
    """Say on top what the report is about, and below which page this is."""
    numbered = spec.words.page.format(page=number, pages=len(paper.pages))
    half = CONTENT / 2
    muted = _MARGINAL.lettering
    if number > 1:
        about = spec.about[0] if spec.about else ""
        page.text(Point(MARGIN, 40), paper.fitted(f"{spec.server} · {spec.title}", _MARGINAL, half), muted)
        page.text(Point(WIDTH - MARGIN, 40), paper.fitted(about, _MARGINAL, half - 12), muted, "right")
    page.text(Point(MARGIN, HEIGHT - 28), paper.fitted(spec.footer, _MARGINAL, CONTENT - 90), muted)
    page.text(Point(WIDTH - MARGIN, HEIGHT - 28), numbered, muted, "right")
