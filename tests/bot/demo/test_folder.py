from pathlib import Path

import pytest

from bot.demo.folder import PREFIX, DemoFolder, History, Memory, demo_folder
from bot.demo.needs import DemoError

HISTORY = History(seed=1, last_day=20_000, days=200, zone="Europe/Berlin", counted_until=123)


def test_a_temporary_folder_goes_with_the_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with demo_folder(None) as folder:
        folder.claim()
        assert folder.root.parent == tmp_path
        assert folder.root.name.startswith(PREFIX)
    assert list(tmp_path.iterdir()) == []


def test_a_kept_folder_stays_and_remembers(tmp_path: Path) -> None:
    with demo_folder(tmp_path / "kept") as folder:
        assert folder.claim() == Memory()
        folder.remember(Memory(HISTORY))
    with demo_folder(tmp_path / "kept") as folder:
        assert folder.claim().history == HISTORY


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pseudonym.key").write_text("precious")
    with pytest.raises(DemoError, match="name an empty or new folder"):
        DemoFolder(tmp_path).claim()
    assert [path.name for path in tmp_path.iterdir()] == ["pseudonym.key"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    assert DemoFolder(tmp_path).claim() == Memory()
    assert DemoFolder(tmp_path).claim() == Memory()


@pytest.mark.parametrize("text", ["", "{", '{"history": {"seed": 1}}'])
def test_a_damaged_memory_says_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / "demo.json").write_text(text)
    with pytest.raises(DemoError, match="delete the folder or name another one"):
        DemoFolder(tmp_path).claim()
