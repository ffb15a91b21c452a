"""What a report on paper holds, as plain values: its texts are written out, its charts described."""

from datetime import datetime

import msgspec


class Words(msgspec.Struct, frozen=True, omit_defaults=True):
    """The few words a report says itself; the defaults are English."""

    page: str = "Page {page} of {pages}"
    contents: str = "Contents"
    continued: str = "{title} (continued)"
    empty: str = "No rows."
    rows_left_out: str = "Rows left out here: {count}. The exports as CSV and JSON hold all of them."
    tables_left_out: str = "Left out for want of room: {titles}. The exports as CSV and JSON hold all tables."


class Fact(msgspec.Struct, frozen=True, omit_defaults=True):
    """One number with its name, and what is to be said of it, a line each."""

    name: str
    value: str
    remarks: tuple[str, ...] = ()


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    """A column's head; numbers stand at its right edge."""

    title: str
    numeric: bool = False


class Table(msgspec.Struct, frozen=True, omit_defaults=True):
    """Rows of as many texts as there are columns."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


class Section(msgspec.Struct, frozen=True, omit_defaults=True):
    """One view. ``chart`` is a description as ``analytics.charts.wire.encode_spec`` writes it."""

    title: str
    facts: tuple[Fact, ...] = ()
    chart: bytes | None = None
    notes: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


class ReportSpec(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="report"
):
    """A report of one or more sections.

    ``about`` says below the server's name what period is meant, ``footer`` stands on every page, ``made`` is
    when it was made, with its time zone. Names may be in any script.
    """

    title: str
    server: str
    about: tuple[str, ...]
    footer: str
    made: datetime
    sections: tuple[Section, ...]
    words: Words = Words()
