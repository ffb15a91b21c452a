# ruff: noqa: INP001 - a script, no package
"""Draw the gallery of ``docs/charts.md`` again: one picture a kind and theme, and the page that shows them.

Needs the extra ``dev``. Run it from anywhere: ``python docs/images/gallery.py``.
"""

import sys
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import msgspec
from PIL import Image

from analytics.charts.alternative import alternative_text
from analytics.charts.painter import Painter
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
    Theme,
    WeekHoursSpec,
)
from tests.support.chart_samples import SAMPLES

DOCS = Path(__file__).resolve().parents[1]
COLOURS = 28

KINDS: dict[type[ChartSpec], tuple[str, str]] = {
    BarsSpec: (
        "Bars",
        "Amounts per hour, day, week or month. The line is the period before; the striped bar still runs.",
    ),
    LineSpec: ("Line", "A level, for example members. The axis need not begin at zero."),
    AreaSpec: ("Area", "Amounts over many buckets."),
    StackedSpec: (
        "Stacked bars",
        "What amounts are made of, six parts at most. A hatched cap says that a part of that day is missing.",
    ),
    RankingSpec: (
        "Ranking",
        "Names of any length in any script; the mark across a bar is the period before.",
    ),
    WeekHoursSpec: (
        "Weekday and hour",
        "When a week is busy. The scale leaves out single extremes, so that they do not hide the rest.",
    ),
    CalendarSpec: ("Calendar", "A year of days, a column a week, in two blocks so that a phone can show it."),
    CohortsSpec: ("Cohorts", "How many of those who joined together are still active."),
    DistributionSpec: ("Distribution", "How values are spread, with median and middle half."),
    ComparisonSpec: (
        "Comparison",
        "Two to four subjects or periods, each measurement on a scale of its own.",
    ),
    PanelsSpec: ("Overview", "Up to six charts over time in one picture, with one legend."),
}

INTRODUCTION = """# Charts

Every kind of chart with made-up figures, in the theme that fits Discord and in the light one for pages, mails
and print. `python docs/images/gallery.py` draws them again.

All of them keep the same rules:

- The title says the finding, the axes and headings say the unit. Long names are cut with an ellipsis; no
  text touches another.
- No picture is taller than three quarters of its width, and no text is lower than 9 pixels where Discord
  shows it in 550 by 413; most have 26 of 1100 pixels, which can be read at the width of a phone.
- Time is written as people say it, 45 min, 3 h 20 min or 4 d 2 h, and an axis has one unit for all of it.
- What nobody recorded is a hatched gap and said so in the legend. It is never drawn as zero.
- Text has a contrast of 4.5:1, marks of 3:1. Colours next to each other differ by 18 units of CIEDE2000 at
  least, also with red, green or blue blindness (Machado et al. 2009); heatmaps go by lightness.
- Names may be in any script and direction, with emoji. Arabic joins, Hebrew runs from the right.
- Each picture comes with a text for those who do not see it (`analytics/charts/alternative.py`).
  Those of this page are written so.
"""


def main() -> None:
    """Draw every picture and write the page."""
    painter = Painter()
    page = [INTRODUCTION]
    for kind, (heading, remark) in KINDS.items():
        spec = SAMPLES[kind]["ordinary"]
        told = alternative_text(spec)
        page.append(f"## {heading}\n\n{remark}\n")
        for theme in Theme:
            name = f"{heading.lower().replace(' ', '-')}-{theme.value}.png"
            keep(DOCS / "images" / "charts" / name, painter.draw(msgspec.structs.replace(spec, theme=theme)))
            words = told if theme is Theme.DARK else "The same in the light theme."
            page.append(f"![{words}](images/charts/{name})\n")
    (DOCS / "charts.md").write_text("\n".join(page), encoding="utf-8")


def keep(path: Path, png: bytes) -> None:
    """Write a picture with a palette small enough for a repository."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    sys.stdout.write(f"{path.name} {path.stat().st_size // 1000} kB\n")


if __name__ == "__main__":
    main()
