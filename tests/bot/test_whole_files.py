"""The order in which files are written, synced and named: in any other a power cut leaves half of one."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.datacare.container import writing
from bot.datafolder import DataFolder
from bot.ingest.journal import Journal
from bot.mongod.files import write_private
from bot.privacy.consents import Consents
from bot.privacy.keyfile import load_or_create_key
from bot.whole_files import write_whole


class Recording:
    """A file system that notes what is asked of it, and knows what a power cut would leave.

    Of a file, what it held when it was last synced; of a folder, the names it had when it was last synced.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.synced: dict[int, bytes] = {}  # by inode
        self.names: dict[Path, dict[str, int]] = {}

    def fsync(self, descriptor: int) -> None:
        found = os.fstat(descriptor)
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if path.is_dir():
            self.names[path] = {each.name: each.stat().st_ino for each in path.iterdir()}
        else:
            self.synced[found.st_ino] = path.read_bytes()

    def survivors(self, folder: Path) -> dict[str, bytes | None]:
        """The files of a folder after a power cut, by their names; None: its content is not there."""
        names = self.names.get(folder, {})
        return {name: self.synced.get(inode) for name, inode in names.items()}


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recording:
    recording = Recording(tmp_path)
    monkeypatch.setattr(os, "fsync", recording.fsync)
    return recording


def make_backup(path: Path) -> None:
    with writing(path) as writer:
        writer.begin("guilds")
        writer.end("guilds")
        writer.finish(schema_version=1, key_fingerprint=None, database="d", at=datetime.now(UTC))


def save_consents(path: Path) -> None:
    Consents(lambda _guild, member: f"{member}", path).save()


WRITERS: list[tuple[str, Callable[[Path], Any]]] = [
    ("plain", partial(write_whole, content=b"whole")),
    ("pseudonym.key", load_or_create_key),
    ("password", partial(write_private, text="secret")),
    ("consents.json", save_consents),
    ("backup.zip", make_backup),
    ("instance.id", lambda path: DataFolder(path.parent).owner()),
    ("journal.id", lambda path: Journal(path.parent, segment_bytes=4_096)),
    ("0000000001.segment", lambda path: Journal(path.parent, segment_bytes=4_096)),
]


@pytest.mark.parametrize(("name", "write"), WRITERS)
def test_a_name_is_on_the_disk_only_with_all_that_it_stands_for(
    disk: Recording, tmp_path: Path, name: str, write: Callable[[Path], Any]
) -> None:
    path = tmp_path / name
    write(path)
    left = disk.survivors(tmp_path)
    assert left[name] == path.read_bytes(), "after a power cut it is there, and whole"
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("name", "write"), WRITERS)
def test_at_no_moment_is_there_a_name_without_its_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, write: Callable[[Path], Any]
) -> None:
    """Whatever the process is doing when it is killed, or the power goes: nobody ever finds half a file."""
    path = tmp_path / name
    disk = Recording(tmp_path)
    happened: list[str] = []

    def noting(verb: str, call: Callable[..., Any], of: Callable[..., Path]) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - as the function it stands before
            if verb == "named" and of(*arguments).name == name:
                source = Path(arguments[0])
                assert disk.synced.get(source.stat().st_ino) == source.read_bytes(), (
                    "synced before it is named"
                )
                assert source.parent == path.parent, "on the same disk"
                assert not path.exists() or verb == "named"
            if of(*arguments, **named).name == name or verb != "named":
                happened.append(verb)
            return call(*arguments, **named)

        return wrapped

    def target(_source: object, goal: object, **_named: object) -> Path:
        return Path(str(goal))

    def fsync(descriptor: int) -> None:
        disk.fsync(descriptor)
        happened.append(
            "folder synced" if Path(f"/proc/self/fd/{descriptor}").readlink().is_dir() else "synced"
        )

    monkeypatch.setattr(os, "fsync", fsync)
    for function in ("replace", "link", "rename"):
        monkeypatch.setattr(os, function, noting("named", getattr(os, function), target))
    write(path)
    at = happened.index("named")
    assert "synced" in happened[:at]
    assert "folder synced" in happened[at:]


def test_a_write_that_fails_leaves_the_old_content_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kept"
    write_whole(path, b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["kept"]


def test_what_a_killed_process_had_begun_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.with_suffix(".new").write_bytes(b"half of something longer")
    write_whole(path, b"whole")
    assert path.read_bytes() == b"whole"


def test_a_segment_is_synced_before_it_is_given_up_and_the_links_before_the_bare_ones_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path, segment_bytes=4_096)
    journal.append(b"x")
    journal.close()
    Journal(tmp_path, segment_bytes=4_096).close()  # leaves a bare one, which the first speaks of
    disk = Recording(tmp_path)
    monkeypatch.setattr(os, "fsync", disk.fsync)
    gone: list[str] = []
    unlink = Path.unlink

    def noted(path: Path, missing_ok: bool = False) -> None:  # noqa: FBT001, FBT002 - as the method
        if path.suffix == ".segment":
            first = tmp_path / "0000000001.segment"
            assert disk.synced.get(first.stat().st_ino) == first.read_bytes(), (
                "what speaks of it is synced first"
            )
            gone.append(path.name)
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", noted)
    Journal(tmp_path, segment_bytes=4_096)
    assert gone == ["0000000002.segment"]
