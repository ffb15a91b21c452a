"""Exports read back with other people's readers, and stay within the size that may be sent."""

import csv
import io
import json
import random
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from analytics.charts.report.spec import Fact, ReportSpec
from analytics.charts.spec import BarsSpec, Theme, TimeAxis, Unit
from analytics.charts.wire import encode_spec
from analytics.sight import Sight
from analytics.timeframes import DEFAULT
from bot.exports.csv_files import csv_files
from bot.exports.files import MAX_FILES, ExportFile, TooLargeError, batches
from bot.exports.json_file import json_file
from bot.exports.order import Order
from bot.exports.pdf_file import group_file, pdf_file
from bot.exports.png_file import png_file
from bot.views.scope import Scope
from bot.views.service import Described, Shown
from schemas.results.board import (
    Board,
    Figure,
    Grid,
    Measure,
    Ranked,
    Ranking,
    Series,
    Subject,
    SubjectKind,
)
from tests.support.heads import head_of_days

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 3, 28, tzinfo=ZONE)
HEAD = head_of_days(START, 3, guild_id=1 << 60, guild_name="=The Lighthouse")
BOARD = Board(
    kind="members/active",
    title="Active members",
    head=HEAD,
    figures=(
        Figure(title="Messages", value=12, compared=True, previous=None),
        Figure(title="Stickiness", value=0.25, measure=Measure.SHARE, compared=True, previous=0.5),
        Figure(title="Members", value=None),
    ),
    rankings=(
        Ranking(
            title="Top members",
            rows=(
                Ranked(Subject(SubjectKind.MEMBER, 77, 'Ada, the "first"\n@all'), 8, 3),
                Ranked(Subject(SubjectKind.MEMBER, 78, "a former member"), 4, None),
            ),
            whole=12,
        ),
    ),
    series=(
        Series(
            title="Messages",
            bucket="day",
            starts=tuple(START + timedelta(days=day) for day in range(3)),
            values=(None, 0, 12),
        ),
    ),
    grids=(Grid(title="Cohorts", rows=("March",), columns=("0", "1"), values=((1.0, None),)),),
    notes=("Counted by week, or so.",),
)


def read(file: ExportFile) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.content.decode(), newline=""), strict=True))


def test_csv_has_a_file_a_table_and_one_about_them() -> None:
    files = {file.name: read(file) for file in csv_files(BOARD)}

    assert list(files) == [
        "members-active-about.csv", "members-active-figures.csv", "members-active-top-members.csv",
        "members-active-messages.csv", "members-active-cohorts.csv",
    ]  # fmt: skip
    about = dict(files["members-active-about.csv"])
    assert about["Server"] == "'=The Lighthouse", "no spreadsheet may take a name for a formula"
    assert (about["Time zone"], about["From"]) == ("Europe/Berlin", "2026-03-28T00:00:00+01:00")
    assert about["To (not included)"] == "2026-03-31T00:00:00+02:00"
    assert files["members-active-figures.csv"] == [
        ["Figure", "Value", "Before", "Unit"],
        ["Messages", "12", "", "count"],
        ["Stickiness", "0.25", "0.5", "share"],
        ["Members", "", "", "count"],
    ]
    assert files["members-active-top-members.csv"] == [
        ["Name", "Value (count)", "Share (share)", "Before (count)"],
        ['Ada, the "first"\n@all', "8", repr(8 / 12), "3"],
        ["a former member", "4", repr(4 / 12), ""],
    ]
    assert files["members-active-messages.csv"] == [
        ["Day (Europe/Berlin)", "Value (count)"],
        ["2026-03-28T00:00:00+01:00", ""],
        ["2026-03-29T00:00:00+01:00", "0"],
        ["2026-03-30T00:00:00+02:00", "12"],
    ]
    assert files["members-active-cohorts.csv"] == [["", "0 (count)", "1 (count)"], ["March", "1", ""]]


def cut_board() -> Board:
    """One series whose first known bucket and whose last one lack some of their time."""
    (series,) = BOARD.series
    days = tuple(START + timedelta(days=day) for day in range(5))
    cut = msgspec.structs.replace(
        series, starts=days, values=(None, 2.0, 9.0, 8.0, 1.0), partial_first=True, partial_last=True
    )
    return msgspec.structs.replace(BOARD, figures=(), rankings=(), grids=(), series=(cut,))


def test_exports_say_which_buckets_are_incomplete() -> None:
    rows = read(csv_files(cut_board())[1])
    assert rows[0] == ["Day (Europe/Berlin)", "Value (count)", "Incomplete"]
    assert [row[2] for row in rows[1:]] == ["", "yes", "", "", "yes"]
    (told,) = json.loads(json_file(cut_board()).content)["series"]
    assert (told["partialFirst"], told["partialLast"]) == (True, True)


async def test_a_part_of_a_series_says_it_of_its_own_ends() -> None:
    smaller = json_file(cut_board()).smaller
    assert smaller is not None
    parts = [json.loads(file.content)["series"][0] for file in await smaller()]
    assert [(part["partialFirst"], part["partialLast"]) for part in parts] == [(True, False), (False, True)]
    assert [part["values"] for part in parts] == [[None, 2], [9, 8, 1]]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1))
def test_any_name_reads_back_from_csv(names: list[str]) -> None:
    rows = tuple(Ranked(Subject(SubjectKind.TEXT, 0, name or "-"), 1) for name in names)
    board = msgspec.structs.replace(BOARD, rankings=(Ranking(title="Names", rows=rows),))
    file = csv_files(board)[2]
    assert [row[0].removeprefix("'") for row in read(file)[1:]] == [
        row.subject.name.removeprefix("'") for row in rows if row.subject.name
    ]
    assert b"\r\n" in file.content


UNSEEN = " \t\r\n\0\x1b\u00a0\u00ad\u2028\u2060\u200b\u200d\u202e\u2800\u3000\u3164\ufeff"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
@pytest.mark.parametrize("before", ["", "\r\n", *UNSEEN])
@pytest.mark.parametrize("form", ["plain", "full width", "small"])
def test_no_name_begins_a_formula(sign: str, before: str, form: str) -> None:
    small = {"=": "\ufe66", "+": "\ufe62", "-": "\ufe63", "@": "\ufe6b"}
    written = {"plain": sign, "full width": chr(ord(sign) + 0xFEE0), "small": small[sign]}[form]
    name = f'{before}{written}HYPERLINK("x")'
    head = msgspec.structs.replace(HEAD, guild_name=name)
    series = msgspec.structs.replace(BOARD.series[0], title=name)
    ranking = Ranking(title="Names", rows=(Ranked(Subject(SubjectKind.CHANNEL, 1, name), 1),))
    board = msgspec.structs.replace(BOARD, head=head, rankings=(ranking,), series=(series,), notes=(name,))
    begins = [
        field for file in csv_files(board) for row in read(file) for field in row if "HYPERLINK" in field
    ]
    assert len(begins) >= 3
    assert all(field.startswith("'") for field in begins)


@pytest.mark.parametrize(
    "name", ["general", "Ada", "1. news", "#rules", "日本", "ünï", "🦊 den", "(a)", "_x_", "٣"]
)
def test_other_names_stay_as_they_are(name: str) -> None:
    board = msgspec.structs.replace(BOARD, head=msgspec.structs.replace(HEAD, guild_name=name))
    assert dict(read(csv_files(board)[0]))["Server"] == name


def test_json_has_ids_as_text_and_no_pseudonym() -> None:
    file = json_file(BOARD)
    read_back = json.loads(file.content)

    assert file.name == "members-active.json"
    assert read_back["head"]["guildId"] == str(1 << 60)
    assert read_back["head"]["zone"] == "Europe/Berlin"
    assert [row["subject"] for row in read_back["rankings"][0]["rows"]] == [
        {"kind": "member", "id": "0", "name": 'Ada, the "first"\n@all'},
        {"kind": "member", "id": "0", "name": "a former member"},
    ]
    assert read_back["series"][0]["values"] == [None, 0, 12]


@given(st.lists(st.integers(0, 100), max_size=40))
async def test_every_message_holds_what_it_may_and_nothing_is_lost(sizes: list[int]) -> None:
    files = [ExportFile(f"{number}.bin", bytes(size)) for number, size in enumerate(sizes)]
    sent = await batches(files, 120)
    assert [file for batch in sent for file in batch] == files
    assert all(sum(len(file.content) for file in batch) <= 120 for batch in sent)
    assert all(1 <= len(batch) <= MAX_FILES for batch in sent)


async def test_a_file_too_large_is_zipped_and_one_that_stays_too_large_is_refused() -> None:
    ((zipped,),) = await batches([ExportFile("a.csv", b"1,2\r\n" * 1000)], 600)
    assert zipped.name == "a.csv.zip"
    assert zipfile.ZipFile(io.BytesIO(zipped.content)).read("a.csv") == b"1,2\r\n" * 1000

    noise = random.Random(5).randbytes(1000)
    with pytest.raises(TooLargeError, match="shorter timeframe"):
        await batches([ExportFile("a.png", noise)], 600)


LONG = msgspec.structs.replace(
    BOARD,
    series=(
        Series(
            title="Messages",
            bucket="hour",
            starts=tuple(START + timedelta(hours=hour) for hour in range(2000)),
            values=tuple(random.Random(7).choices((None, *range(10**6)), k=2000)),
        ),
    ),
)


def opened(file: ExportFile) -> ExportFile:
    """A file, taken out of its archive if it lies in one."""
    if not file.name.endswith(".zip"):
        return file
    archive = zipfile.ZipFile(io.BytesIO(file.content))
    (name,) = archive.namelist()
    return ExportFile(name, archive.read(name))


async def sent(files: list[ExportFile], limit: int) -> list[ExportFile]:
    found = await batches(files, limit)
    assert all(sum(len(file.content) for file in batch) <= limit for batch in found)
    return [opened(file) for batch in found for file in batch]


async def test_tables_too_large_come_in_parts_with_a_head_each() -> None:
    parts = [file for file in await sent(csv_files(LONG), 4000) if "-messages" in file.name]
    assert len(parts) > 1
    assert len({file.name for file in parts}) == len(parts)
    rows = [read(file) for file in parts]
    assert all(each[0] == ["Hour (Europe/Berlin)", "Value (count)"] for each in rows)
    hours = [start.isoformat() for start in LONG.series[0].starts]
    assert [row[0] for each in rows for row in each[1:]] == hours


async def test_a_json_too_large_comes_in_parts_that_are_whole_each() -> None:
    parts = await sent([json_file(LONG)], 4000)
    assert len(parts) > 1
    read_back = [json.loads(file.content) for file in parts]
    assert all(each["head"]["zone"] == "Europe/Berlin" for each in read_back)
    values = [value for each in read_back for series in each["series"] for value in series["values"]]
    assert values == list(LONG.series[0].values)
    assert [figure["title"] for each in read_back for figure in each["figures"]] == [
        figure.title for figure in LONG.figures
    ]
    assert sum(len(each["rankings"]) + len(each["grids"]) for each in read_back) == 2


class Views:
    """Shows one board with a chart, and prints reports as long as they are heavy."""

    def __init__(self, png: bytes | None = None) -> None:
        self.png = png
        self.printed: list[ReportSpec] = []

    async def show(self, kind: str, _scope: Scope, theme: Theme) -> Shown:
        assert (kind, theme) == ("overview", Theme.LIGHT)
        return Shown(BOARD, self.png, "Bars: more than before")

    async def describe(self, kind: str, _scope: Scope, theme: Theme) -> Described:
        assert theme is Theme.LIGHT, "paper is white"
        return Described(msgspec.structs.replace(BOARD, kind=kind, title=kind), CHART)

    async def print_report(self, spec: ReportSpec) -> bytes:
        self.printed.append(spec)
        return b"%PDF-" + bytes(100 * sum(1 + len(section.tables) for section in spec.sections))


CHART = BarsSpec(title="More", axis=TimeAxis(Unit.DAY, START.date()), values=(1.0,), y_label="messages")
SCOPE = Scope(1 << 60, DEFAULT, int((START + timedelta(days=2, hours=5)).timestamp() * 1000), channels=(8,))


def order(views: Views, *group: str) -> Order:
    return Order(views, "overview", SCOPE, Theme.LIGHT, group)  # type: ignore[arg-type]


async def test_a_picture_too_large_is_sent_smaller_with_its_words() -> None:
    noise = Image.frombytes("RGB", (1100, 620), random.Random(3).randbytes(1100 * 620 * 3))
    out = io.BytesIO()
    noise.save(out, "PNG")
    files = await png_file(order(Views(out.getvalue())))
    ((whole,),) = await batches(files, 10**7)
    assert (whole.content, whole.description) == (out.getvalue(), "Bars: more than before")

    ((half,),) = await batches(files, len(out.getvalue()) // 3)
    assert Image.open(io.BytesIO(half.content)).size == (550, 310)
    assert (half.name, half.description) == ("overview.png", "Bars: more than before")
    with pytest.raises(TooLargeError):
        await batches(files, 1000)


async def test_a_report_says_server_period_zone_figures_and_tables() -> None:
    views = Views()
    (file,) = await pdf_file(order(views))
    (spec,) = views.printed

    assert file.name == "overview.pdf"
    assert (spec.title, spec.server) == ("overview", "=The Lighthouse")
    assert spec.about == (
        "28 Mar \N{EN DASH} 30 Mar 2026 · 3 days",
        "Times and days in Europe/Berlin",
        "Compared with 25 Mar \N{EN DASH} 27 Mar 2026.",
        "Counting began on 28 Mar 2026.",
    )
    assert spec.footer == "Serverstats · made on 30 Mar 2026 at 05:00 (Europe/Berlin)"
    (section,) = spec.sections
    assert section.facts == (
        Fact("Messages", "12", ("change unknown",)),
        Fact("Stickiness", "25%", ("▼ 25.0 points",)),
        Fact("Members", "unknown"),
    )
    assert section.chart == encode_spec(CHART)
    assert section.notes == BOARD.notes
    assert [table.title for table in section.tables] == ["Top members", "Messages", "Cohorts"]
    assert section.tables[0].rows[1] == ("a former member", "4", "33%", "unknown")
    assert section.tables[1].rows[0] == ("2026-03-28", "unknown")


async def test_a_report_of_a_command_has_all_its_views() -> None:
    views = Views()
    kinds = ("activity/messages", "activity/hours")
    (file,) = await group_file(Order(views, kinds[1], SCOPE, group=kinds))  # type: ignore[arg-type]
    assert file.name == "activity-report.pdf"
    assert [section.title for section in views.printed[0].sections] == list(kinds)
    assert views.printed[0].title == "Activity"


def test_a_view_of_a_report_is_restricted_by_what_it_knows() -> None:
    asked = order(Views())
    assert asked.scope_of("activity/messages").channels == (8,)
    assert asked.scope_of("members/growth").channels == ()
    of_some = replace(asked, scope=replace(asked.scope, sight=Sight(frozenset({8})), unseen=3))
    assert of_some.scope_of("activity/messages") == of_some.scope
    assert of_some.scope_of("members/growth").unseen == 0
    assert of_some.scope_of("members/growth").sight == Sight(frozenset({8}))


async def test_a_report_too_large_comes_in_several() -> None:
    views = Views()
    whole = await pdf_file(order(views))
    parts = await sent(list(whole), 310)
    assert [file.name for file in parts] == ["overview-1.pdf", "overview-2.pdf"]
    first, second = (spec.sections[0] for spec in views.printed[1:])
    assert first.facts
    assert first.chart
    assert second.facts == ()
    assert second.chart is None
    assert [table.title for table in first.tables] == ["Top members"]
    assert [table.title for table in second.tables] == ["Messages", "Cohorts"]
    with pytest.raises(TooLargeError):
        await batches(whole, 50)
