"""The forms in which a view can be taken away, one row each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bot.exports.csv_files import csv_files
from bot.exports.files import ExportFile
from bot.exports.json_file import json_file
from bot.user_errors import Refusal
from schemas.results.board import Board
from texts import LazyText, tr


@dataclass(frozen=True, slots=True)
class Material:
    """What an export is made of."""

    board: Board
    png: bytes | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """``draws``: the chart is needed."""

    title: LazyText
    make: Callable[[Material], Sequence[ExportFile]]
    draws: bool = False


def _csv(material: Material) -> Sequence[ExportFile]:
    return csv_files(material.board)


def _json(material: Material) -> Sequence[ExportFile]:
    return [json_file(material.board)]


def _png(material: Material) -> Sequence[ExportFile]:
    if material.png is None:
        raise Refusal(
            tr("There is no chart of this view now: try again, or take the figures as CSV or JSON.")
        )
    return [ExportFile(f"{material.board.kind.replace('/', '-')}.png", material.png)]


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "csv": Format(LazyText("CSV tables"), _csv),
        "json": Format(LazyText("JSON"), _json),
        "png": Format(LazyText("Chart (PNG)"), _png, draws=True),
    }
)
