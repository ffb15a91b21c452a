"""What the page of metrics says is what the views show."""

import re
from pathlib import Path

from bot.views.registry import VIEWS

PAGE = (Path(__file__).parents[3] / "docs" / "metrics.md").read_text(encoding="utf-8")


def test_every_view_is_defined_under_its_title() -> None:
    section = PAGE.split("\n## Views\n")[1].split("\n## ")[0]
    assert set(re.findall(r"^### (.+)$", section, re.MULTILINE)) == {
        view.title.message for view in VIEWS.values()
    }


def test_no_two_views_share_a_code() -> None:
    codes = [view.code for view in VIEWS.values()]
    assert len(set(codes)) == len(codes)
    assert all(0 < code < 256 for code in codes)
