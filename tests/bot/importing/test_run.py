"""Several files in one run, through the real fold into a real mongod."""

import asyncio
import gzip
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.db.database import Driver, Handle
from bot.db.directory import Directory
from bot.db.packing import Packer
from bot.db.reader import Reader
from bot.importing.importer import NewGuild
from bot.importing.missing import left_out
from bot.importing.rows import ImportFileError
from bot.importing.run import CHECKING, COUNTING, ImportRun, RunProgress, RunReport
from tests.bot.importing.test_importer import (
    BERLIN,
    GENERAL,
    GUILD,
    IDS,
    THREAD,
    Set,
    authors,
    export,
    exported,
    line,
    with_id,
    write,
)


class Runs(Set):
    """Runs over several files."""

    async def files(
        self,
        *paths: Path,
        new: NewGuild = BERLIN,
        anew: bool = False,
        on_progress: Callable[[RunProgress], None] = lambda _: None,
    ) -> RunReport:
        store = await self.store()
        importer = await self.importer(new.zone, store)
        run = ImportRun(importer, new, on_progress)
        try:
            if await run.look_through(paths) and anew:
                await importer.forget()
            return await run.count()
        finally:
            await store.close()

    async def all_of_it(self) -> dict[str, list[dict[str, Any]]]:
        """Everything that is counted, but for when it was written."""
        names = ("memberDays", "channelDays", "memberActivityStats", "channelStats", "threads", "coverage")
        return {
            name: [
                {key: value for key, value in each.items() if key != "updatedAt"}
                async for each in self.db[name].find().sort("_id")
            ]
            for name in names
        }

    async def left_out(self, report: RunReport, oldest: int = 0) -> int:
        return await left_out(Reader(self.db), GUILD, [each.held for _, each in report.files], oldest)

    async def counted(self) -> int:
        return sum((await self.by_author()).values())


@pytest.fixture
def runs(driver: Driver, db: Handle) -> Runs:
    return Runs(driver, db)


IDS_DAY = 19_812
"""The local day of the messages of ``IDS``."""


def put(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def at_once(text: str) -> str:
    """An export as it was made in another year."""
    return text.replace("2026-01-01T00:00:00+00:00", "2025-01-01T00:00:00+00:00")


def messages(report: RunReport) -> int:
    return report.total(lambda each: each.messages)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_what_was_deleted_between_two_exports_counts_whatever_their_order(
    runs: Runs, tmp_path: Path, order: tuple[int, ...]
) -> None:
    older = [exported(i) for i in IDS[:6]]
    files = [
        put(tmp_path / "c.json", at_once(export(GENERAL, older))),
        put(tmp_path / "a.json", export(GENERAL, [exported(i) for i in (*IDS[:3], *IDS[4:9])])),
        put(tmp_path / "b.json", export(GENERAL, [exported(i) for i in (*IDS[:3], *IDS[5:9])])),
    ]
    report = await runs.files(*(files[n] for n in order))
    assert [path.name for path, _ in report.files] == ["c.json", "a.json", "b.json"]
    assert messages(report) == 9 == await runs.counted()
    assert report.total(lambda each: each.settled) == 5 + 7
    assert await runs.left_out(report) == 0


async def test_the_second_of_two_runs_says_what_lies_in_a_time_taken_to_be_complete(
    runs: Runs, tmp_path: Path
) -> None:
    await runs.files(put(tmp_path / "new.json", export(GENERAL, [exported(i) for i in (*IDS[:3], IDS[5])])))
    report = await runs.files(put(tmp_path / "old.json", export(GENERAL, [exported(i) for i in IDS[:6]])))
    assert (messages(report), report.total(lambda each: each.settled)) == (0, 6)
    assert await runs.counted() == 4
    assert await runs.left_out(report) == 2
    assert await runs.left_out(report, oldest=IDS_DAY) == 2
    assert await runs.left_out(report, oldest=IDS_DAY + 1) == 0, (
        "of days that are kept no longer nobody knows"
    )
    await Packer(runs.db).pack_all((IDS_DAY + 9) * 86_400_000)
    assert await runs.left_out(report) == 2


@pytest.mark.parametrize("turned", [False, True])
async def test_a_channel_comes_before_its_threads(runs: Runs, tmp_path: Path, *, turned: bool) -> None:
    files = [
        put(tmp_path / "a.json", export(THREAD, [exported(i) for i in (IDS[2], *IDS[6:9])])),
        put(tmp_path / "z.json", export(GENERAL, [exported(i) for i in IDS[:5]])),
    ]
    assert messages(await runs.files(*(files[::-1] if turned else files))) == 8
    facts = await runs.db.threads.find_one({"threadId": THREAD["id"]})
    assert facts is not None
    assert facts["messages"] == 3


@pytest.mark.parametrize("turned", [False, True])
async def test_files_without_ids_of_which_one_begins_the_other_count_once(
    runs: Runs, tmp_path: Path, *, turned: bool
) -> None:
    rows = [line(n) for n in range(90)]
    whole = write(tmp_path / "a.jsonl", rows)
    packed = tmp_path / "b.jsonl.gz"
    packed.write_bytes(gzip.compress(whole.read_bytes()))
    files = [whole, packed, write(tmp_path / "c.jsonl", rows[:40])]
    report = await runs.files(*(files[::-1] if turned else files))
    assert messages(report) == 90
    assert await runs.by_author() == authors(rows)


async def test_a_bad_file_stops_no_other_and_what_is_good_of_it_counts(runs: Runs, tmp_path: Path) -> None:
    good = export(GENERAL, [exported(i) for i in IDS[:4]])
    cut = export({**GENERAL, "id": "501"}, [exported(i) for i in IDS[:8]])
    files = [
        tmp_path / "nowhere.json",
        put(tmp_path / "cut.json", cut[: cut.index(str(IDS[3]))]),
        put(tmp_path / "oops.json", "oops"),
        put(tmp_path / "other.json", good.replace(f'"{GUILD}"', '"4242"')),
        put(tmp_path / "turned.json", export({**GENERAL, "id": "502"}, [exported(i) for i in IDS[::-1]])),
        tmp_path,
        put(tmp_path / "good.json", good),
    ]
    report = await runs.files(*files)
    assert messages(report) == 4 + 3 == await runs.counted()
    reasons = {failure.path.name: failure.reason for failure in report.failures}
    assert reasons.keys() == {
        "nowhere.json",
        "cut.json",
        "oops.json",
        "other.json",
        "turned.json",
        tmp_path.name,
    }
    assert reasons["cut.json"].startswith("its JSON ends in the middle. It is good up to message 3")
    assert "exported with --reverse" in reasons["turned.json"]
    assert all(str(tmp_path) not in reason for reason in reasons.values())


async def test_one_bar_goes_through_all_files_twice(runs: Runs, tmp_path: Path) -> None:
    files = [write(tmp_path / f"{n}.jsonl", [with_id(n * 50 + m) for m in range(50)]) for n in range(3)]
    seen: list[RunProgress] = []
    await runs.files(*files, on_progress=seen.append)
    size = sum(path.stat().st_size for path in files)
    for stage in (CHECKING, COUNTING):
        done = [each.done for each in seen if each.stage == stage]
        assert done == sorted(done)
        assert done[-1] == size
    assert {each.size for each in seen} == {size}
    assert seen[-1].messages == 150


async def test_a_run_that_was_stopped_goes_on(runs: Runs, tmp_path: Path) -> None:
    files = [write(tmp_path / f"{n}.jsonl", [line(n * 90 + m) for m in range(90)]) for n in range(4)]
    for stop_at in (1, 2, 3):
        seen = itertools.count(1)

        def stop(progress: RunProgress, most: int = stop_at, seen: "itertools.count[int]" = seen) -> None:
            if progress.stage == COUNTING and next(seen) == most:
                raise asyncio.CancelledError

        with pytest.raises(asyncio.CancelledError):
            await runs.files(*files, on_progress=stop)
    await runs.files(*files)
    assert await runs.by_author() == authors([line(n) for n in range(360)])


async def test_what_was_labelled_in_the_wrong_zone_is_counted_anew(runs: Runs, tmp_path: Path) -> None:
    files = [
        write(tmp_path / "a.jsonl", [line(n, ts=f"2023-01-15T0{2 + n}:00:00Z") for n in range(3)]),
        put(tmp_path / "b.json", export(THREAD, [exported(i) for i in IDS])),
    ]
    utc = NewGuild(None, ZoneInfo("UTC"), insists=True)
    berlin = NewGuild(None, ZoneInfo("Europe/Berlin"), insists=True)
    await runs.files(*files, new=berlin)
    right = await runs.all_of_it()
    await runs.files(*files, new=utc, anew=True)
    assert await runs.all_of_it() != right
    report = await runs.files(*files, new=berlin, anew=True)
    assert messages(report) == 13
    assert await runs.all_of_it() == right
    days = {day["day"].date().isoformat() async for day in runs.db.channelDays.find()}
    assert "2023-01-15" in days


async def test_nothing_is_removed_where_no_file_can_be_read_or_discord_counts(
    runs: Runs, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.jsonl", [with_id(n) for n in range(9)])
    await runs.files(path)
    await runs.files(put(tmp_path / "oops.json", "oops"), anew=True)
    assert await runs.counted() == 9
    await Directory(runs.db).mark_discord(GUILD)
    with pytest.raises(ImportFileError, match="leave --anew out"):
        await runs.files(path, anew=True)
    assert await runs.counted() == 9


async def test_a_removal_that_was_cut_short_has_to_come_to_its_end(runs: Runs, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [line(n) for n in range(9)])
    await runs.files(path)
    await runs.db.guilds.delete_one({"_id": str(GUILD)})
    (failure,) = (await runs.files(path)).failures
    assert "with --anew" in failure.reason
    await runs.files(path, anew=True)
    assert await runs.counted() == 9
