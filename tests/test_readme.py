"""What the README says is what there is."""

import re
from pathlib import Path

import pytest
import typer.main

from bot.cli.entry import application

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_test_command_is_the_one_that_ci_runs() -> None:
    command = re.search(r"^python3 -m venv .*pytest -n 3 -m 'not long'$", README, re.MULTILINE)
    assert command is not None
    assert command[0] in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_every_command_of_the_command_line_is_listed() -> None:
    commands = set(typer.main.get_command(application()).commands)  # type: ignore[attr-defined]
    listed = set(re.findall(r"^\| `serverstats (\w+)", README, re.MULTILINE))
    assert listed == commands


def commands_of_discord() -> list[tuple[str, str]]:
    """Each command in the README's tables, and the row that tells of it."""
    slash = r"^\| `/([^`\[]+?)(?: \[[^`]*)?` \|.*$"
    menu = r"^\| a member[^|]*\| \*([^*]+)\* \|.*$"
    return [
        (found[1].strip(), found[0])
        for form in (slash, menu)
        for found in re.finditer(form, README, re.MULTILINE)
    ]


@pytest.mark.parametrize(("command", "row"), commands_of_discord(), ids=lambda value: value.split("|")[0])
def test_every_command_of_discord_has_a_picture(command: str, row: str) -> None:
    picture = f"docs/images/commands/{command.lower().replace(' ', '-')}.webp"
    assert f'[<img src="{picture}"' in row
    assert 1_000 < (ROOT / picture).stat().st_size < 80_000


def test_no_picture_is_of_a_command_that_is_gone() -> None:
    known = {f"{command.lower().replace(' ', '-')}.webp" for command, _ in commands_of_discord()}
    assert known == {file.name for file in (ROOT / "docs" / "images" / "commands").iterdir()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_no_pinned_version_comes_with_an_address() -> None:
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(r"[a-z0-9-]+==[\w.]+( ; .+)?", line), line
