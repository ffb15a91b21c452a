"""Charts of every kind: with ordinary data, and with data that are hard to draw."""

import math
from collections.abc import Mapping
from datetime import date

from analytics.charts.spec import (
    MAX_BINS,
    MAX_LAYERS,
    MAX_MEASURES,
    MAX_RANKS,
    AreaSpec,
    BarsSpec,
    CalendarSpec,
    ChartSpec,
    Cohort,
    CohortsSpec,
    ComparisonSpec,
    DistributionSpec,
    Layer,
    LineSpec,
    Measurement,
    PanelsSpec,
    Quantity,
    Quartiles,
    Ranked,
    RankingSpec,
    StackedSpec,
    TimeAxis,
    Unit,
    WeekHoursSpec,
)

Values = tuple[float | None, ...]

DAYS = TimeAxis(Unit.DAY, date(2026, 10, 23))
YEAR = TimeAxis(Unit.WEEK, date(2025, 11, 24))
PLACE = "The Lighthouse · 30 days"
LONG = (
    "Messages rose by eighteen per cent against the thirty days before, and nearly all of that growth came "
    "from two channels that hardly anyone had used until the release was out"
)
HOSTILE = (
    LONG,
    "W" * 100,
    "漢字" * 50,
    "مرحبا بالعالم " * 8,
    "𝓕𝓪𝓷𝓬𝔂 👩‍👩‍👧 **bold** <@1234> `code` $x_1^2$ and more of it",  # noqa: RUF001 - people do call themselves so
    "\u202egnp.exe Z\u0300\u0301\u0302\u0303\u0304\u0305",
)
HUGE = 3.2e9


def wave(count: int, height: float = 400.0, shift: float = 0.0) -> tuple[float, ...]:
    """A plausible series: a weekly rhythm and a bump."""
    return tuple(
        float(round(height * (1 + 0.35 * math.sin(at * 2 * math.pi / 7 + shift) + _bump(at, count))))
        for at in range(count)
    )


def with_gap(values: tuple[float, ...]) -> Values:
    """The same with two unknown values."""
    third = len(values) // 3
    return (*values[:third], None, None, *values[third + 2 :])


def _bump(at: int, count: int) -> float:
    return 0.9 * math.exp(-(((at - 0.4 * count) / 3) ** 2))


def _bars(values: Values, previous: Values | None = None) -> BarsSpec:
    return BarsSpec(
        title="12,412 messages, 18% more than before",
        subtitle=PLACE,
        axis=DAYS,
        values=values,
        previous=previous,
        y_label="messages per day",
        adds_up=True,
        partial_last=len(values) > 1,
    )


def _line(values: Values, previous: Values | None = None) -> LineSpec:
    return LineSpec(
        title="Members grew by 312 to 4,918",
        subtitle=PLACE,
        axis=DAYS,
        values=values,
        previous=previous,
        y_label="members",
    )


def _area(values: Values, previous: Values | None = None) -> AreaSpec:
    return AreaSpec(
        title="Voice is used twice as much since spring",
        subtitle="The Lighthouse · 12 months",
        axis=YEAR,
        values=values,
        previous=previous,
        y_label="time in voice per week",
        quantity=Quantity.DURATION,
        adds_up=True,
        partial_last=len(values) > 1,
    )


def _growth(count: int, start: float, end: float) -> tuple[float, ...]:
    steps = max(count - 1, 1)
    return tuple(
        float(round(start + (end - start) * at / steps + 9 * math.sin(at / 2))) for at in range(count)
    )


BARS: Mapping[str, ChartSpec] = {
    "ordinary": _bars(with_gap(wave(30)), wave(30, 300, 1.0)),
    "empty": _bars(()),
    "unknown": _bars((None,) * 30),
    "one": _bars((7.0,)),
    "tiny": _bars((0.0, 1.0, 0.0)),
    "huge": _bars(wave(30, HUGE), wave(30, 9e8)),
    "hostile": BarsSpec(
        title=LONG, subtitle=HOSTILE[2], axis=DAYS, values=with_gap(wave(30)), y_label=HOSTILE[1]
    ),
}
LINE: Mapping[str, ChartSpec] = {
    "ordinary": _line(with_gap(_growth(30, 4606, 4918)), _growth(30, 4380, 4602)),
    "empty": _line(()),
    "unknown": _line((None,) * 30),
    "one": _line((7.0,)),
    "tiny": _line((0.0, 1.0, 0.0)),
    "huge": _line(wave(30, HUGE)),
    "hostile": LineSpec(
        title=HOSTILE[3], subtitle=HOSTILE[5], axis=DAYS, values=with_gap(wave(30)), y_label=HOSTILE[2]
    ),
}
AREA: Mapping[str, ChartSpec] = {
    "ordinary": _area(with_gap(_growth(53, 8400, 19_800)), _growth(53, 4800, 9000)),
    "empty": _area(()),
    "unknown": _area((None,) * 53),
    "one": _area((7.0,)),
    "tiny": _area((0.0, 1.0, 0.0)),
    "huge": _area(wave(53, HUGE)),
    "hostile": AreaSpec(
        title=HOSTILE[2], subtitle=HOSTILE[3], axis=YEAR, values=(None, 3.0, None, 2.0), y_label=HOSTILE[0]
    ),
}


def _stacked(layers: tuple[Layer, ...], title: str = "Help grew, and small talk did not") -> StackedSpec:
    return StackedSpec(
        title=title,
        subtitle=PLACE,
        axis=DAYS,
        layers=layers,
        y_label="messages per day",
        adds_up=True,
        partial_last=bool(layers and len(layers[0].values) > 1),
    )


STACKED: Mapping[str, ChartSpec] = {
    "ordinary": _stacked(
        (
            Layer("# help", (*wave(12, 160), None, None, *wave(16, 180))),
            Layer("# general", (*wave(12, 120, 2.0), None, None, *wave(16, 110, 2.0))),
            Layer("# showcase", (*wave(12, 40, 4.0), None, None, *wave(10, 50), None, *wave(5, 60))),
            Layer("# events", (*wave(12, 30), None, None, *wave(16, 30))),
            Layer("all others", (*wave(12, 70, 1.0), None, None, *wave(16, 60, 3.0))),
        )
    ),
    "empty": _stacked(()),
    "unknown": _stacked((Layer("help", (None, None)), Layer("general", (None, None)))),
    "one": _stacked((Layer("help", (3.0,)), Layer("general", (4.0,)))),
    "tiny": _stacked((Layer("help", (0.0, 1.0, 0.0)), Layer("general", (0.0, 0.0, 1.0)))),
    "huge": _stacked((Layer("help", wave(30, HUGE)), Layer("general", wave(30, 2.0)))),
    "hostile": _stacked(tuple(Layer(name, with_gap(wave(90))) for name in HOSTILE[:MAX_LAYERS]), LONG),
}


def _ranking(*rows: Ranked, title: str = "Help is the busiest channel, and grew most") -> RankingSpec:
    return RankingSpec(title=title, subtitle=PLACE, rows=rows, x_label="messages")


RANKING: Mapping[str, ChartSpec] = {
    "ordinary": _ranking(
        Ranked("# help", 4312, 3105),
        Ranked("# general", 3870, 4020),
        Ranked("# weekly-challenge-announcements-and-results", 1944, 1500),
        Ranked("# ideen-und-wünsche", 1207, 1310),
        Ranked("# 日本語", 861, 640),
        Ranked("# العربية", 402, 377),
        Ranked("# voice-text", None),
        Ranked("# archive", 0, 12),
    ),
    "empty": _ranking(),
    "unknown": _ranking(Ranked("# help", None), Ranked("# general", None)),
    "one": _ranking(Ranked("# help", 7)),
    "tiny": _ranking(Ranked("# help", 1), Ranked("# general", 0)),
    "huge": _ranking(Ranked("# help", HUGE), Ranked("# general", 1), Ranked("# art", None, 2e9)),
    "hostile": _ranking(
        *(Ranked(HOSTILE[at % len(HOSTILE)], float(at), 9.0) for at in range(MAX_RANKS)), title=LONG
    ),
    "below zero": _ranking(
        Ranked("# help", 812, -40), Ranked("# general", -377, 90), Ranked("# art", None, -3), title="Change"
    ),
    "all below zero": _ranking(Ranked("# help", -812), Ranked("# general", None), title="Change"),
}


def _week(height: float) -> tuple[tuple[float, ...], ...]:
    return tuple(
        tuple(
            float(
                round(height * max(0.0, math.sin((hour - 6) / 18 * math.pi)) * (1.6 if day in (0, 6) else 1))
            )
            for hour in range(24)
        )
        for day in range(7)
    )


def _week_hours(values: tuple[Values, ...], title: str = "Weekend afternoons are busiest") -> WeekHoursSpec:
    return WeekHoursSpec(title=title, subtitle=PLACE, values=values, unit_label="messages per hour")


WEEK_HOURS: Mapping[str, ChartSpec] = {
    "ordinary": _week_hours(
        (*_week(60)[:3], (*_week(60)[3][:10], *[None] * 6, *_week(60)[3][16:]), *_week(60)[4:])
    ),
    "empty": _week_hours(()),
    "unknown": _week_hours(((None,) * 24,) * 7),
    "one": _week_hours(((7.0, *[0.0] * 23), *[(0.0,) * 24] * 6)),
    "tiny": _week_hours(((0.0,) * 24,) * 7),
    "huge": _week_hours((*_week(60)[:6], (*_week(60)[6][:14], HUGE, *_week(60)[6][15:]))),
    "hostile": WeekHoursSpec(
        title=HOSTILE[1], subtitle=HOSTILE[4], values=((None, *[HUGE] * 23),) * 7, unit_label=LONG
    ),
}


def _calendar(values: Values, start: date = date(2025, 11, 22)) -> CalendarSpec:
    return CalendarSpec(
        title="Summer was quiet, and the release brought all back",
        subtitle="The Lighthouse · 365 days",
        start=start,
        values=values,
        unit_label="messages per day",
    )


CALENDAR: Mapping[str, ChartSpec] = {
    "ordinary": _calendar(
        (*[None] * 9, *wave(200, 300), *[0.0] * 3, *wave(60, 90), *[None] * 4, *wave(89, 380))
    ),
    "empty": _calendar(()),
    "unknown": _calendar((None,) * 365),
    "one": _calendar((7.0,)),
    "tiny": _calendar((0.0, 1.0, 0.0)),
    "huge": _calendar((*wave(180, HUGE), 1.0), date(2026, 5, 30)),
    "hostile": CalendarSpec(
        title=LONG,
        subtitle=HOSTILE[3],
        start=date(2026, 1, 1),
        values=with_gap(wave(366, HUGE)),
        unit_label=HOSTILE[2],
    ),
}


def _cohorts(*cohorts: Cohort, title: str = "One in five is still here after eight weeks") -> CohortsSpec:
    return CohortsSpec(
        title=title,
        subtitle="The Lighthouse · 10 weeks",
        cohorts=cohorts,
        size_label="joined",
        share_label="% still active",
        x_label="weeks after joining",
    )


def _decay(start: float, count: int) -> Values:
    return (100.0, *(round(start * 0.86**at + (at % 3), 1) for at in range(count - 1)))


COHORTS: Mapping[str, ChartSpec] = {
    "ordinary": _cohorts(
        Cohort("14 Sep", None, (None,) * 4 + (31.0, 29.0, 27.0, 22.0, 21.0, 20.0)),
        *(Cohort(f"{21 + 7 * at} Sep", 40 + 13 * at, _decay(62 + 2 * at, 9 - at)) for at in range(2)),
        *(Cohort(f"{5 + 7 * at} Oct", 66 + 3 * at, _decay(66 + 2 * at, 7 - at)) for at in range(4)),
        Cohort("2 Nov", 88, (100.0, 71.0, 0.0)),
        Cohort("9 Nov", 91, (100.0, 74.0)),
        Cohort("16 Nov", 102, (100.0,)),
    ),
    "empty": _cohorts(),
    "unknown": _cohorts(Cohort("Sep", None, (None, None))),
    "one": _cohorts(Cohort("Sep", 1, (100.0,))),
    "tiny": _cohorts(Cohort("Sep", 0, (0.0, 0.0)), Cohort("Oct", 3, (0.4,))),
    "huge": _cohorts(*(Cohort(f"cohort {at}", 10**9, (100.0,) * (16 - at)) for at in range(16))),
    "hostile": CohortsSpec(
        title=HOSTILE[0],
        cohorts=tuple(Cohort(name, 10**7, (100.0, None, 0.3)) for name in HOSTILE),
        size_label=HOSTILE[1],
        share_label=HOSTILE[2],
        x_label=HOSTILE[3],
    ),
}


def _distribution(
    edges: tuple[float, ...], counts: tuple[int, ...], quartiles: Quartiles | None, unknown: int = 0
) -> DistributionSpec:
    return DistributionSpec(
        title="Half of all members wrote 11 messages or fewer",
        subtitle=PLACE,
        edges=edges,
        counts=counts,
        quartiles=quartiles,
        x_label="messages per member",
        y_label="members",
        unknown=unknown,
    )


DISTRIBUTION: Mapping[str, ChartSpec] = {
    "ordinary": _distribution(
        (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000),
        (212, 305, 248, 301, 190, 96, 61, 22, 0, 3),
        Quartiles(3, 11, 29),
        14,
    ),
    "empty": _distribution((), (), None),
    "unknown": _distribution((), (), None, 12),
    "one": _distribution((7, 8), (1,), Quartiles(7, 7, 7)),
    "tiny": _distribution((0, 0.01, 0.02, 0.03), (1, 0, 1), Quartiles(0, 0.015, 0.03)),
    "huge": _distribution(
        tuple(HUGE * at for at in range(MAX_BINS + 1)),
        tuple(10**6 * (MAX_BINS - at) for at in range(MAX_BINS)),
        Quartiles(3 * HUGE, 9 * HUGE, 20 * HUGE),
    ),
    "hostile": DistributionSpec(
        title=HOSTILE[1],
        subtitle=HOSTILE[2],
        edges=tuple(float(at) for at in range(MAX_BINS + 1)),
        counts=(10**6,) * MAX_BINS,
        quartiles=Quartiles(0, 20, 40),
        x_label=HOSTILE[0],
        y_label=HOSTILE[3],
        quantity=Quantity.DURATION,
        unknown=10**9,
    ),
}


def _comparison(
    *measurements: Measurement, subjects: tuple[str, ...] = ("# help", "# general", "# showcase")
) -> ComparisonSpec:
    return ComparisonSpec(
        title="Help has more messages, General more people",
        subtitle=PLACE,
        subjects=subjects,
        measurements=measurements,
    )


COMPARISON: Mapping[str, ChartSpec] = {
    "ordinary": _comparison(
        Measurement("messages", (4312.0, 3870.0, 944.0)),
        Measurement("members who wrote", (212.0, 390.0, 88.0)),
        Measurement("answered within a day", (81.0, 64.0, None), Quantity.PERCENT),
    ),
    "empty": _comparison(),
    "unknown": _comparison(Measurement("messages", (None, None, None))),
    "one": _comparison(Measurement("messages", (1.0, 0.0)), subjects=("this week", "last week")),
    "tiny": _comparison(Measurement("messages", (0.0, 0.0, 0.0)), Measurement("share", (0.004, 0.1, 0.0))),
    "huge": _comparison(
        Measurement("messages", (HUGE, 1.0, None)), Measurement("change", (-HUGE, 2e9, None))
    ),
    "hostile": ComparisonSpec(
        title=LONG,
        subtitle=HOSTILE[1],
        subjects=HOSTILE[1:5],
        measurements=tuple(
            Measurement(name, (-3.0, None, 0.0, HUGE), Quantity.DURATION) for name in HOSTILE[:MAX_MEASURES]
        ),
    ),
}


def _panels(
    *panels: BarsSpec | LineSpec | AreaSpec, title: str = "A good month: more people, more talk"
) -> PanelsSpec:
    return PanelsSpec(title=title, subtitle=PLACE, panels=panels)


PANELS: Mapping[str, ChartSpec] = {
    "ordinary": _panels(
        BarsSpec(
            title="12,412 messages, 18% more",
            axis=DAYS,
            values=with_gap(wave(30)),
            previous=wave(30, 300, 1.0),
            y_label="messages per day",
            partial_last=True,
        ),
        LineSpec(
            title="Members grew by 312 to 4,918",
            axis=DAYS,
            values=_growth(30, 4606, 4918),
            previous=_growth(30, 4380, 4602),
            y_label="members",
        ),
        AreaSpec(
            title="2 d in voice a day",
            axis=DAYS,
            values=wave(30, 2400),
            y_label="time per day",
            quantity=Quantity.DURATION,
            partial_last=True,
        ),
        BarsSpec(title="104 joined", axis=DAYS, values=wave(30, 3), y_label="members per day"),
    ),
    "empty": _panels(),
    "unknown": _panels(_bars((None,) * 30), _line(())),
    "one": _panels(_bars((7.0,))),
    "tiny": _panels(_bars((0.0, 1.0, 0.0)), _line((0.0,)), _area((1.0, 0.0))),
    "huge": _panels(*[_bars(wave(30, HUGE), wave(30, 9e8))] * 6),
    "hostile": _panels(
        *(
            BarsSpec(title=name, subtitle=name, axis=DAYS, values=with_gap(wave(30)), y_label=name)
            for name in HOSTILE
        ),
        title=LONG,
    ),
}

SAMPLES: Mapping[type[ChartSpec], Mapping[str, ChartSpec]] = {
    BarsSpec: BARS,
    LineSpec: LINE,
    AreaSpec: AREA,
    StackedSpec: STACKED,
    RankingSpec: RANKING,
    WeekHoursSpec: WEEK_HOURS,
    CalendarSpec: CALENDAR,
    CohortsSpec: COHORTS,
    DistributionSpec: DISTRIBUTION,
    ComparisonSpec: COMPARISON,
    PanelsSpec: PANELS,
}
