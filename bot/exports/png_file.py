"""A view's chart as a picture."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from io import BytesIO

from bot.exports.files import ExportFile
from bot.exports.order import Order
from bot.user_errors import Refusal
from texts import tr

_NARROWEST = 300
"""Pixels below which nobody can read a chart."""


async def png_file(order: Order) -> list[ExportFile]:
    """File of a view's chart; raises Refusal where there is none."""
    shown = await order.views.show(order.kind, order.scope, order.theme)
    if shown.png is None:
        raise Refusal(
            tr("There is no chart of this view now: try again, or take the figures as CSV or JSON.")
        )
    file = ExportFile(f"{order.stem}.png", shown.png, description=shown.words, packed=True)
    return [replace(file, smaller=partial(_halved, file))]


async def _halved(file: ExportFile) -> Sequence[ExportFile]:
    """The picture at half its width."""
    content = await asyncio.to_thread(_at_half_width, file.content)
    if content is None:
        return [replace(file, smaller=None)]
    half = replace(file, content=content)
    return [replace(half, smaller=partial(_halved, half))]


def _at_half_width(png: bytes) -> bytes | None:
    from PIL import Image  # noqa: PLC0415 - pictures are shrunk so rarely that the bot need not load it

    picture = Image.open(BytesIO(png)).convert("RGB")
    width, height = picture.width // 2, picture.height // 2
    if width < _NARROWEST:
        return None
    out = BytesIO()
    picture.resize((width, height), Image.Resampling.LANCZOS).quantize(256).save(out, "PNG", optimize=True)
    return out.getvalue()
