"""Every language says everything that the code says, and nothing else."""

import ast
from collections.abc import Sequence
from string import Formatter

import pytest
from babel.messages import Message as Entry

from analytics.charts.spoken import CONTEXT
from cogs.languages import NAME_CONTEXT
from tests.support.marked_texts import (
    ROOT,
    Message,
    NotLiteralError,
    all_messages,
    brought_up_to_date,
    catalogue,
    marked,
    written,
)
from texts import CATALOGUES, load_languages

TAGS = [row.tag for row in CATALOGUES]


def entries(tag: str) -> list[Entry]:
    return [entry for entry in catalogue(tag) if entry.id]


def forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def message_of(entry: Entry) -> Message:
    text, *plural = forms(entry.id)
    return Message(text, entry.context or "", "".join(plural))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def edges(text: str) -> tuple[int, int]:
    """Spaces before and behind."""
    return len(text) - len(text.lstrip()), len(text) - len(text.rstrip())


@pytest.mark.parametrize("tag", TAGS)
def test_a_catalogue_has_every_text_of_the_code_and_no_other(tag: str) -> None:
    here, wanted = {message_of(entry) for entry in entries(tag)}, set(all_messages())
    advice = "run: python -m tests.support.marked_texts, then translate what came in"
    assert wanted - here == set(), advice
    assert here - wanted == set(), advice


@pytest.mark.parametrize("tag", TAGS)
def test_every_text_is_translated(tag: str) -> None:
    assert [entry.id for entry in entries(tag) if not all(forms(entry.string) or [""]) or entry.fuzzy] == []


@pytest.mark.parametrize("tag", TAGS)
def test_a_translation_has_the_placeholders_of_its_text(tag: str) -> None:
    """Of a plural's forms each may leave the number out, where it is said in words."""
    wrong = [
        entry.id
        for entry in entries(tag)
        for said in forms(entry.string)
        if (placeholders(said) ^ placeholders(forms(entry.id)[-1]))
        - ({"count"} if entry.pluralizable else set())
    ]
    assert wrong == []


@pytest.mark.parametrize("tag", TAGS)
def test_a_translation_begins_and_ends_as_its_text(tag: str) -> None:
    """But for the units of charts, which some languages set apart from the number."""
    wrong = [
        entry.id
        for entry in entries(tag)
        for said in forms(entry.string)
        if entry.context != CONTEXT and edges(said) != edges(forms(entry.id)[0])
    ]
    assert wrong == []


@pytest.mark.parametrize("tag", TAGS)
def test_a_catalogue_is_written_as_the_tool_writes_it(tag: str) -> None:
    now = (ROOT / "texts" / f"{tag}.po").read_bytes()
    assert written(brought_up_to_date(catalogue(tag), all_messages())) == now


def test_all_languages_can_be_loaded() -> None:
    languages = load_languages()
    assert [language.tag for language in languages] == ["en", *TAGS]
    assert all(languages.of(tag).catalogue.gettext("") for tag in TAGS)
    german = languages.of("de").catalogue
    assert german.pgettext(NAME_CONTEXT, "members") == "mitglieder"


@pytest.mark.parametrize(
    ("code", "messages"),
    [
        ('tr("a {b}", b=1)', [Message("a {b}")]),
        ('tr_p("place", "On")', [Message("On", "place")]),
        ('tr_n("{count} day", "{count} days", n)', [Message("{count} day", plural="{count} days")]),
        ('TITLE = LazyText("Members")', [Message("Members")]),
        ('TITLE = LazyText("Members", "menu")', [Message("Members", "menu")]),
        ('print("other")', []),
    ],
)
def test_marks_are_found(code: str, messages: list[Message]) -> None:
    assert list(marked(ast.parse(code))) == messages


@pytest.mark.parametrize("code", ['tr(f"{x}")', "tr(x)", 'tr_n("one", many, 1)', 'tr("a" + b)'])
def test_a_text_put_together_at_run_time_is_refused(code: str) -> None:
    with pytest.raises(NotLiteralError):
        list(marked(ast.parse(code)))


def test_catalogues_are_in_the_package() -> None:
    assert {path.stem for path in (ROOT / "texts").glob("*.po")} == set(TAGS)
