import msgspec
import pytest

from analytics.charts.alternative import MAX_ALTERNATIVE, alternative_text
from analytics.charts.notation import Locale
from analytics.charts.phrases import Phrases
from analytics.charts.spec import (
    AreaSpec,
    BarsSpec,
    CalendarSpec,
    ChartSpec,
    CohortsSpec,
    ComparisonSpec,
    DistributionSpec,
    LineSpec,
    PanelsSpec,
    RankingSpec,
    StackedSpec,
    WeekHoursSpec,
)
from tests.support.chart_samples import BARS, SAMPLES

TOLD: dict[type[ChartSpec], tuple[str, ...]] = {
    BarsSpec: (
        "Bar chart: 12,412 messages, 18% more than before. The Lighthouse · 30 days.",
        "messages per day, 23 Oct 2026 to 21 Nov 2026",
        "lowest 264 (18 Nov 2026), highest 669 (1 Nov 2026)",
        "latest 509 so far",
        "2 of 30 not recorded.",
    ),
    LineSpec: ("Line chart: ", "4,610 a period earlier", "latest 4,926"),
    AreaSpec: ("Area chart: ", "24 Nov 2025 to 23 Nov 2026", "highest 13 d 14 h (16 Nov 2026)"),
    StackedSpec: ("Stacked bar chart: ", "# help: 6,571", "all others: 2,422"),
    RankingSpec: ("Ranking: ", "# help: 4,312 (before: 3,105)", "# voice-text: Not recorded", "# archive: 0"),
    WeekHoursSpec: ("Heatmap by weekday and hour: ", "most on Sun 15:00: 96", "6 of 168 not recorded"),
    CalendarSpec: ("Calendar heatmap: ", "22 Nov 2025 to 21 Nov 2026", "highest 820 (30 Sep 2026)"),
    CohortsSpec: ("Cohort table: ", "21 Sep after 8: 23%", "2 Nov after 2: 0%", "4 of 55 not recorded"),
    DistributionSpec: (
        "Histogram: ",
        "most of them, 305, between 2 and 5",
        "median 11, half of the values between 3 and 29",
        "14 of 1452 not recorded",
    ),
    ComparisonSpec: ("Comparison: ", "messages \N{EN DASH} # help: 4,312, # general: 3,870", "Not recorded"),
    PanelsSpec: ("Overview of several charts: ", "Bar chart: 12,412 messages", "Bar chart: 104 joined"),
}


def test_every_kind_is_told() -> None:
    assert set(TOLD) == set(SAMPLES)


@pytest.mark.parametrize("kind", TOLD, ids=lambda kind: kind.__name__)
def test_what_a_chart_shows_is_said(kind: type[ChartSpec]) -> None:
    text = alternative_text(SAMPLES[kind]["ordinary"])
    assert [said for said in TOLD[kind] if said not in text] == []
    assert text.startswith(TOLD[kind][0])


@pytest.mark.parametrize("kind", SAMPLES, ids=lambda kind: kind.__name__)
def test_nothing_is_said_to_be_nothing(kind: type[ChartSpec]) -> None:
    text = alternative_text(SAMPLES[kind]["empty"])
    assert "No data in this period" in text or "Nothing to show" in text
    assert "0 of 0" not in text


@pytest.mark.parametrize("spec", [spec for kind in SAMPLES.values() for spec in kind.values()])
def test_a_text_fits_with_a_file_and_turns_nothing_around(spec: ChartSpec) -> None:
    text = alternative_text(spec)
    assert 20 < len(text.encode("utf-16-le")) / 2 <= MAX_ALTERNATIVE
    assert "\u202e" not in text


def test_one_bucket_has_no_range() -> None:
    assert "messages per day, 23 Oct 2026;" in alternative_text(BARS["one"])


def test_a_text_speaks_the_language_of_the_chart() -> None:
    locale = Locale(thousands=".", phrases=Phrases(bars="Säulen", total="insgesamt {value}"))
    text = alternative_text(msgspec.structs.replace(BARS["one"], locale=locale))
    assert text.startswith("Säulen: ")
    assert "insgesamt 7" in text
