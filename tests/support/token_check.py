"""The answers of Discord's API that tell about a token."""

import json
import time
from dataclasses import dataclass, field
from email.utils import formatdate

from aiohttp import web

from bot.doctor.discord_rest import PAGE
from tests.support.tokens import bot_token

TOKEN = bot_token(4321)


@dataclass
class Discord:
    """The four answers that a token check needs, and the requests it made."""

    flags: int = 0
    guilds: int = 0
    permissions: str = "8"
    status: int = 200
    clock_off: float = 0
    garbage: bool = False
    more: dict[str, object] = field(default_factory=lambda: {"new_field": {}})
    seen: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.seen.append(request.path_qs)
        if request.path == "/gateway":
            return self._json({"url": "wss://gateway.example"})
        if request.headers.get("Authorization") != f"Bot {TOKEN}":
            return self._json({"message": "401: Unauthorized"}, status=401)
        if request.path == "/applications/@me":
            return self._json({"id": "4321", "name": "Serverstats", "flags": self.flags, **self.more})
        after = int(request.query["after"])
        page = range(after + 1, min(self.guilds, after + PAGE) + 1)
        return self._json(
            [{"id": str(at), "name": f"server {at}", "permissions": self.permissions} for at in page]
        )

    def _json(self, body: object, status: int = 200) -> web.Response:
        text = "<html>" if self.garbage else json.dumps(body)
        date = formatdate(time.time() + self.clock_off, usegmt=True)
        headers = {"Date": date, "Retry-After": "7"}
        used = self.status if self.status != 200 else status
        return web.Response(text=text, status=used, headers=headers, content_type="application/json")
