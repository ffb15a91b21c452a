import os
from pathlib import Path

import pytest

from bot.doctor import host
from bot.doctor.embedded import look_at_mongod
from bot.privacy.keyfile import FILE_NAME, load_or_create_key


def test_a_folder_to_be_made_is_looked_at_where_it_will_be(tmp_path: Path) -> None:
    facts = host.look_at_folder(tmp_path / "a" / "b")
    assert (facts.exists, facts.obstacle) == (False, None)
    assert facts.free_bytes > 0
    assert not list(tmp_path.iterdir())


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    assert host.look_at_folder(tmp_path / "a" / "b").obstacle == f"{tmp_path / 'a'} is no folder"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_of_another_user_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "Permission denied" in (host.look_at_folder(tmp_path).obstacle or "")


def test_looking_at_the_key_makes_none(tmp_path: Path) -> None:
    assert host.look_at_key(tmp_path) == host.KeyFacts(exists=False, problem=None)
    assert not list(tmp_path.iterdir())
    load_or_create_key(tmp_path / FILE_NAME)
    assert host.look_at_key(tmp_path) == host.KeyFacts(exists=True, problem=None)
    (tmp_path / FILE_NAME).write_text("short")
    assert host.look_at_key(tmp_path).problem


def test_every_script_is_drawn_with_the_fonts_that_are_installed() -> None:
    assert host.look_at_fonts() == host.FontFacts((), ())


def test_the_embedded_mongod_is_found_and_not_started(tmp_path: Path) -> None:
    facts = look_at_mongod(tmp_path)
    assert facts.problem is None
    assert facts.found.startswith("MongoDB ")
    assert not list(tmp_path.iterdir())


def test_data_of_a_newer_mongod_is_told(tmp_path: Path) -> None:
    (tmp_path / "mongodb").mkdir()
    (tmp_path / "mongodb" / "version").write_text("42")
    facts = look_at_mongod(tmp_path)
    assert "42" in (facts.problem or "")


def test_files_that_others_can_reach_are_found_in_a_folder_that_they_can_reach(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "journal").mkdir(parents=True)
    for name, mode in (("instance.id", 0o644), ("pseudonym.key", 0o600), ("journal/journal.id", 0o640)):
        (data / name).write_text("x")
        (data / name).chmod(mode)
    data.chmod(0o755)
    assert host.look_at_folder(data).exposed == ("instance.id", "journal/journal.id")
    data.chmod(0o700)
    assert host.look_at_folder(data).exposed == ()
    assert host.look_at_folder(tmp_path / "none").exposed == ()
