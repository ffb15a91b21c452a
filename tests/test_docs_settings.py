"""The settings in the documents are those of the code, with the same defaults and words."""

import re
from pathlib import Path

from pydantic import SecretStr

from bot.settings import PREFIX, Settings, accepts, variable_of

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| `(?P<name>[A-Z_]+)` \|.*\|$", re.MULTILINE)


def shown(value: object) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return f"`{str(value).lower()}`"
        case Path():
            return f"`./{value.as_posix()}`"
        case _:
            return f"`{value}`"


def expected_rows() -> list[str]:
    return [
        f"| `{variable_of(name)}` | {shown(field.default)} | {accepts(field).what} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]


def test_the_table_is_that_of_the_code() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    assert [row[0] for row in ROW.finditer(text)] == expected_rows()


def test_every_setting_says_what_it_takes_and_what_it_is_for() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert accepts(field).example, name


def test_secrets_are_secret_strings() -> None:
    secret = {name for name, field in Settings.model_fields.items() if field.annotation == SecretStr | None}
    assert secret == {"discord_token", "mongodb_uri", "pseudonym_key"}


def test_the_example_names_every_setting_and_nothing_else_of_ours() -> None:
    text = (ROOT / ".env.example").read_text("utf-8")
    named = set(re.findall(r"^#?\s?([A-Z_]+)=", text, re.MULTILINE))
    known = {variable_of(name) for name in Settings.model_fields}
    assert known <= named
    assert {name for name in named - known if name.startswith(PREFIX)} == set()


def test_the_example_shows_the_defaults() -> None:
    text = (ROOT / ".env.example").read_text("utf-8")
    for name, field in Settings.model_fields.items():
        if field.default is not None:
            value = shown(field.default).strip("`")
            assert re.search(rf"^#? ?{variable_of(name)}={re.escape(value)}$", text, re.MULTILINE), name


def test_compose_passes_on_whatever_the_example_lists() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8")
    bot = text[text.index("\n  bot:\n") : text.index("\n  mongo:\n")]
    environment = bot[bot.index("    environment:") : bot.index("    volumes:")]
    given = dict(re.findall(r"^      ([A-Z_]+):[ ]*(.*)$", environment, re.MULTILINE))
    own = {"MONGODB_URI", "SERVERSTATS_DATA_DIR"}
    for name in {variable_of(name) for name in Settings.model_fields} - own:
        assert name in given, name
        assert not given[name] or given[name].startswith(f"${{{name}:"), f"{name} is not taken from .env"
    assert given["MONGODB_URI"].startswith("mongodb://serverstats:${MONGO_PASSWORD")
    assert given["SERVERSTATS_DATA_DIR"] in bot[bot.index("    volumes:") :]


def test_variables_named_in_documents_and_container_files_exist() -> None:
    known = {variable_of(name) for name in Settings.model_fields}
    files = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "compose.yaml", ROOT / "Dockerfile"]
    for file in files:
        named = set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", file.read_text("utf-8")))
        unknown = {name for name in named if name.removesuffix("_FILE") not in known}
        assert unknown == set(), file.name
