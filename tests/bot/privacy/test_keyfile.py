import stat
import threading
from pathlib import Path

import pytest

from bot.privacy.keyfile import KeyFileError, key_of, load_or_create_key


def test_a_key_is_made_once_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "data" / "pseudonym.key"
    key = load_or_create_key(path)
    assert len(key) == 32
    assert load_or_create_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [item.name for item in path.parent.iterdir()] == ["pseudonym.key"]


def test_two_folders_have_two_keys(tmp_path: Path) -> None:
    assert load_or_create_key(tmp_path / "a") != load_or_create_key(tmp_path / "b")


def test_starting_at_once_gives_all_the_same_key(tmp_path: Path) -> None:
    path, keys, barrier = tmp_path / "pseudonym.key", set[bytes](), threading.Barrier(16)

    def start() -> None:
        barrier.wait()
        keys.add(load_or_create_key(path))

    threads = [threading.Thread(target=start) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 1


@pytest.mark.parametrize("mode", [0o604, 0o606, 0o644])
def test_a_key_that_everyone_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "pseudonym.key"
    load_or_create_key(path)
    path.chmod(mode)
    with pytest.raises(KeyFileError, match=f"chmod 600 {path}"):
        load_or_create_key(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "0 bytes"),
        (b"ab" * 31, "31 bytes"),
        (b"ab" * 33, "33 bytes"),
        (b"no key", "no hexadecimal number"),
        (b"\xff" * 64, "something else than a key"),
    ],
)
def test_a_file_that_is_no_key_is_refused_and_kept(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "pseudonym.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match=said) as caught:
        load_or_create_key(path)
    assert "backup" in str(caught.value)
    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyFileError, match="SERVERSTATS_DATA_DIR"):
        load_or_create_key(tmp_path / "file" / "pseudonym.key")


def test_a_configured_key_comes_before_the_file(tmp_path: Path) -> None:
    assert key_of("0f" * 32, tmp_path) == b"\x0f" * 32
    assert not list(tmp_path.iterdir())
    assert key_of(None, tmp_path) == load_or_create_key(tmp_path / "pseudonym.key")
