from pathlib import Path

import pytest

from bot.mongod.errors import MongodError
from bot.mongod.files import MongodFolder, kept_number, kept_secret, new_key, new_password, write_private


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_only_the_owner_may_enter_the_folders(tmp_path: Path) -> None:
    folder = MongodFolder(tmp_path / "mongodb")
    folder.prepare()
    folder.root.chmod(0o755)

    folder.prepare()

    assert (mode(folder.root), mode(folder.data)) == (0o700, 0o700)


def test_a_secret_is_made_once_and_readable_by_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "password"

    first = kept_secret(path, new_password)
    path.chmod(0o644)
    second = kept_secret(path, new_password)

    assert first == second
    assert len(first) >= 40
    assert mode(path) == 0o600
    assert new_password() != first


def test_a_key_is_what_mongod_takes_for_one() -> None:
    key = new_key()
    assert 6 <= len(key) <= 1024
    assert set(key) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")


def test_a_draft_left_by_a_crash_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "port"
    path.with_name("port.new").write_text("half")

    write_private(path, "27017")

    assert kept_number(path) == 27017
    assert [entry.name for entry in tmp_path.iterdir()] == ["port"]


@pytest.mark.parametrize("content", [None, "", "abc"])
def test_no_number_is_none(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "port"
    if content is not None:
        path.write_text(content)
    assert kept_number(path) is None


@pytest.mark.parametrize("content", [b"", b"\n", b"\x89PNG\xff"])
def test_a_damaged_secret_is_named_with_what_mends_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "password"
    assert kept_secret(path, lambda: "secret") == "secret"
    path.write_bytes(content)
    with pytest.raises(MongodError, match="Put it back from a backup") as refused:
        kept_secret(path, lambda: "secret")
    assert str(path) in str(refused.value)
