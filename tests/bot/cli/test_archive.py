"""`serverstats archive` as a user runs it."""

import asyncio
from pathlib import Path

from bot.db.database import connect, database
from bot.db.snapshots import Snapshotter
from tests.bot.cli.test_backup_and_restore import ROWS, run


async def make_snapshots(uri: str, name: str) -> None:
    driver = connect(uri)
    await Snapshotter(database(driver, name)).make_all(1_790_000_000_000)
    driver.close()


def test_a_month_goes_into_a_file_and_comes_back(
    mongodb_uri: str, database_name: str, tmp_path: Path
) -> None:
    log, data, files = tmp_path / "log.jsonl", tmp_path / "data", tmp_path / "files"
    log.write_text(ROWS, encoding="utf-8")
    assert run(mongodb_uri, database_name, data, "import", str(log), "--guild", "77").returncode == 0
    too_early = run(mongodb_uri, database_name, data, "archive", "--to", str(files))
    assert (too_early.returncode, "made their snapshots" in too_early.stdout) == (0, True)
    asyncio.run(make_snapshots(mongodb_uri, database_name))

    show = ("show", "overview", "--guild", "77", "--timeframe", "all", "--json")
    before = run(mongodb_uri, database_name, data, *show).stdout
    done = run(mongodb_uri, database_name, data, "archive", "--to", str(files), "--before", "2024-04-02")
    assert done.returncode == 0, done.stderr
    assert "9 days, 18 documents" in done.stdout
    (file,) = files.iterdir()
    assert file.name == "77-2024-03.zip"
    assert run(mongodb_uri, database_name, data, *show).stdout == before

    back = run(mongodb_uri, database_name, data, "archive", "--read-back", str(file))
    assert "9 days, 18 documents" in back.stdout, back.stderr
    assert run(mongodb_uri, database_name, data, *show).stdout == before
    recent = run(mongodb_uri, database_name, data, "archive", "--before", "2999-01-01")
    assert (recent.returncode, "earlier date" in recent.stderr) == (2, True)
