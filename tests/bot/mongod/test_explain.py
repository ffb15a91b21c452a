from pathlib import Path

import pytest

from bot.mongod.errors import PortTakenError
from bot.mongod.explain import readable, start_failure, telling_lines

LOG = Path("mongod.log")
INFO = '{"s":"I", "id":1, "msg":"Fine"}'.replace(": ", ":").replace(", ", ",")
ERROR = '{"s":"E","id":2,"msg":"Bad thing","attr":{"error":"why"}}'


def test_errors_are_shown_and_nothing_else_where_there_are_any() -> None:
    assert telling_lines(f"{INFO}\n{ERROR}\n{INFO}\n") == ['Bad thing {"error": "why"}']


def test_the_last_lines_are_shown_where_there_is_no_error() -> None:
    assert telling_lines("\n".join(f"line {n}" for n in range(20))) == [f"line {n}" for n in range(14, 20)]


@pytest.mark.parametrize("line", ["{broken", "[1, 2]", '"text"', '{"no": "message"}'])
def test_a_line_of_another_form_is_shown_as_it_is(line: str) -> None:
    assert readable(line) == line


@pytest.mark.parametrize(
    ("code", "log", "words"),
    [
        (-4, "", "AVX"),
        (132, "", "AVX"),
        (-9, "", "memory ran out"),
        (
            127,
            "mongod: error while loading shared libraries: liblzma.so.5: cannot open shared object file",
            "the library liblzma.so.5 is missing",
        ),
        (1, "mongod: /lib/libc.so.6: version `GLIBC_2.34' not found (required by mongod)", "too old"),
        (62, "** IMPORTANT: UPGRADE PROBLEM: The data files need", "another version of MongoDB"),
        (100, "boost::filesystem: Permission denied", "give the folder to the user"),
        (14, "No space left on device", "make room"),
        (1, "nonsense", "says why itself"),
        (None, "still busy", "did not get ready in time"),
    ],
)
def test_each_cause_has_its_words_and_the_end_of_the_log(code: int | None, log: str, words: str) -> None:
    text = str(start_failure(code, log, LOG))
    assert words in text
    assert "mongod.log" in text
    assert log[:40] in text


def test_a_processor_known_to_lack_avx_is_named_first() -> None:
    assert "AVX instructions" in str(start_failure(-4, "", LOG, no_avx=True))


def test_a_taken_port_has_a_class_of_its_own() -> None:
    assert isinstance(start_failure(48, "Address already in use", LOG), PortTakenError)
