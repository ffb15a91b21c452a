"""`serverstats demo` as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

from bot.cli import entry
from bot.demo import needs

SECONDS = 60
MISLEADING = {
    "MONGODB_URI": "mongodb://127.0.0.1:1/?replicaSet=real",
    "SERVERSTATS_FLUSH_SECONDS": "nonsense",
    "DISCORD_TOKEN": "Bot not-a-token",
}
"""What would keep another command from starting; the demo has settings of its own."""


@contextmanager
def demo(folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A demo whose temporary folder and data folder of the environment lie in ``folder``."""
    (folder / "tmp").mkdir()
    environment = {
        **os.environ,
        **MISLEADING,
        "SERVERSTATS_DATA_DIR": str(folder / "real"),
        "TMPDIR": str(folder / "tmp"),
    }
    process = subprocess.Popen(  # noqa: S603 - fixed argv, no shell
        [sys.executable, "-c", "from bot.cli import main; main()", "demo", "--days", "2", *options],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(Path(__file__).parents[3])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("http://"):
            return line.strip()
    raise AssertionError("the demo ended without an address")


def children(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def ctrl_c(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Interrupt the whole group, as a terminal does, and wait for the end."""
    os.killpg(process.pid, signal.SIGINT)
    return process.communicate(timeout=SECONDS)


def gone(processes: list[psutil.Process]) -> bool:
    return not psutil.wait_procs(processes, timeout=5)[1]


def test_it_serves_a_page_until_ctrl_c_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with demo(tmp_path) as process:
        page = address(process)
        assert page.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(page, timeout=SECONDS) as answer:  # noqa: S310 - our own address
            assert answer.status == 200
            assert b"<title>" in answer.read()
        started = children(process)
        assert {"mongod"} <= {child.name() for child in started}
        assert len(started) >= 2  # and a process that draws charts
        assert len(list((tmp_path / "tmp").iterdir())) == 1

        out, err = ctrl_c(process)

    assert process.returncode == 0, err
    assert out == "The demo has ended.\n"
    assert "Traceback" not in err
    assert gone(started)
    assert list((tmp_path / "tmp").iterdir()) == []
    assert not (tmp_path / "real").exists()


def has_children(process: subprocess.Popen[str], _kept: Path) -> bool:
    return bool(children(process))


def has_folder(_process: subprocess.Popen[str], kept: Path) -> bool:
    return kept.exists()


@pytest.mark.parametrize("begun", [has_folder, has_children])
def test_ctrl_c_while_it_starts_leaves_nothing_behind_either(
    tmp_path: Path, begun: Callable[[subprocess.Popen[str], Path], bool]
) -> None:
    kept = tmp_path / "kept"
    with demo(tmp_path, "--data-dir", str(kept)) as process:
        deadline = time.monotonic() + SECONDS
        while process.poll() is None and not begun(process, kept) and time.monotonic() < deadline:
            time.sleep(0.01)
        started = children(process)
        _, err = ctrl_c(process)

    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert gone(started)
    assert (kept / "demo.json").exists()


def test_a_taken_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken, demo_port(taken) as port, demo(tmp_path, "--port", str(port)) as process:
        _, err = process.communicate(timeout=SECONDS)

    assert process.returncode == 2
    assert f"Port {port} cannot be had" in err
    assert "--port" in err
    assert list((tmp_path / "tmp").iterdir()) == []


@contextmanager
def demo_port(listener: socket.socket) -> Iterator[int]:
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    yield listener.getsockname()[1]


def test_a_missing_extra_is_told_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "MODULES", ("simcord_of_another_world",))
    result = CliRunner().invoke(entry.application(), ["demo"])
    assert result.exit_code == 2
    assert "pip install 'serverstats[demo]'" in result.output


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("milk, bread")
    result = CliRunner().invoke(entry.application(), ["demo", "--data", str(tmp_path / "notes.txt")])
    assert result.exit_code == 1
    assert "holds no events that can be read" in result.output


def test_a_wrong_zone_is_told() -> None:
    result = CliRunner().invoke(entry.application(), ["demo", "--zone", "Europe/Berlim"])
    assert result.exit_code == 2
    assert "Europe/Berlin" in result.output
