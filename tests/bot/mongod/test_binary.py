import subprocess
import sys
from pathlib import Path

import pytest

from bot.mongod.binary import child_environment, find_mongod, parse_version, reads
from bot.mongod.errors import MongodError, MongodMissingError

NOWHERE = "/nonexistent"


def fake_mongod(folder: Path, version: str) -> str:
    """Program that answers --version as that MongoDB does; the PATH to find it."""
    folder.mkdir()
    program = folder / "mongod"
    program.write_text(f"#!/bin/sh\necho 'db version v{version}'\necho 'Build Info: {{}}'\n")
    program.chmod(0o755)
    return str(folder)


def nothing_installed(_: str) -> Path | None:
    return None


def test_the_mongod_of_the_extra_is_found_and_runs(folder: Path) -> None:
    binary = find_mongod(folder / "lib", search_path=NOWHERE)

    assert 6 <= binary.major <= 8
    assert binary.path.is_file()
    if sys.platform == "linux":
        assert binary.library_path == folder / "lib"
        assert (folder / "lib" / "libcurl.so.4").exists()


def test_finding_it_imports_nothing_of_the_wheels(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from bot.mongod.binary import find_mongod; "
        f"find_mongod(Path({str(folder / 'lib')!r}), search_path='{NOWHERE}'); "
        "print([n for n in sys.modules if n.split('.')[0] in {'fiftyone', 'pycurl', 'psycopg2', 'pymongo'}])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - fixed argv
    assert answer.stdout.strip() == "[]"


def test_without_any_mongod_the_error_names_both_mends(tmp_path: Path) -> None:
    with pytest.raises(MongodMissingError) as error:
        find_mongod(tmp_path / "lib", search_path=NOWHERE, packages=nothing_installed)

    assert "pip install 'serverstats[embedded]'" in str(error.value)
    assert "MONGODB_URI" in str(error.value)


def test_a_server_wheel_without_a_program_for_this_platform_counts_as_missing(tmp_path: Path) -> None:
    with pytest.raises(MongodMissingError):
        find_mongod(tmp_path / "lib", search_path=NOWHERE, packages=lambda _: tmp_path)


def test_a_mongod_on_path_comes_first(tmp_path: Path) -> None:
    path = fake_mongod(tmp_path / "bin", "7.0.5")

    binary = find_mongod(tmp_path / "lib", search_path=path)

    assert (binary.path, binary.version) == (tmp_path / "bin" / "mongod", (7, 0, 5))
    assert binary.library_path is None


@pytest.mark.parametrize("version", ["4.4.29", "5.0.31", "9.0.0"])
def test_a_version_that_does_not_serve_is_passed_over_and_named(tmp_path: Path, version: str) -> None:
    path = fake_mongod(tmp_path / "bin", version)

    with pytest.raises(MongodMissingError, match=version):
        find_mongod(tmp_path / "lib", search_path=path, packages=nothing_installed)
    assert find_mongod(tmp_path / "lib", search_path=path).major == 6


def test_a_mongod_that_does_not_run_is_passed_over_and_named(tmp_path: Path) -> None:
    program = tmp_path / "mongod"
    program.write_text(
        "#!/bin/sh\necho 'error while loading shared libraries: libx.so.1: cannot open'\nexit 127\n"
    )
    program.chmod(0o755)

    with pytest.raises(MongodMissingError, match=r"libx\.so\.1 is missing"):
        find_mongod(tmp_path / "lib", search_path=str(tmp_path), packages=nothing_installed)


def test_the_version_that_wrote_the_data_comes_before_path(tmp_path: Path) -> None:
    newer = fake_mongod(tmp_path / "bin", "7.0.5")

    assert find_mongod(tmp_path / "lib", search_path=newer, data_major=6).major == 6


def test_the_next_version_opens_the_data_too_but_none_beyond(tmp_path: Path) -> None:
    seven, eight = fake_mongod(tmp_path / "7", "7.0.5"), fake_mongod(tmp_path / "8", "8.0.1")

    def find(search_path: str) -> int:
        return find_mongod(
            tmp_path / "lib", search_path=search_path, data_major=6, packages=nothing_installed
        ).major

    assert find(seven) == 7
    with pytest.raises(MongodMissingError, match="is MongoDB 8, and the data is from MongoDB 6"):
        find(eight)


@pytest.mark.parametrize(
    ("major", "data", "opens"), [(6, None, True), (6, 6, True), (7, 6, True), (8, 6, False), (6, 7, False)]
)
def test_a_version_opens_its_own_files_and_those_of_the_one_before(
    major: int,
    data: int | None,
    opens: bool,  # noqa: FBT001 - a table's column
) -> None:
    assert reads(major, data) is opens


def test_a_folder_that_the_loader_cannot_take_is_named(tmp_path: Path) -> None:
    with pytest.raises(MongodError, match="colon"):
        find_mongod(tmp_path / "a:b", search_path=NOWHERE)


def test_no_version_in_other_text() -> None:
    assert parse_version("mongod 6.0.5") is None
    assert parse_version("db version v6.0.27\nBuild Info") == (6, 0, 27)


def test_mongod_sees_none_of_the_bots_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    monkeypatch.setenv("LC_ALL", "xx_NOWHERE")
    assert child_environment()["LC_ALL"] == "C"
    assert "DISCORD_TOKEN" not in child_environment()
