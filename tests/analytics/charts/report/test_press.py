"""Reports on paper: texts stand on their page, pages are bounded, and what is left out is said."""

import codecs
import re
import sys
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.charts.geometry import Box
from analytics.charts.report.spec import Column, Fact, ReportSpec, Section, Table
from analytics.charts.spec import BarsSpec, ChartSpec, Theme
from analytics.charts.wire import decode_request, encode_spec
from tests.support.chart_samples import SAMPLES

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas
    from analytics.charts.painter import Painter

MAX_PAGES = 30
A4 = Box(0, 0, 595, 842)

SCRIPTS = (
    "general", "ideen-und-wünsche", "русский", "ελληνικά", "العربية", "עברית", "हिन्दी", "বাংলা", "ไทย", "தமிழ்",
    "ქართული", "日本語", "한국어", "中文", "🚀 👩‍🚀", "W" * 100, "漢字" * 50, "", "\u202ereversed",
)  # fmt: skip


def chart(kind: type[ChartSpec], case: str = "ordinary") -> bytes:
    return encode_spec(msgspec.structs.replace(SAMPLES[kind][case], theme=Theme.LIGHT))


CHART = chart(BarsSpec)
FACTS = (
    Fact("Messages", "12,412", ("▲ 18% (+1,893)",)),
    Fact("Active members", "212", ("▼ 3% (\N{MINUS SIGN}7)", "4.3% of members")),
    Fact(
        "A name that is much too long to stand on one line of a third of the page", "unknown", ("long " * 40,)
    ),
    Fact("Members", "4,918"),
)
NAMES = Table(
    "Top channels",
    (Column("Name"), Column("Value", numeric=True)),
    tuple((name, f"{n:,}") for n, name in enumerate(SCRIPTS)),
)
DAYS = Table(
    "Days", (Column("Day"), Column("Value", numeric=True)), tuple((f"day {n}", f"{n:,}") for n in range(90))
)
HOURS = Table(
    "Weekday and hour",
    (Column(""), *(Column(f"{hour:02d}:00", numeric=True) for hour in range(24))),
    tuple((day, *("1,234.5" for _ in range(24))) for day in ("Mon", "Tue", "Wed")),
)
HUGE = Table(
    "Huge", (Column("Number"), Column("Value", numeric=True)), tuple((f"row {n}", "1") for n in range(9000))
)
EMPTY = Table("Nobody", (Column("Name"), Column("Value", numeric=True)), ())
REPORT = ReportSpec(
    title="Growth",
    server="The Lighthouse",
    about=("23 Oct \N{EN DASH} 21 Nov 2026 · 30 days", "Times and days in Europe/Berlin"),
    footer="Serverstats · made on 21 Nov 2026 at 10:00 (Europe/Berlin)",
    made=datetime(2026, 11, 21, 10, tzinfo=ZoneInfo("Europe/Berlin")),
    sections=(Section("Growth", FACTS, CHART, ("A note.",), (NAMES, DAYS, HOURS, EMPTY)),),
)


def pages(painter: "Painter", spec: ReportSpec) -> "list[Canvas]":
    from analytics.charts.report.press import laid_out  # noqa: PLC0415 - loads matplotlib, after its settings

    return laid_out(painter.typesetter, spec)


def words(page: "Canvas") -> list[str]:
    return [text for text, _ in page.texts()]


def of(*sections: Section) -> ReportSpec:
    return msgspec.structs.replace(REPORT, sections=sections)


def streams(pdf: bytes) -> Iterator[bytes]:
    """What the compressed parts of a document say."""
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        yield zlib.decompressobj().decompress(found[1])


def test_a_report_travels_to_the_process_that_draws() -> None:
    assert decode_request(encode_spec(REPORT)) == REPORT
    sample = SAMPLES[BarsSpec]["ordinary"]
    assert decode_request(encode_spec(sample)) == sample


def test_the_first_page_says_what_it_is_about_with_figures_and_chart(painter: "Painter") -> None:
    first = words(pages(painter, REPORT)[0])
    for said in (
        "Growth",
        "The Lighthouse",
        *REPORT.about,
        "Messages",
        "12,412",
        "▲ 18% (+1,893)",
        "A note.",
    ):
        assert said in first
    assert SAMPLES[BarsSpec]["ordinary"].title in first, "the chart's own title"
    assert REPORT.footer in first


def test_every_page_says_whose_it_is_and_which(painter: "Painter") -> None:
    made = pages(painter, REPORT)
    assert len(made) > 1
    for number, page in enumerate(made, 1):
        assert f"Page {number} of {len(made)}" in words(page)
        assert REPORT.footer in words(page)
    assert all("The Lighthouse · Growth" in words(page) for page in made[1:])


def test_every_row_and_column_is_there(painter: "Painter") -> None:
    said = [text for page in pages(painter, REPORT) for text in words(page)]
    assert [said.count(f"day {n}") for n in range(90)] == [1] * 90
    assert [said.count(f"{hour:02d}:00") for hour in range(24)] == [1] * 24
    assert said.count("1,234.5") == 3 * 24
    assert "No rows." in said
    assert not any("left out" in text.lower() for text in said)


def test_what_has_no_room_is_counted(painter: "Painter") -> None:
    made = pages(painter, of(Section("Growth", tables=(HUGE,))))
    said = [text for page in made for text in words(page)]
    shown = sum(text.startswith("row ") for text in said)
    (left,) = [text for text in said if "Rows left out here" in text]
    assert f"left out here: {9000 - shown:,}." in left
    assert 200 < shown < 600
    assert len(made) <= 3


def test_pages_are_bounded_and_no_view_loses_its_chart(painter: "Painter") -> None:
    sections = tuple(Section(f"View {n}", FACTS[:1], CHART, (), (HUGE, NAMES, HUGE, DAYS)) for n in range(12))
    made = pages(painter, of(*sections))
    assert len(made) <= MAX_PAGES
    said = [words(page) for page in made]
    title = SAMPLES[BarsSpec]["ordinary"].title
    assert sum(title in page for page in said) == 12
    assert any("Left out for want of room:" in text for page in said for text in page)


def test_the_contents_lead_to_the_pages(painter: "Painter") -> None:
    sections = tuple(Section(f"View {n}", FACTS, CHART, (), (NAMES, DAYS)) for n in range(3))
    made = pages(painter, of(*sections))
    cover = words(made[0])
    assert "Contents" in cover
    for section in sections:
        page = int(cover[cover.index(section.title) + 1])
        assert section.title in words(made[page - 1])


def test_a_report_without_anything_is_a_page(painter: "Painter") -> None:
    (page,) = pages(painter, of(Section("Growth", notes=("Nothing is counted here yet.",))))
    assert "Nothing is counted here yet." in words(page)


def assert_readable(made: "list[Canvas]") -> None:
    """Whether every text is within its page, and none lies on another."""
    assert len(made) <= MAX_PAGES
    for page in made:
        found = [(text, box) for text, box in page.texts() if text]
        assert [text for text, box in found if not box.inside(A4)] == []
        for at, (text, box) in enumerate(found):
            assert [other for other, place in found[at + 1 :] if overlap(box, place)] == [], text


def overlap(one: Box, other: Box) -> bool:
    """Marks of a script may reach into the line above by less than a point and a half."""
    return one.touches(other) and min(one.bottom, other.bottom) - max(one.top, other.top) > 1.5


@pytest.mark.parametrize("kind", SAMPLES, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("case", ["ordinary", "empty"])
def test_every_chart_stands_on_its_page(painter: "Painter", kind: type[ChartSpec], case: str) -> None:
    assert_readable(pages(painter, of(Section("A view", FACTS, chart(kind, case), ("A note.",), (NAMES,)))))


names = st.one_of(st.sampled_from(SCRIPTS), st.text(max_size=60))
tables = st.builds(
    lambda title, head, rows: Table(title, (Column(head), Column("Value", numeric=True)), tuple(rows)),
    names,
    names,
    st.lists(st.tuples(names, st.sampled_from(["0", "unknown", "1,234,567"])), max_size=40),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_name_spoils_a_page(painter: "Painter", data: st.DataObject) -> None:
    facts = data.draw(st.lists(st.builds(Fact, names, names, st.tuples(names, names)), max_size=5))
    section = Section(data.draw(names), tuple(facts), None, (data.draw(names),), (data.draw(tables),))
    spec = msgspec.structs.replace(
        REPORT,
        title=data.draw(names),
        server=data.draw(names),
        sections=(section,) * data.draw(st.integers(1, 2)),
    )
    assert_readable(pages(painter, spec))


def test_the_document_has_a_title_and_names_nothing_of_the_machine(painter: "Painter") -> None:
    spec = of(Section("Growth", FACTS, CHART, (), (NAMES,)))
    pdf = painter.print_report(spec)
    assert pdf.startswith(b"%PDF-1.4")
    assert len(re.findall(rb"/Type /Page\b", pdf)) == len(pages(painter, spec))
    info = pdf[pdf.index(b"/Creator") - 200 :]
    assert b"(Serverstats)" in info
    assert codecs.BOM_UTF16_BE + "Growth \N{EN DASH} The Lighthouse".encode("utf-16-be") in _unescaped(info)
    assert b"(D:20261121090000Z)" in info
    said = pdf + b"".join(streams(pdf))
    for path in (sys.prefix, str(Path.home()), str(Path(__file__).parents[4]), "site-packages", ".ttf"):
        assert path == "/" or path.encode() not in said


def _unescaped(text: bytes) -> bytes:
    return re.sub(rb"\\([\\()])", rb"\1", text).replace(b"\\n", b"\n").replace(b"\\r", b"\r")


def test_a_report_of_many_scripts_is_small(painter: "Painter") -> None:
    assert len(painter.print_report(REPORT)) < 400_000
