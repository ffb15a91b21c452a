import pytest

from analytics.charts.notation import ENGLISH, Locale, Quantity

MINUS = "\N{MINUS SIGN}"
GERMAN = Locale(thousands=".", decimal=",", compact=(" Tsd.", " Mio.", " Mrd."))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.44, "0.4"),
        (7, "7"),
        (412.0, "412"),
        (4312, "4,312"),
        (9999.4, "9,999"),
        (9999.6, "10k"),
        (12_345, "12.3k"),
        (412_345, "412k"),
        (999_400, "999k"),
        (999_600, "1M"),
        (1_250_000, "1.2M"),
        (3_000_000_000, "3bn"),
        (5_200_000_000_000, "5,200bn"),
        (-3, f"{MINUS}3"),
        (-12_345, f"{MINUS}12.3k"),
        (-1e-9, "0"),
        (-0.01, f"{MINUS}0.01"),
        (0.0044, "0.0044"),
    ],
)
def test_numbers(value: float, text: str) -> None:
    assert ENGLISH.number(value) == text


def test_numbers_of_another_language() -> None:
    assert GERMAN.number(4312) == "4.312"
    assert GERMAN.number(12_345) == "12,3 Tsd."


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ((0, 200, 400), ("0", "200", "400")),
        ((0, 2500, 5000), ("0", "2,500", "5,000")),
        ((0, 5000, 10_000), ("0", "5k", "10k")),
        ((0, 2500, 12_500), ("0", "2.5k", "12.5k")),
        ((0, 500_000, 1_000_000), ("0", "0.5M", "1M")),
        ((0, 0.25, 0.5), ("0", "0.25", "0.5")),
        ((-20_000, 0, 20_000), (f"{MINUS}20k", "0", "20k")),
    ],
)
def test_an_axis_has_one_unit(values: tuple[float, ...], texts: tuple[str, ...]) -> None:
    assert ENGLISH.scale(values) == texts


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "0 min"),
        (0.3, "<1 min"),
        (45, "45 min"),
        (59.7, "1 h"),
        (200, "3 h 20 min"),
        (2880, "2 d"),
        (5884, "4 d 2 h"),
        (20_000_000, "13.9k d"),
        (-45, f"{MINUS}45 min"),
    ],
)
def test_durations_are_said_as_people_say_them(minutes: float, text: str) -> None:
    assert ENGLISH.written(minutes, Quantity.DURATION) == text


@pytest.mark.parametrize(
    ("minutes", "texts"),
    [
        ((0, 10, 20), ("0 min", "10 min", "20 min")),
        ((0, 120, 240), ("0 h", "2 h", "4 h")),
        ((0, 1440, 2880), ("0 d", "1 d", "2 d")),
        ((-60, 0, 60), (f"{MINUS}1 h", "0 h", "1 h")),
    ],
)
def test_an_axis_of_durations_has_one_unit(minutes: tuple[float, ...], texts: tuple[str, ...]) -> None:
    assert ENGLISH.scale(minutes, Quantity.DURATION) == texts


def test_shares_carry_their_sign() -> None:
    assert ENGLISH.written(38, Quantity.PERCENT) == "38%"
    assert ENGLISH.scale((0, 50, 100), Quantity.PERCENT) == ("0%", "50%", "100%")
