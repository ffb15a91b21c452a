"""What cards and reports say of a head: from when on it is known what the view shows."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.wording.heads import known_apart
from tests.support.heads import head_of_days

START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ({}, []),
        ({"known_apart": True, "known_since": START}, []),
        ({"known_apart": True, "known_since": START - timedelta(days=1)}, []),
        (
            {"known_apart": True, "known_since": START + timedelta(days=2)},
            ["What this shows is known since 2026-03-03; what was before is unknown."],
        ),
        (
            {"known_apart": True},
            ["What this shows is not in files: it is known only from when I am in a server."],
        ),
        ({"known_apart": True, "counted_since": None}, []),
    ],
)
def test_a_head_says_from_when_on_it_is_known(head: dict[str, object], said: list[str]) -> None:
    assert list(known_apart(head_of_days(START, 5, **head), lambda day: f"{day:%Y-%m-%d}")) == said
