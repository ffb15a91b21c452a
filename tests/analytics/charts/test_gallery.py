import re
from pathlib import Path

import pytest

from analytics.charts.alternative import alternative_text
from analytics.charts.spec import ChartSpec
from tests.support.chart_samples import SAMPLES

DOCS = Path(__file__).resolve().parents[3] / "docs"
PICTURES = re.findall(
    r"!\[(.+)\]\((images/charts/.+\.png)\)", (DOCS / "charts.md").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("kind", SAMPLES, ids=lambda kind: kind.__name__)
def test_the_gallery_shows_every_kind_and_tells_it(kind: type[ChartSpec]) -> None:
    assert alternative_text(SAMPLES[kind]["ordinary"]) in [told for told, _ in PICTURES]


def test_the_pictures_are_there_and_small() -> None:
    assert len(PICTURES) == 2 * len(SAMPLES)
    files = sorted(path.relative_to(DOCS).as_posix() for path in (DOCS / "images" / "charts").iterdir())
    assert files == sorted(name for _, name in PICTURES)
    assert max((DOCS / name).stat().st_size for name in files) <= 45_000
