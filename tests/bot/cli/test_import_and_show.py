"""`serverstats import` and `serverstats show` as a user runs them, on a real mongod."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

LINES = [
    {
        "ts": f"2024-03-{1 + n % 28:02d}T10:00:00Z",
        "channel": f"c{n % 2}",
        "author": f"u{n % 5}",
        "kind": "message",
    }
    for n in range(56)
]


class Terminal:
    """Runs commands against one database and one data folder."""

    def __init__(self, uri: str, database: str, folder: Path) -> None:
        self.folder = folder
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SERVERSTATS_")},
            "MONGODB_URI": uri,
            "SERVERSTATS_DATABASE": database,
            "SERVERSTATS_DATA_DIR": str(folder / "data"),
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own command line
            [sys.executable, "-c", "import bot.cli; bot.cli.main()", *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def terminal(mongodb_uri: str, database_name: str, tmp_path: Path) -> Terminal:
    return Terminal(mongodb_uri, database_name, tmp_path)


def write(path: Path, rows: list[dict[str, str]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "not json\n", encoding="utf-8")
    return str(path)


def test_a_file_is_counted_and_shown(terminal: Terminal) -> None:
    path = write(terminal.folder / "log.jsonl", LINES)
    done = terminal.run("import", path, "--guild", "77", "--name", "My log", "--zone", "Europe/Berlin")
    assert done.returncode == 0, done.stderr
    assert "56 messages counted" in done.stdout
    assert "line 57 is not valid JSON" in done.stderr
    again = terminal.run("import", path, "--guild", "77")
    assert "0 messages counted" in again.stdout

    picture = terminal.folder / "chart.png"
    shown = terminal.run(
        *("show", "overview", "--guild", "77", "--from", "2024-03-01", "--to", "2024-03-14"),
        *("--json", "--png", str(picture)),
    )
    assert shown.returncode == 0, shown.stderr
    result = json.loads(shown.stdout)
    assert (result["guildId"], result["guildName"], result["zone"]) == ("77", "My log", "Europe/Berlin")
    assert (result["messages"], result["writers"], result["members"]) == (28, 5, None)
    assert {c["name"]: c["messages"] for c in result["topChannels"]} == {"c0": 14, "c1": 14}
    assert result["values"] == [2] * 14
    assert picture.read_bytes().startswith(b"\x89PNG")

    typed = terminal.run(
        *("show", "Overview", "--guild", "77", "--json"),
        *("--timeframe", "1 Mar \N{EN DASH} 14 Mar 2024"),
    )
    assert json.loads(typed.stdout) == result
    latest = json.loads(
        terminal.run("show", "overview", "--guild", "77", "--timeframe", "7d", "--json").stdout
    )
    assert latest["messages"] == 14, "where only files tell, the last days are those of the file"
    assert not latest["running"]


def test_a_folder_is_one_run_with_one_report(terminal: Terminal) -> None:
    folder = terminal.folder / "exports"
    folder.mkdir()
    for number in range(3):
        write(folder / f"{number}.jsonl", [{**row, "channel": f"c{number}"} for row in LINES])
    (folder / "picture.png").write_bytes(b"x")
    (folder / "oops.json").write_text("[/red] \x1b[31moops")
    (folder / "kinds.jsonl").write_text(json.dumps({**LINES[0], "kind": "[/oops] \x1b]0;title\x07"}) + "\n")
    done = terminal.run("import", str(folder), "--guild", "77", "--zone", "Europe/Berlin")
    assert done.returncode == 1, "a file could not be read"
    assert "4 files read" in done.stdout
    assert f"{3 * len(LINES):,} messages counted" in done.stdout
    assert "1 rows of kind “[/oops] \ufffd]0;title\ufffd” not counted yet" in done.stdout
    assert "1 other files in the folders not looked at" in done.stdout
    assert done.stderr.count("line 57 is not valid JSON") == 3
    assert "oops.json: holds no events that can be read" in done.stderr
    assert "Traceback" not in done.stderr

    other = terminal.run("import", str(folder), "--guild", "77", "--zone", "America/New_York")
    assert other.returncode == 1
    assert "are those of Europe/Berlin" in other.stderr
    anew = terminal.run("import", str(folder), "--guild", "77", "--zone", "America/New_York", "--anew")
    assert f"{3 * len(LINES):,} messages counted" in anew.stdout
    shown = terminal.run("show", "overview", "--guild", "77", "--timeframe", "all", "--json")
    assert json.loads(shown.stdout)["zone"] == "America/New_York"
    assert json.loads(shown.stdout)["messages"] == 3 * len(LINES)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "overview", "--guild", "5", "--json"), "nothing is known of server 5"),
        (("show", "overview", "--guild", "5"), "--json, --png FILE or both"),
        (("show", "overview", "--guild", "5", "--to", "2026-01-31", "--json"), "say from which day on, too"),
        (("show", "sunset", "--guild", "5", "--json"), "choose one of: overview"),
        (("import", "nowhere.jsonl", "--guild", "5"), "nowhere.jsonl"),
        (("import", __file__, "--guild", "5"), "holds no events that can be read"),
        (("import", __file__, "--guild", "5", "--zone", "Berlin"), "Europe/Berlin"),
    ],
)
def test_a_mistake_gets_an_exact_answer_and_no_traceback(
    terminal: Terminal, arguments: tuple[str, ...], said: str
) -> None:
    done = terminal.run(*arguments)
    assert done.returncode in {1, 2}
    assert said in " ".join(done.stderr.split()).replace("│", "")
    assert "Traceback" not in done.stderr
