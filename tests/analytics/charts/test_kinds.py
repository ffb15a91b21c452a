from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

import msgspec
import pytest

from analytics.charts.geometry import Box
from analytics.charts.kinds.layout import SMALL
from analytics.charts.kinds.registry import KINDS
from analytics.charts.spec import (
    MAX_COHORTS,
    MAX_MEASURES,
    MAX_PANELS,
    MAX_RANKS,
    MAX_SUBJECTS,
    BarsSpec,
    ChartSpec,
    Cohort,
    CohortsSpec,
    ComparisonSpec,
    Layer,
    Measurement,
    PanelsSpec,
    Ranked,
    RankingSpec,
    Theme,
    TimeAxis,
    Unit,
)
from analytics.charts.themes import PALETTES
from tests.support.chart_samples import (
    BARS,
    CALENDAR,
    COHORTS,
    COMPARISON,
    DAYS,
    DISTRIBUTION,
    LONG,
    PANELS,
    RANKING,
    SAMPLES,
    STACKED,
    WEEK_HOURS,
)
from tests.support.legible import SHOWN_WIDTH, SMALLEST, assert_legible

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas
    from analytics.charts.painter import Painter

CASES = {
    f"{kind.__name__} {name}": spec for kind, samples in SAMPLES.items() for name, spec in samples.items()
}


def written(painter: "Painter", spec: ChartSpec) -> list[str]:
    return [text for text, _ in painter.paint(spec).texts()]


def hatched(canvas: "Canvas") -> set[object]:
    """Colours of the stripes in a picture, as matplotlib holds them."""
    from matplotlib.patches import PathPatch  # noqa: PLC0415 - after the painter's settings

    return {patch.get_hatchcolor() for patch in canvas._figure.findobj(PathPatch) if patch.get_hatch()}


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("name", CASES)
def test_texts_lie_inside_the_picture_apart_and_are_large_enough(
    painter: "Painter", name: str, theme: Theme
) -> None:
    canvas = painter.paint(msgspec.structs.replace(CASES[name], theme=theme))
    texts = canvas.texts()
    picture = Box(0, 0, canvas.width, canvas.height)
    assert len(texts) > 1
    assert [text for text, box in texts if not box.inside(picture)] == []
    assert [(a, b) for (a, box), (b, other) in combinations(texts, 2) if box.touches(other)] == []
    assert canvas.smallest_text() >= SMALL
    assert_legible(canvas, name)
    assert canvas.height >= 260


def test_piles_of_marks_do_not_reach_the_line_above(painter: "Painter") -> None:
    name = "gjpy Z" + "\u0300\u0301\u0302\u0303" * 3
    bars = BarsSpec(title=name, subtitle=name, axis=DAYS, values=(1.0, None), y_label=name)
    for spec in (bars, PanelsSpec(title=name, subtitle=name, panels=(bars, bars, bars))):
        texts = painter.paint(spec).texts()
        assert [(a, b) for (a, box), (b, other) in combinations(texts, 2) if box.touches(other)] == []


@pytest.mark.parametrize("name", [name for name in CASES if name.endswith("empty")])
def test_a_chart_of_nothing_says_so(painter: "Painter", name: str) -> None:
    assert {"Nothing to show", "No data in this period"} & set(written(painter, CASES[name]))


@pytest.mark.parametrize("name", [name for name in CASES if name.endswith("unknown")])
def test_a_chart_of_what_nobody_recorded_says_so(painter: "Painter", name: str) -> None:
    assert "Not recorded" in written(painter, CASES[name])


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize(
    "kind", [kind for kind in SAMPLES if "ordinary" in SAMPLES[kind]], ids=lambda kind: kind.__name__
)
def test_unknown_is_hatched_and_the_legend_says_it(
    painter: "Painter", kind: type[ChartSpec], theme: Theme
) -> None:
    from matplotlib.colors import to_rgba  # noqa: PLC0415 - after the painter's settings

    canvas = painter.paint(msgspec.structs.replace(SAMPLES[kind]["ordinary"], theme=theme))
    assert to_rgba(PALETTES[theme].unknown) in hatched(canvas)
    assert any(text.startswith("Not recorded") for text, _ in canvas.texts())


@pytest.mark.parametrize("name", [name for name in CASES if name.endswith(("tiny", "one"))])
def test_zero_is_not_unknown(painter: "Painter", name: str) -> None:
    assert not any(text.startswith("Not recorded") for text in written(painter, CASES[name]))


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("kind", SAMPLES, ids=lambda kind: kind.__name__)
def test_pictures_are_small_files(painter: "Painter", kind: type[ChartSpec], theme: Theme) -> None:
    png = painter.draw(msgspec.structs.replace(SAMPLES[kind]["ordinary"], theme=theme))
    assert png.startswith(b"\x89PNG")
    assert len(png) < 90_000


def test_a_stack_names_its_layers_and_its_missing_parts(painter: "Painter") -> None:
    texts = written(painter, STACKED["ordinary"])
    assert {"# help", "# general", "# showcase", "# events", "all others", "So far"} <= set(texts)


def test_a_ranking_writes_every_value(painter: "Painter") -> None:
    texts = written(painter, RANKING["ordinary"])
    assert {"# help", "4,312", "0", "Not recorded", "Period before"} <= set(texts)
    assert any(text.startswith("# weekly-challenge") and text.endswith("…") for text in texts)
    assert "Period before" not in written(painter, RANKING["one"])


def test_values_below_zero_stand_left_of_the_others(painter: "Painter") -> None:
    boxes = dict(painter.paint(RANKING["below zero"]).texts())
    assert boxes["\N{MINUS SIGN}377"].right < boxes["812"].left


def test_a_week_begins_with_monday(painter: "Painter") -> None:
    boxes = dict(painter.paint(WEEK_HOURS["ordinary"]).texts())
    days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert sorted(days, key=lambda day: boxes[day].top) == days


def test_the_cell_of_sunday_midnight_lies_at_the_lower_left(painter: "Painter") -> None:
    from matplotlib.colors import to_rgba  # noqa: PLC0415 - after the painter's settings
    from matplotlib.patches import PathPatch  # noqa: PLC0415 - same

    canvas = painter.paint(WEEK_HOURS["one"])
    boxes = dict(canvas.texts())
    strongest = to_rgba(PALETTES[Theme.DARK].heat[-1].fill)
    cells = [patch for patch in canvas._figure.findobj(PathPatch) if patch.get_facecolor() == strongest]
    middles = [patch.get_path().get_extents() for patch in cells]
    assert any(
        extent.x0 < boxes["00:00"].middle.x < extent.x1
        and extent.y0 < canvas.height - boxes["Sun"].middle.y < extent.y1
        for extent in middles
    )


def test_a_year_stands_in_two_blocks(painter: "Painter") -> None:
    texts = painter.paint(CALENDAR["ordinary"]).texts()
    mondays = [box for text, box in texts if text == "Mon"]
    assert len(mondays) == 2
    assert {"Dec 2025", "Jan 2026", "Jun 2026", "Nov"} <= {text for text, _ in texts}
    assert [text for text, _ in painter.paint(CALENDAR["huge"]).texts()].count("Mon") == 1


def test_cohorts_write_their_shares_where_there_is_room(painter: "Painter") -> None:
    assert written(painter, COHORTS["ordinary"]).count("100") == 9
    huge = COHORTS["huge"]
    assert isinstance(huge, CohortsSpec)
    named = tuple(msgspec.structs.replace(cohort, name="W" * 100) for cohort in huge.cohorts[:10])
    assert "100" not in written(painter, msgspec.structs.replace(huge, cohorts=named))
    assert "<1" in written(painter, COHORTS["tiny"])


def test_a_distribution_says_median_and_middle_half(painter: "Painter") -> None:
    texts = written(painter, DISTRIBUTION["ordinary"])
    assert {"Median 11", "Middle half 3\N{EN DASH}29", "Not recorded: 14", "2,000"} <= set(texts)


def test_a_comparison_scales_each_measurement_on_its_own(painter: "Painter") -> None:
    boxes = dict(painter.paint(COMPARISON["ordinary"]).texts())
    assert boxes["4,312"].right == pytest.approx(boxes["390"].right, abs=2)
    assert "81%" in boxes


def test_panels_share_one_legend(painter: "Painter") -> None:
    texts = written(painter, PANELS["ordinary"])
    assert texts.count("Period before") == texts.count("So far") == texts.count("Not recorded") == 1


def test_panels_take_the_theme_of_the_whole(painter: "Painter") -> None:
    from matplotlib.text import Text  # noqa: PLC0415 - after the painter's settings

    spec = PANELS["ordinary"]
    assert isinstance(spec, PanelsSpec)
    canvas = painter.paint(msgspec.structs.replace(spec, theme=Theme.LIGHT))
    palette = PALETTES[Theme.LIGHT]
    assert {text.get_color() for text in canvas._figure.findobj(Text)} == {palette.text, palette.muted}


def test_long_titles_are_cut_in_every_kind(painter: "Painter") -> None:
    for samples in SAMPLES.values():
        texts = written(painter, msgspec.structs.replace(samples["ordinary"], title=LONG))
        assert LONG.startswith(texts[0])
        assert texts[1].endswith("…")


def test_a_legend_leaves_out_parts_of_which_there_is_nothing(painter: "Painter") -> None:
    layers = (Layer("files", (0.0, 3.0)), Layer("stickers", (0.0, 0.0)), Layer("polls", (None, None)))
    spec = msgspec.structs.replace(STACKED["ordinary"], layers=layers)
    texts = written(painter, spec)
    assert "files" in texts
    assert {"stickers", "polls"}.isdisjoint(texts)


def test_a_legend_does_not_explain_a_running_bar_that_is_not_there(painter: "Painter") -> None:
    spec = msgspec.structs.replace(BARS["ordinary"], values=(4.0, 0.0), previous=None, partial_last=True)
    assert "So far" not in written(painter, spec)
    assert "So far" in written(painter, msgspec.structs.replace(spec, values=(4.0, 1.0)))


def test_no_number_of_parts_makes_a_picture_too_tall() -> None:
    bars = BarsSpec(title="", axis=TimeAxis(Unit.DAY, date(2026, 1, 1)), values=(1.0,), y_label="")
    specs: list[ChartSpec] = [
        PanelsSpec(title="", panels=(bars,) * count) for count in range(1, MAX_PANELS + 1)
    ]
    specs += [
        RankingSpec(title="", rows=(Ranked("a", 1.0),) * count, x_label="") for count in range(MAX_RANKS + 1)
    ]
    specs += [
        CohortsSpec(
            title="", cohorts=(Cohort("a", 1, (1.0,)),) * count, size_label="", share_label="", x_label=""
        )
        for count in range(MAX_COHORTS + 1)
    ]
    specs += [
        ComparisonSpec(
            title="",
            subjects=("a",) * subjects,
            measurements=(Measurement("b", (1.0,) * subjects),) * measurements,
        )
        for subjects in range(2, MAX_SUBJECTS + 1)
        for measurements in range(MAX_MEASURES + 1)
    ]
    for spec in specs:
        size = KINDS[type(spec)].size(spec)
        assert 4 * size.height <= 3 * size.width, spec
        assert SMALL * SHOWN_WIDTH / size.width >= SMALLEST, spec
