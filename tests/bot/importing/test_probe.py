import bz2
import gzip
import json
from pathlib import Path

import pytest

from bot.importing.order import IdOrder
from bot.importing.probe import HEAD_BYTES, FileFacts, probe
from bot.importing.rows import ChannelRef, FileFormat, ImportFileError
from tests.bot.importing.building import event, export, exported, lines, message, put


@pytest.mark.parametrize("packed", [False, True])
def test_json_lines_without_ids(tmp_path: Path, *, packed: bool) -> None:
    path = put(tmp_path, lines(event(kind="join"), event(), event()), packed=packed)
    assert probe(path) == FileFacts(
        format=FileFormat.JSON_LINES,
        size_bytes=path.stat().st_size,
        has_ids=False,
        order=IdOrder.UNKNOWN,
    )


@pytest.mark.parametrize("packed", [False, True])
def test_an_exporter_file(tmp_path: Path, *, packed: bool) -> None:
    path = put(tmp_path, exported(message(n) for n in range(2_000)), packed=packed)
    assert probe(path) == FileFacts(
        format=FileFormat.EXPORTER,
        size_bytes=path.stat().st_size,
        has_ids=True,
        order=IdOrder.ASCENDING,
        guild_id=77,
        guild_name="Guild",
        channel=ChannelRef(1234, "general", 0, category_id=55, category_name="Main"),
        after_ms=1_672_531_200_000,
        before_ms=None,
        exported_ms=1_729_956_152_130,
    )


def test_only_the_head_is_read(tmp_path: Path) -> None:
    whole = exported(message(n) for n in range(5_000))
    assert len(whole) > 2 * HEAD_BYTES
    packed = gzip.compress(whole)
    path = put(tmp_path, packed[: len(packed) // 2])
    assert probe(path).order is IdOrder.ASCENDING


def test_ids_need_message_and_channel(tmp_path: Path) -> None:
    both, one = event(id=1, channel_id=2), event(id=3)
    assert probe(put(tmp_path, lines(event(kind="join"), both))).has_ids
    assert not probe(put(tmp_path, lines(both, one))).has_ids
    assert not probe(put(tmp_path, lines(event(kind="join")))).has_ids


def test_newest_first_is_noticed(tmp_path: Path) -> None:
    assert probe(put(tmp_path, exported(message(-n) for n in range(3)))).order is IdOrder.DESCENDING


def test_an_export_of_an_empty_channel(tmp_path: Path) -> None:
    facts = probe(put(tmp_path, exported([])))
    assert (facts.format, facts.has_ids, facts.order) == (FileFormat.EXPORTER, True, IdOrder.UNKNOWN)


def test_the_content_decides_not_the_layout(tmp_path: Path) -> None:
    one_line = json.dumps(export([message()])).encode()
    assert probe(put(tmp_path, one_line)).format is FileFormat.EXPORTER
    assert probe(put(tmp_path, b"\xef\xbb\xbf\r\n" + exported([message()]))).format is FileFormat.EXPORTER
    bad_first = b"oops\n" + lines(event(guild={"id": 1}))
    assert probe(put(tmp_path, bad_first)).format is FileFormat.JSON_LINES
    assert probe(put(tmp_path, lines(event()).rstrip())).format is FileFormat.JSON_LINES


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \n\r\n", "is empty"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (b"PK\x03\x04....", "is packed with zip. Unpack it"),
        (bz2.compress(b"{}"), "is packed with bzip2. Unpack it"),
        ('{"ts": 1}'.encode("utf-16"), "is UTF-16 text. Save it as UTF-8"),
        (b"<!DOCTYPE html>", "is HTML. Export the channel again with `-f Json`"),
        (b"AuthorID,Author,Date\n1,x,y\n", "holds no events"),
        (b'[{"ts": "2019-05-01T10:00:00Z"}]', "holds no events"),
        (gzip.compress(lines(event()), mtime=0)[:10], "its gzip data end in the middle. Copy the file again"),
        (exported([], guild_id="0", type="DirectTextChat"), "holds direct messages"),
    ],
)
def test_other_files_are_refused_with_what_to_do(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(ImportFileError, match=words) as error:
        probe(put(tmp_path, data))
    assert error.value.position is None


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="cannot be opened: No such file"):
        probe(tmp_path / "nowhere")


def test_the_head_is_read_wherever_it_stands(tmp_path: Path) -> None:
    whole = export([message(n) for n in range(2_000)])
    first = json.dumps({"messages": whole.pop("messages"), **whole}).encode()
    assert len(first) > 2 * HEAD_BYTES
    for packed in (False, True):
        facts = probe(put(tmp_path, first, packed=packed))
        assert (facts.format, facts.guild_id, facts.guild_name) == (FileFormat.EXPORTER, 77, "Guild")
        assert facts.channel == ChannelRef(1234, "general", 0, category_id=55, category_name="Main")
        assert facts.has_ids


@pytest.mark.parametrize("indent", [None, 1])
def test_much_may_stand_before_the_messages(tmp_path: Path, indent: int | None) -> None:
    whole = export([message(n) for n in range(5)])
    emoji = [{"name": f"emoji {n}", "id": str(n), "url": "x" * 100} for n in range(4_000)]
    text = json.dumps({"emoji": emoji, **whole}, indent=indent)
    assert text.index('"messages"') > HEAD_BYTES
    facts = probe(put(tmp_path, text.encode()))
    assert (facts.format, facts.guild_id, facts.has_ids) == (FileFormat.EXPORTER, 77, True)
    with pytest.raises(ImportFileError, match="holds no events"):
        probe(put(tmp_path, json.dumps({"emoji": emoji}, indent=indent).encode()))


@pytest.mark.parametrize("missing", [("guild", "channel"), ("guild",), ("channel",)])
def test_an_export_of_nowhere_is_refused(tmp_path: Path, missing: tuple[str, ...]) -> None:
    whole = export([message(n) for n in range(5)])
    for name in missing:
        del whole[name]
    with pytest.raises(ImportFileError, match="does not say which channel of which server"):
        probe(put(tmp_path, json.dumps(whole).encode()))


@pytest.mark.parametrize(
    "data",
    [
        b'[{"ID": 1191350108160000000, "Timestamp": "2024-01-01 12:00:00", "Contents": "x"}]',
        b'[\r\n  {"ID": "1191350108160000000", "Timestamp": "2024-01-01 12:00:00", "Contents": "x"}]',
        b"ID,Timestamp,Contents,Attachments\r\n1191350108160000000,2024-01-01 12:00:00+00:00,x,\r\n",
    ],
)
def test_one_persons_data_package_is_no_history_of_a_server(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ImportFileError, match="what one person wrote, and no history of a server"):
        probe(put(tmp_path, data))
