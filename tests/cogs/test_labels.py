"""What a menu prints is taken where its id is, in every language."""

import pytest

from bot.user_errors import Refusal
from bot.views.analyze import channels, periods
from bot.views.registry import VIEWS, kinds_meant
from cogs.people.comparing import kind_of, metric_suggestions
from texts import load_languages, speaking

LANGUAGES = load_languages()


@pytest.mark.parametrize("group", [periods.GROUP, channels.GROUP])
def test_a_metric_is_known_by_its_name_and_by_each_label_that_is_offered(group: str) -> None:
    for language in LANGUAGES:
        with speaking(language):
            offered = metric_suggestions(group, "")
        for label, name in offered:
            assert (
                kind_of(group, label, LANGUAGES) == kind_of(group, f" {name.upper()} ") == f"{group}/{name}"
            )


def test_a_metric_is_known_by_the_word_for_it() -> None:
    assert kind_of(periods.GROUP, "Time in voice", LANGUAGES) == "compare/periods/voice"
    assert kind_of(periods.GROUP, "Nachrichten", LANGUAGES) == "compare/periods/messages"
    with pytest.raises(Refusal):
        kind_of(periods.GROUP, "Nachrichten")
    with pytest.raises(Refusal):
        kind_of(periods.GROUP, "mood", LANGUAGES)


def test_a_view_is_known_by_its_kind_and_by_its_title() -> None:
    for kind, view in VIEWS.items():
        assert kinds_meant(kind, LANGUAGES) == [kind]
        for language in LANGUAGES:
            with speaking(language):
                assert kind in kinds_meant(str(view.title), LANGUAGES)
    assert kinds_meant("Channel usage") == ["channels/usage"]
    assert len(kinds_meant("messages")) > 1, "several views are called so"
    assert kinds_meant("nothing", LANGUAGES) == []
