from datetime import date
from io import BytesIO
from itertools import combinations
from typing import TYPE_CHECKING

import msgspec
import pytest
from PIL import Image

from analytics.charts.geometry import Box
from analytics.charts.spec import BarsSpec, LineSpec, Quantity, SeriesSpec, Theme, TimeAxis, Unit
from analytics.charts.themes import PALETTES

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas
    from analytics.charts.painter import Painter

LONG = (
    "Messages rose by eighteen per cent against the thirty days before, and nearly all of that growth came "
    "from two channels that hardly anyone had used until the release was out"
)
DAYS = TimeAxis(Unit.DAY, date(2026, 10, 20))


def wave(count: int, height: float = 400.0) -> tuple[float, ...]:
    return tuple(float(round(height * (1 + 0.4 * ((index * 7) % 11) / 11))) for index in range(count))


def bars(count: int, height: float = 400.0, axis: TimeAxis = DAYS) -> BarsSpec:
    return BarsSpec(
        title="Messages rose 18% to 12,412",
        subtitle="The Lighthouse",
        axis=axis,
        values=wave(count, height),
        previous=wave(count, height * 0.8),
        partial_last=True,
        y_label="Messages per day",
    )


def changed(spec: SeriesSpec, **fields: object) -> SeriesSpec:
    return msgspec.structs.replace(spec, **fields)


MONTH = bars(30)
CASES: dict[str, SeriesSpec] = {
    "day by hour": bars(24, 30, TimeAxis(Unit.HOUR, date(2026, 11, 20), 14)),
    "two days by hour": bars(48, 30, TimeAxis(Unit.HOUR, date(2026, 11, 20), 3)),
    "two weeks by hour": bars(336, 30, TimeAxis(Unit.HOUR, date(2026, 11, 7), 5)),
    "week": bars(7),
    "week without comparison": changed(bars(7), previous=None),
    "month": MONTH,
    "quarter": bars(92),
    "400 days": bars(400, 12_000),
    "year by week": bars(53, 4000, TimeAxis(Unit.WEEK, date(2025, 11, 17))),
    "400 weeks": bars(400, 4000, TimeAxis(Unit.WEEK, date(2019, 3, 4))),
    "three years by month": bars(36, 40_000, TimeAxis(Unit.MONTH, date(2024, 1, 1))),
    "400 months": bars(400, 40_000, TimeAxis(Unit.MONTH, date(1993, 6, 1))),
    "one": changed(bars(1), previous=None, partial_last=False),
    "one unfinished hour": changed(bars(1), axis=TimeAxis(Unit.HOUR, date(2026, 11, 20), 14)),
    "none": changed(bars(0), previous=None),
    "all unknown": changed(MONTH, values=(None,) * 30, previous=None),
    "all zero": changed(MONTH, values=(0.0,) * 30, previous=(0.0,) * 30),
    "a million": bars(14, 1_000_000),
    "billions": changed(bars(5, 3e12), previous=None),
    "fractions": bars(10, 0.02),
    "negative": changed(MONTH, values=tuple(value - 450 for value in wave(30)), previous=None),
    "few negative": changed(MONTH, values=(-40.0, 3.0, -12.5), previous=None),
    "gaps": changed(MONTH, values=(None, None, *wave(10), None, *wave(16), None)),
    "long words": changed(MONTH, title=LONG, subtitle=LONG, y_label=LONG, values=(None, *wave(29))),
    "one long word": changed(MONTH, title="A" * 300, subtitle="漢" * 300, y_label="W" * 300),
    "no subtitle": changed(MONTH, subtitle=""),
    "line": LineSpec(
        title="Members grew",
        axis=DAYS,
        values=(*wave(40, 9e5), None, 9e5, None),
        y_label="Members",
        partial_last=True,
    ),
    "level line": LineSpec(title="Members stay", axis=DAYS, values=(812.0,) * 20, y_label="Members"),
    "line of one": LineSpec(title="Members", axis=DAYS, values=(812.0,), y_label="Members"),
    "share": LineSpec(
        title="Sticky",
        axis=DAYS,
        values=wave(30, 30),
        y_label="Share",
        quantity=Quantity.PERCENT,
        from_zero=True,
        previous=wave(30),
    ),
}


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("name", CASES)
def test_texts_lie_inside_the_picture_and_apart(painter: "Painter", name: str, theme: Theme) -> None:
    canvas = painter.paint(changed(CASES[name], theme=theme))
    texts = canvas.texts()
    assert texts
    assert_inside(canvas, texts)
    assert_apart(texts)


def assert_inside(canvas: "Canvas", texts: list[tuple[str, Box]]) -> None:
    picture = Box(0, 0, canvas.width, canvas.height)
    assert [text for text, box in texts if not box.inside(picture)] == []


def assert_apart(texts: list[tuple[str, Box]]) -> None:
    assert [(a, b) for (a, box), (b, other) in combinations(texts, 2) if box.touches(other)] == []


def written(painter: "Painter", spec: SeriesSpec) -> list[str]:
    return [text for text, _ in painter.paint(spec).texts()]


def test_a_long_title_takes_two_lines_and_shows_that_it_was_cut(painter: "Painter") -> None:
    texts = written(painter, CASES["long words"])
    assert LONG.startswith(texts[0])
    assert texts[1].endswith("…")
    assert LONG.startswith(f"{texts[0]} {texts[1].removesuffix('…')}")


def test_an_empty_period_says_so(painter: "Painter") -> None:
    assert "No data in this period" in written(painter, CASES["none"])
    assert "Not recorded" in written(painter, CASES["all unknown"])


def test_zero_is_no_gap(painter: "Painter") -> None:
    assert "Not recorded" not in written(painter, CASES["all zero"])
    assert "Not recorded" in written(painter, CASES["gaps"])


def test_the_legend_names_only_what_is_there(painter: "Painter") -> None:
    assert {"Period before", "So far"} <= set(written(painter, MONTH))
    alone = changed(MONTH, previous=None, partial_last=False)
    assert {"Period before", "So far", "Not recorded"}.isdisjoint(written(painter, alone))


def test_few_bars_carry_their_values(painter: "Painter") -> None:
    spec = changed(MONTH, values=(1234.0, 52.0, 10_400.0), previous=None)
    assert {"1,234", "52", "10.4k"} <= set(written(painter, spec))


def test_dollars_in_a_name_are_no_formula(painter: "Painter") -> None:
    spec = changed(MONTH, title=r"$cash$ \frac{1}{2} $x_1^2$")
    assert painter.draw(spec).startswith(b"\x89PNG")
    assert written(painter, spec)[0] == r"$cash$ \frac{1}{2} $x_1^2$"


def colours(png: bytes, box: tuple[int, int, int, int] | None = None) -> set[str]:
    with Image.open(BytesIO(png)) as image:
        part = image.convert("RGB").crop(box) if box else image.convert("RGB")
    found = part.getcolors(part.width * part.height) or []
    return {f"#{r:02x}{g:02x}{b:02x}" for _, (r, g, b) in found}


@pytest.mark.parametrize("theme", Theme)
def test_the_border_is_exactly_the_background(painter: "Painter", theme: Theme) -> None:
    png = painter.draw(changed(MONTH, theme=theme))
    assert colours(png, (0, 0, 1100, 10)) == {PALETTES[theme].background}


def test_the_picture_fits_phones_and_uploads(painter: "Painter") -> None:
    png = painter.draw(CASES["400 days"])
    with Image.open(BytesIO(png)) as image:
        assert image.size == (1100, 620)
    assert len(png) < 100_000


def test_the_running_bucket_looks_different(painter: "Painter") -> None:
    full = changed(MONTH, values=(400.0,) * 3, previous=None, partial_last=False)
    last_bar = (880, 380, 920, 480)
    assert len(colours(painter.draw(full), last_bar)) == 1
    assert len(colours(painter.draw(changed(full, partial_last=True)), last_bar)) > 1


def test_a_first_bucket_that_is_cut_looks_different_and_is_explained(painter: "Painter") -> None:
    full = changed(MONTH, values=(400.0,) * 3, previous=None, partial_last=False)
    first_bar = (220, 380, 260, 480)
    cut = changed(full, partial_first=True)
    assert len(colours(painter.draw(full), first_bar)) == 1
    assert len(colours(painter.draw(cut), first_bar)) > 1
    assert "Incomplete" in written(painter, cut)
    assert "Incomplete" in written(painter, changed(full, partial_last=True, running=False))


def test_unknown_looks_different_from_zero(painter: "Painter") -> None:
    middle = (550, 300, 650, 420)
    zero = painter.draw(changed(MONTH, values=(400.0, 0.0, 400.0), previous=None))
    unknown = painter.draw(changed(MONTH, values=(400.0, None, 400.0), previous=None))
    assert len(colours(unknown, middle)) > len(colours(zero, middle))


def test_the_same_description_gives_the_same_picture(painter: "Painter") -> None:
    assert painter.draw(MONTH) == painter.draw(msgspec.structs.replace(MONTH))
