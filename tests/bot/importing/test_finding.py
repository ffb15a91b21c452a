from pathlib import Path

import pytest

from bot.importing.finding import find_files


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")


def found(*named: Path) -> list[str]:
    return [path.name for path in find_files(named).files]


def test_files_folders_and_patterns_each_once(tmp_path: Path) -> None:
    put(tmp_path, "a.json", "b.JSON.gz", "c.jsonl", "deep/er/d.ndjson", "deep/e.txt", "deep/.f.json", "g.png")
    assert found(tmp_path) == ["a.json", "b.JSON.gz", "c.jsonl", "d.ndjson"]
    assert find_files([tmp_path]).passed_over == 3
    assert found(tmp_path / "g.png", tmp_path / "a.json", tmp_path / "deep" / ".." / "a.json") == [
        "g.png",
        "a.json",
    ], "what is named is taken at its word"
    assert found(tmp_path / "*.json*", tmp_path / "**" / "*.txt") == ["a.json", "c.jsonl", "e.txt"]
    assert found(tmp_path / "a.json", tmp_path) == ["a.json", "b.JSON.gz", "c.jsonl", "d.ndjson"]


def test_a_name_with_signs_of_a_pattern_is_a_name(tmp_path: Path) -> None:
    put(tmp_path, "general [500].json", "general 5.json")
    assert found(tmp_path / "general [500].json") == ["general [500].json"]


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    put(tmp_path, "pictures/a.png")
    looked = find_files([tmp_path / "*.json", tmp_path / "pictures", tmp_path / "nowhere.json"])
    assert looked.files == [tmp_path / "nowhere.json"], "opening it says that it is not there"
    assert [(each.path.name, each.reason[:19]) for each in looked.failures] == [
        ("*.json", "fits no file."),
        ("pictures", "holds no file whose"),
    ]


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_discords_data_package_is_named_once(tmp_path: Path, ending: str) -> None:
    package = tmp_path / "package" / "messages"
    put(
        package,
        "index.json",
        *(f"c{n}/{name}" for n in range(30) for name in ("channel.json", f"messages.{ending}")),
    )
    put(tmp_path, "general.json")
    looked = find_files([tmp_path])
    assert [path.name for path in looked.files] == ["general.json"]
    (failure,) = looked.failures
    assert failure.path == tmp_path
    assert failure.reason.startswith("holds 30 channels that are part of the data that Discord gives people")
    assert "no history of a server" in failure.reason
