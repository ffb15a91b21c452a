"""The forms in which a view can be taken away, one row each."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bot.exports.csv_files import csv_files
from bot.exports.files import ExportFile
from bot.exports.json_file import json_file
from bot.exports.order import Order
from bot.exports.pdf_file import group_file, pdf_file
from bot.exports.png_file import png_file
from texts import LazyText


@dataclass(frozen=True, slots=True)
class Format:
    """``of_group``: it is of all views of a command, and offered where there is more than one."""

    title: LazyText
    make: Callable[[Order], Awaitable[Sequence[ExportFile]]]
    of_group: bool = False


async def _csv(order: Order) -> Sequence[ExportFile]:
    return csv_files(await order.views.board(order.kind, order.scope))


async def _json(order: Order) -> Sequence[ExportFile]:
    return [json_file(await order.views.board(order.kind, order.scope))]


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "csv": Format(LazyText("CSV tables"), _csv),
        "json": Format(LazyText("JSON"), _json),
        "png": Format(LazyText("Chart (PNG)"), png_file),
        "pdf": Format(LazyText("Report (PDF)"), pdf_file),
        "group": Format(LazyText("Report of all views of this command (PDF)"), group_file, of_group=True),
    }
)
