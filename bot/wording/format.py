"""How cards and reports write numbers, changes, shares, days and names."""

import unicodedata
from datetime import datetime, timedelta

from analytics.charts.spoken import spoken_locale
from texts import LazyText, decimal, tr
from texts import percent as in_percent

UNKNOWN = LazyText("unknown")
IN_TIMES = 10
"""From how many times as much on it is said so: of 3,061% hardly anybody sees that it is 32 times."""
MAX_COMBINING = 3
"""Marks on one letter: enough for every script, too few to paint over the neighbours."""

_MINUS, _DASH, _MORE = "\N{MINUS SIGN}", "\N{EN DASH}", "\N{HORIZONTAL ELLIPSIS}"
_UP, _DOWN = "\N{BLACK UP-POINTING TRIANGLE}", "\N{BLACK DOWN-POINTING TRIANGLE}"
_FULL, _HALF, _EMPTY = "\N{FULL BLOCK}", "\N{LEFT HALF BLOCK}", "\N{MIDDLE DOT}"
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
_ISOLATE, _END_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_MARKDOWN = frozenset("\\`*_~|<>@#:/[]()")


def amount(value: int | None) -> str:
    """Write a count with thousands separators; None is unknown."""
    return str(UNKNOWN) if value is None else decimal(value)


def percent(part: float, whole: float) -> str:
    """Write a share; small ones get a decimal, and more than nothing is never 0%."""
    ratio = part / whole if whole else 0.0
    if 0 < ratio < 0.001:  # noqa: PLR2004 - what one decimal can still say
        return f"<{in_percent(0.001, 1)}"
    return in_percent(ratio, 1 if 0 < ratio < 0.0995 else 0)  # noqa: PLR2004 - two digits either way


def change(now: int, before: int | None) -> str:
    """Write how a count moved against the period before: arrow, percent, absolute."""
    if before is None:
        return tr("change unknown")
    if now == before:
        return tr("no change")
    arrow, sign = (_UP, "+") if now > before else (_DOWN, _MINUS)
    moved = amount(abs(now - before))
    if not before:
        return risen_from_0(arrow, moved)
    many = times(now, before)
    if many is not None:
        return tr("{arrow} {times} times as many ({moved})", arrow=arrow, times=many, moved=f"{sign}{moved}")
    return f"{arrow} {percent(abs(now - before), before)} ({sign}{moved})"


def times(now: float, before: float) -> str | None:
    """Write how many times as much something is, where a percentage would hide it; otherwise None."""
    return decimal(round(now / before)) if before > 0 and now / before >= IN_TIMES else None


def risen_from_0(arrow: str, moved: str) -> str:
    """Write a change that has no share."""
    return tr("{arrow} {moved}, from 0", arrow=arrow, moved=moved)


def bar(part: float, whole: float, cells: int = 10) -> str:
    """Draw a share as a bar of fixed width, in halves of a cell; more than nothing shows at least one."""
    filled = min(1.0, part / whole) if whole > 0 else 0.0
    halves = max(round(filled * cells * 2), 1 if filled > 0 else 0)
    drawn = _FULL * (halves // 2) + _HALF * (halves % 2)
    return drawn.ljust(cells, _EMPTY)


def date(moment: datetime) -> str:
    """Name the day of a clock reading."""
    return tr("{day} {month} {year}", day=moment.day, month=month(moment), year=moment.year)


def month(moment: datetime) -> str:
    """Name the month of a clock reading, in short."""
    return spoken_locale().months[moment.month - 1]


def days(start: datetime, stop: datetime, *, running: bool = False) -> str:
    """Name the half-open period between two readings of the server's clock; a running hour has no end yet."""
    if (start.hour, start.minute) != (0, 0):
        begin = f"{date(start)}, {start:%H:%M}"
        if running:
            return tr("Since {begin}", begin=begin)
        return f"{begin} {_DASH} {date(stop)}, {stop:%H:%M}"
    last = max(stop - timedelta(microseconds=1), start)
    named = date(start)
    if start.date() != last.date():
        named = f"{named.removesuffix(f' {last.year}')} {_DASH} {date(last)}"
    if (stop.hour, stop.minute) == (0, 0):
        return named
    return tr("{days}, up to {time}", days=named, time=f"{stop:%H:%M}")


def discord_time(moment: datetime, style: str = "R") -> str:
    """Write an instant so that Discord shows it in each reader's own language: how long ago it was.

    A date would be that of the reader's time zone, which need not be the server's.
    """
    return f"<t:{int(moment.timestamp())}:{style}>"


def plain(name: str, limit: int) -> str:
    """Make a name safe where Discord renders no markdown: one line, no control characters, not too long."""
    kept = " ".join(_tame(" ".join(name.split())).split())
    if len(kept) > limit:
        kept = kept[: limit - 1].rstrip(_JOINERS + " ") + _MORE
    return kept


def escaped(name: str, limit: int) -> str:
    """Make a name safe where Discord renders markdown and mentions; reads as it was, in its own direction."""
    return _isolated("".join(f"\\{mark}" if mark in _MARKDOWN else mark for mark in plain(name, limit)))


def bare(name: str, limit: int) -> str:
    """Make a name safe in a sentence that stands on paper, too: without what Discord would render."""
    return _isolated(" ".join("".join(_plainer(mark) for mark in plain(name, limit)).split()))


def _plainer(mark: str) -> str:
    return " " if mark in _MARKDOWN else mark


def _isolated(text: str) -> str:
    mixed = any(unicodedata.bidirectional(mark) in ("R", "AL", "AN") for mark in text)
    return f"{_ISOLATE}{text}{_END_ISOLATE}" if mixed else text


def _tame(text: str) -> str:
    kept: list[str] = []
    combining = 0
    for mark in text:
        category = unicodedata.category(mark)
        combining = combining + 1 if category in ("Mn", "Me") else 0
        if combining > MAX_COMBINING or (category in ("Cc", "Cf", "Cs", "Zl", "Zp") and mark not in _JOINERS):
            continue
        kept.append(mark)
    return "".join(kept)
