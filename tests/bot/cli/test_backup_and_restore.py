"""`serverstats backup`, `restore` and `clean` as a user runs them, on a real mongod."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROWS = "".join(
    json.dumps({"ts": f"2024-03-{1 + n:02d}T10:00:00Z", "channel": "c", "author": "u", "kind": "message"})
    + "\n"
    for n in range(9)
)


def run(uri: str, database: str, data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SERVERSTATS_")}
    return subprocess.run(  # noqa: S603 - our own command line
        [sys.executable, "-c", "import bot.cli; bot.cli.main()", *arguments],
        env=kept | {"MONGODB_URI": uri, "SERVERSTATS_DATABASE": database, "SERVERSTATS_DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_backup_goes_into_another_database_and_shows_the_same(
    mongodb_uri: str, database_name: str, tmp_path: Path
) -> None:
    log, file, data = tmp_path / "log.jsonl", tmp_path / "b", tmp_path / "data"
    log.write_text(ROWS, encoding="utf-8")
    assert run(mongodb_uri, database_name, data, "import", str(log), "--guild", "77").returncode == 0
    done = run(mongodb_uri, database_name, data, "backup", str(file), "--still")
    assert done.returncode == 0, done.stderr
    assert f"documents of the database {database_name}" in done.stdout
    assert "pseudonym.key" in done.stdout

    other = f"{database_name}_2"
    refused = run(mongodb_uri, other, tmp_path / "elsewhere", "restore", str(file))
    assert (refused.returncode, "no pseudonym key yet" in refused.stderr) == (2, True)
    assert not (tmp_path / "elsewhere" / "pseudonym.key").exists(), "a new key would be the wrong one"
    full = run(mongodb_uri, database_name, data, "restore", str(file))
    assert (full.returncode, "--into" in full.stderr) == (1, True)
    restored = run(mongodb_uri, database_name, data, "restore", str(file), "--into", other)
    assert restored.returncode == 0, restored.stderr
    assert f"restored into the database {other}" in restored.stdout

    show = ("show", "overview", "--guild", "77", "--timeframe", "all", "--json")
    before, after = (run(mongodb_uri, name, data, *show) for name in (database_name, other))
    assert json.loads(before.stdout)["messages"] == 9
    assert after.stdout == before.stdout
    cleaned = run(mongodb_uri, other, data, "clean")
    assert cleaned.stdout.startswith("0 members"), "no bot has set a retention for this database"
