"""Texts in the language in force."""

import asyncio
from gettext import GNUTranslations
from io import BytesIO

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from texts import ENGLISH, Language, Languages, LazyText, decimal, speak, speaking, spoken, tr, tr_n, tr_p


def french() -> Language:
    catalogue = Catalog(locale="fr")
    catalogue.add("and {more} more", "et {more} de plus")
    catalogue.add("On", "Suivant", context="page")
    catalogue.add("On", "Activé")
    catalogue.add(("{count} day", "{count} days"), ("{count} jour", "{count} jours"))
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language(
        "fr",
        "Français",
        thousands="\N{NARROW NO-BREAK SPACE}",
        decimal=",",
        catalogue=GNUTranslations(compiled),
    )


def test_english_is_said_as_it_stands_in_the_code() -> None:
    assert tr("and {more} more", more=3) == "and 3 more"
    assert tr("`{braces}` without values") == "`{braces}` without values"
    assert tr_p("page", "On") == "On"
    assert [tr_n("{count} day", "{count} days", n) for n in (0, 1, 1234)] == ["0 days", "1 day", "1,234 days"]


def test_another_language_has_its_own_words_plurals_and_marks() -> None:
    with speaking(french()):
        assert tr("and {more} more", more=3) == "et 3 de plus"
        assert tr("On") == "Activé"
        assert tr_p("page", "On") == "Suivant"
        assert [tr_n("{count} day", "{count} days", n) for n in (0, 1, 1234)] == [
            "0 jour",
            "1 jour",
            "1\N{NARROW NO-BREAK SPACE}234 jours",
        ]
        assert decimal(-1234.56, 1) == "\N{MINUS SIGN}1\N{NARROW NO-BREAK SPACE}234,6"


def test_a_text_that_a_language_lacks_is_english() -> None:
    with speaking(french()):
        assert tr("Members") == "Members"


def test_a_constant_waits_for_the_language() -> None:
    constant, of_page = LazyText("On"), LazyText("On", "page")
    assert (str(constant), str(of_page)) == ("On", "On")
    with speaking(french()):
        assert f"{constant} / {of_page}" == "Activé / Suivant"


def test_a_language_holds_for_its_block_alone() -> None:
    with speaking(french()):
        assert spoken().tag == "fr"
        with speaking(ENGLISH):
            assert spoken() is ENGLISH
        assert spoken().tag == "fr"
    assert spoken() is ENGLISH


async def test_a_language_holds_for_its_task_alone() -> None:
    async def answer(language: Language) -> str:
        speak(language)
        await asyncio.sleep(0)
        return await asyncio.to_thread(tr, "On")

    tasks = [asyncio.create_task(answer(language)) for language in (french(), ENGLISH)]
    assert await asyncio.gather(*tasks) == ["Activé", "On"]
    assert spoken() is ENGLISH


@pytest.mark.parametrize(
    ("tag", "found"), [("fr", "fr"), ("fr-CA", "fr"), ("ja", "en"), ("en-GB", "en"), ("", "en"), (None, "en")]
)
def test_a_country_speaks_its_language_and_others_english(tag: str | None, found: str) -> None:
    assert Languages({"fr": french()}).of(tag).tag == found


@given(st.floats(-1e12, 1e12), st.integers(0, 3))
def test_a_number_is_the_same_in_all_languages_but_for_its_marks(value: float, decimals: int) -> None:
    written = decimal(value, decimals)
    with speaking(french()):
        other = decimal(value, decimals)
    assert other.replace(",", ".").replace("\N{NARROW NO-BREAK SPACE}", ",") == written
