"""Message bodies as clients send them: JSON, or a form with `payload_json` and files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

from tests.support.discord_server.exchange import SentFile

if TYPE_CHECKING:
    from tests.support.discord_server.payloads import Json


@dataclass(frozen=True, slots=True)
class Body:
    """What a request said."""

    data: Json
    files: list[SentFile]


async def read_message(request: web.Request) -> Body:
    """Return the request's message. Raises msgspec.DecodeError if it is no JSON object."""
    if not request.content_type.startswith("multipart/"):
        return Body(_object(await request.read()), [])
    form = await request.post()
    files = [
        SentFile(each.filename, each.content_type, each.file.read())
        for each in form.values()
        if isinstance(each, web.FileField)
    ]
    text = form.get("payload_json")
    return Body(_object(text.encode() if isinstance(text, str) else b"{}"), files)


def _object(raw: bytes) -> Json:
    made: Json = msgspec.json.decode(raw or b"{}", type=dict)
    return made
