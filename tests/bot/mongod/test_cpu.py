import pytest

from bot.mongod.cpu import lacks_avx

MODERN = (
    "processor\t: 0\nflags\t\t: fpu sse sse2 avx avx2\nprocessor\t: 1\nflags\t\t: fpu sse sse2 avx avx2\n"
)
OLD = "processor\t: 0\nflags\t\t: fpu sse sse2 ssse3 sse4_1 avx512_not_really\n"


@pytest.mark.parametrize(
    ("cpu_info", "machine", "lacks"),
    [
        (MODERN, "x86_64", False),
        (OLD, "x86_64", True),
        (OLD, "AMD64", True),
        (OLD, "aarch64", False),
        ("", "x86_64", False),
    ],
)
def test_avx_is_read_from_the_flags_of_an_x86_processor(cpu_info: str, machine: str, lacks: bool) -> None:  # noqa: FBT001 - a table's column
    assert lacks_avx(cpu_info, machine) is lacks
