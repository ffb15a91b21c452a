"""Numbers with the marks of the language in force."""

from texts.language import spoken

MINUS = "\N{MINUS SIGN}"


def percent(share: float, decimals: int = 0) -> str:
    """Write a share of 1 in percent, with the sign where the language has it: 12% or 12 %."""
    return spoken().percent.format(number=decimal(share * 100, decimals))


def decimal(value: float, decimals: int = 0) -> str:
    """Write a number with separators and a fixed number of decimals: 1,234.5 or 1.234,5."""
    language = spoken()
    marks = {",": language.thousands, ".": language.decimal, "-": MINUS}
    return "".join(marks.get(mark, mark) for mark in f"{value:,.{decimals}f}")
