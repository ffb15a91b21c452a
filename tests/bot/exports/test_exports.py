"""Exports read back with other people's readers, and stay within the size that may be sent."""

import csv
import io
import json
import random
import zipfile
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exports.csv_files import csv_files
from bot.exports.files import MAX_FILES, ExportFile, TooLargeError, batches
from bot.exports.json_file import json_file
from schemas.results.board import (
    Board,
    Figure,
    Grid,
    Head,
    Measure,
    Ranked,
    Ranking,
    Series,
    Subject,
    SubjectKind,
)

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 3, 28, tzinfo=ZONE)
HEAD = Head(
    guild_id=1 << 60,
    guild_name="=The Lighthouse",
    timeframe="3d",
    timeframe_name="3 days",
    zone="Europe/Berlin",
    zone_changed=False,
    start=START,
    stop=START + timedelta(days=3),
    running=False,
    counted_since=START,
    comparable=True,
    compared=True,
)
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


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1))
def test_any_name_reads_back_from_csv(names: list[str]) -> None:
    rows = tuple(Ranked(Subject(SubjectKind.TEXT, 0, name or "-"), 1) for name in names)
    board = msgspec.structs.replace(BOARD, rankings=(Ranking(title="Names", rows=rows),))
    file = csv_files(board)[2]
    assert [row[0].removeprefix("'") for row in read(file)[1:]] == [
        row.subject.name.removeprefix("'") for row in rows if row.subject.name
    ]
    assert b"\r\n" in file.content


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
def test_every_message_holds_what_it_may_and_nothing_is_lost(sizes: list[int]) -> None:
    files = [ExportFile(f"{number}.bin", bytes(size)) for number, size in enumerate(sizes)]
    sent = batches(files, 120)
    assert [file for batch in sent for file in batch] == files
    assert all(sum(len(file.content) for file in batch) <= 120 for batch in sent)
    assert all(1 <= len(batch) <= MAX_FILES for batch in sent)


def test_a_file_too_large_is_zipped_and_one_that_stays_too_large_is_refused() -> None:
    ((zipped,),) = batches([ExportFile("a.csv", b"1,2\r\n" * 1000)], 600)
    assert zipped.name == "a.csv.zip"
    assert zipfile.ZipFile(io.BytesIO(zipped.content)).read("a.csv") == b"1,2\r\n" * 1000

    noise = random.Random(5).randbytes(1000)
    with pytest.raises(TooLargeError, match="shorter timeframe"):
        batches([ExportFile("a.png", noise)], 600)
