"""Whatever bytes a file holds, an import ends in a report or in one sentence."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.db.database import Driver, Handle
from bot.importing.reader import read_rows
from bot.importing.rows import ImportFileError
from bot.importing.run import ImportRun
from bot.importing.survey import survey
from tests.bot.importing.building import event, export, exported, lines, message
from tests.bot.importing.test_importer import BERLIN, GUILD, Set

AWKWARD = [
    *(b"\0", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b'"\\ud800"', b"\\udc00", b"\\", b'"', b"\n", b"\r"),
    *(
        b"[" * 5_000,
        b"{" * 5_000,
        b'{"a":' * 3_000,
        b"]",
        b"}",
        b"9" * 5_000,
        b"1e999",
        b"-0",
        b"NaN",
        b"Infinity",
    ),
    *(b"null", b"true", b"[]", b"{}", b'""', b",", b":", b"1.5", b'"9999-12-31T23:59:59.999999999-23:59"'),
    *(
        b'"0001-01-01T00:00:00+23:59"',
        b'"2024-02-30"',
        b'"1"',
        b"9223372036854775808",
        b"<html>",
        b"PK\x03\x04",
    ),
]
PIECES = st.sampled_from(AWKWARD) | st.binary(max_size=6)
WHOLE = [
    exported([message(n) for n in range(4)], guild_id=str(GUILD)),
    json.dumps({"messages": [message(n) for n in range(3)], **export([], guild_id=str(GUILD))}).encode(),
    lines(*(event(id=str(500 + n), channel_id="7", author_id="8") for n in range(5))),
    lines(event(), event(kind="join"), event(bot=True), event(ts="2019-05-02T10:00:00.5+02:00")),
]


def changed(start: bytes, cuts: list[tuple[float, int, bytes]]) -> bytes:
    data = start
    for where, gone, piece in cuts:
        at = int(where * len(data))
        data = data[:at] + piece + data[at + gone :]
    return data


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from([b"", *WHOLE]),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), PIECES), max_size=5),
    packed=st.booleans(),
)
def test_reading_ends_in_rows_or_one_sentence(
    tmp_path: Path, start: bytes, cuts: list[tuple[float, int, bytes]], *, packed: bool
) -> None:
    data = changed(start, cuts)
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(data) if packed else data)
    try:
        facts = survey(path).facts
        rows = [row for batch in read_rows(path, facts=facts) for row in batch.rows]
    except ImportFileError as error:
        assert str(error).endswith(".")
        assert "\n" not in str(error).removeprefix(str(path))
    else:
        assert all(repr(row) for row in rows)


def broken_gzip(random: Random, data: bytes) -> bytes:
    whole = bytearray(gzip.compress(data))
    for _ in range(random.randrange(1, 4)):
        whole[random.randrange(len(whole))] = random.randrange(256)
    return bytes(whole)


def plain(_: Random, data: bytes) -> bytes:
    return data


@pytest.mark.parametrize("pack", [plain, broken_gzip])
async def test_importing_ends_in_a_report(
    driver: Driver, db: Handle, tmp_path: Path, pack: Callable[[Random, bytes], bytes]
) -> None:
    random = Random(pack.__name__)
    paths = []
    for number in range(120):
        cuts = [
            (random.random(), random.randrange(30), random.choice(AWKWARD))
            for _ in range(random.randrange(4))
        ]
        paths.append(tmp_path / f"{number}.json")
        paths[-1].write_bytes(pack(random, changed(random.choice(WHOLE), cuts)))
    scene = Set(driver, db)
    store = await scene.store()
    run = ImportRun(await scene.importer(BERLIN.zone, store), BERLIN, lambda _: None)
    assert await run.look_through(paths)
    report = await run.count()
    await store.close()
    assert {path for path, _ in report.files} | {failure.path for failure in report.failures} == set(paths)
    assert report.total(lambda each: each.messages) > 0
    assert all(failure.reason.endswith(".") for failure in report.failures)
