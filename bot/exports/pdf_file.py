"""A view, or all views of a command, as a report on paper."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from msgspec import structs

from analytics.charts.report.spec import ReportSpec, Section
from analytics.charts.spec import Theme
from bot.exports.files import ExportFile
from bot.exports.order import Order
from bot.exports.report import report_of
from bot.views.service import ViewService


async def pdf_file(order: Order) -> list[ExportFile]:
    """Report of the view."""
    return await _report(order, (order.kind,), f"{order.stem}.pdf")


async def group_file(order: Order) -> list[ExportFile]:
    """Report of all views of its command."""
    return await _report(order, order.group, f"{order.kind.partition('/')[0]}-report.pdf")


async def _report(order: Order, kinds: Sequence[str], name: str) -> list[ExportFile]:
    # One after the other: a report is in no hurry, and the database has others to answer.
    described = [await order.views.describe(kind, order.scope_of(kind), Theme.LIGHT) for kind in kinds]
    return [await _printed(order.views, report_of(described, order.scope.now_ms), name)]


async def _printed(views: ViewService, spec: ReportSpec, name: str) -> ExportFile:
    file = ExportFile(name, await views.print_report(spec), packed=True)
    return replace(file, smaller=partial(_in_parts, views, spec, file)) if _can_be_split(spec) else file


async def _in_parts(views: ViewService, spec: ReportSpec, file: ExportFile) -> Sequence[ExportFile]:
    """Two reports: each has half of the sections, or of the tables of the only one."""
    return [
        await _printed(views, structs.replace(spec, sections=sections), file.numbered(number))
        for number, sections in enumerate(_halves(spec.sections), 1)
    ]


def _can_be_split(spec: ReportSpec) -> bool:
    return len(spec.sections) > 1 or any(_weight(section) > 1 for section in spec.sections)


def _weight(section: Section) -> int:
    return len(section.tables) + (section.chart is not None or bool(section.facts))


def _halves(sections: tuple[Section, ...]) -> Sequence[tuple[Section, ...]]:
    if len(sections) > 1:
        middle = len(sections) // 2
        return sections[:middle], sections[middle:]
    (section,) = sections
    middle = len(section.tables) // 2
    first = structs.replace(section, tables=section.tables[:middle])
    return (first,), (Section(title=section.title, tables=section.tables[middle:]),)
