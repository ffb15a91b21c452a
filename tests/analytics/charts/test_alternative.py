from datetime import UTC, datetime

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
    Layer,
    LineSpec,
    PanelsSpec,
    RankingSpec,
    StackedSpec,
    TimeAxis,
    Unit,
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


CUT = BarsSpec(
    title="15,300 messages",
    axis=TimeAxis.starting(datetime(2026, 1, 12, tzinfo=UTC), Unit.WEEK),
    values=(954.0, 2267.0, 2100.0, 2300.0, 310.0),
    y_label="messages per week",
    partial_first=True,
    partial_last=True,
    running=False,
)


def test_a_bucket_that_the_period_cuts_is_not_the_lowest() -> None:
    text = alternative_text(CUT)
    assert "lowest 2,100 (26 Jan 2026), highest 2,300 (2 Feb 2026)" in text
    assert "latest 310, incomplete" in text
    running = alternative_text(msgspec.structs.replace(CUT, running=True))
    assert "latest 310 so far" in running


def test_the_first_known_bucket_is_the_partial_one() -> None:
    begun = msgspec.structs.replace(CUT, values=(None, *CUT.values[:3]), partial_last=False)
    assert begun.partial == {1}
    assert "lowest 2,100" in alternative_text(begun)


@pytest.mark.parametrize("kind", [BarsSpec, AreaSpec])
def test_only_what_adds_up_has_a_total(kind: type[BarsSpec | AreaSpec]) -> None:
    fields = {
        name: getattr(CUT, name)
        for name in ("title", "axis", "values", "y_label", "partial_first", "partial_last")
    }
    distinct = kind(**fields, previous=(900.0,) * 5)
    text = alternative_text(distinct)
    assert "total" not in text
    assert "900 a period earlier" in text
    summed = alternative_text(msgspec.structs.replace(distinct, adds_up=True))
    assert "total 7,931; in the period before 4,500" in summed


def test_layers_of_members_who_count_each_week_are_not_added_up() -> None:
    layers = (Layer("vital", (20.0, 21.0)), Layer("dropped", (3.0, None)), Layer("new", (None, None)))
    spec = StackedSpec(title="Steady", axis=CUT.axis, layers=layers, y_label="members, by 7 days")
    text = alternative_text(spec)
    assert "vital: latest 21; dropped: latest 3; new: Not recorded" in text
    assert "vital: 41; dropped: 3" in alternative_text(msgspec.structs.replace(spec, adds_up=True))
