"""Rules that a test installs to make REST requests slow, refused, broken or limited."""

from __future__ import annotations

import asyncio
import re
import time
import zlib
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol

import msgspec
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Answer = Callable[[], Awaitable[web.StreamResponse]]

_MAJOR = re.compile(r"^/(?:channels|guilds|webhooks)/\d+")


class Effect(Protocol):
    """What happens to a request that a rule matches."""

    async def apply(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        """Return what the client gets; `answer` does what was asked for."""
        ...


@dataclass(frozen=True, slots=True)
class RateLimited:
    """Answer 429; without `retry_after_header` only the body says how long. `blocked`: Cloudflare's page."""

    retry_after: float = 0.1
    is_global: bool = False
    retry_after_header: bool = True
    blocked: bool = False

    async def apply(self, _request: web.Request, _answer: Answer) -> web.StreamResponse:
        if self.blocked:
            return web.Response(status=429, text="error code: 1015", content_type="text/plain")
        scope = "global" if self.is_global else "user"
        return too_many(self.retry_after, scope=scope, header=self.retry_after_header)


@dataclass(frozen=True, slots=True)
class Failing:
    """Answer with any status and Discord's error body."""

    status: int = 500
    code: int = 0
    message: str = "Internal Server Error"

    async def apply(self, _request: web.Request, _answer: Answer) -> web.StreamResponse:
        return error_response(self.status, self.code, self.message)


@dataclass(frozen=True, slots=True)
class Dropped:
    """Cut the connection; if `handled`, after the request had its effect, so that only the answer is lost."""

    handled: bool = False

    async def apply(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        made = await answer() if self.handled else web.Response(status=500)
        if isinstance(request.transport, asyncio.Transport):
            request.transport.abort()
        return made


@dataclass(slots=True, eq=False)
class Rule:
    """One effect on the next `times` (None: all) requests whose method and whole path match."""

    effect: Effect
    path: str = ".*"
    method: str | None = None
    times: int | None = 1
    hits: int = 0

    def takes(self, method: str, path: str) -> bool:
        """Return whether this request is one of the rule's, and count it."""
        if self.times is not None and self.hits >= self.times:
            return False
        if self.method not in {None, method} or re.fullmatch(self.path, path) is None:
            return False
        self.hits += 1
        return True


@dataclass(slots=True, eq=False)
class Bucket:
    """A rate limit as Discord's: `limit` requests in `per` seconds and channel, server or webhook.

    Every matching answer carries the X-RateLimit headers, except for the global bucket, which has none.
    """

    limit: int
    per: float
    path: str = ".*"
    method: str | None = None
    is_global: bool = False
    monotonic: Callable[[], float] = time.monotonic
    refused: int = 0
    _windows: dict[str, tuple[float, int]] = field(default_factory=dict)

    def take(self, method: str, path: str) -> tuple[dict[str, str], float | None] | None:
        """Use one request up.

        Returns None if it is not this bucket's; else the headers, and the seconds to wait if it is empty.
        """
        if self.method not in {None, method} or re.fullmatch(self.path, path) is None:
            return None
        major = _MAJOR.match(path)
        key = "" if self.is_global or major is None else major[0]
        now = self.monotonic()
        ends, used = self._windows.get(key, (0.0, 0))
        if now >= ends:
            ends, used = now + self.per, 0
        empty = used >= self.limit
        self._windows[key] = (ends, used + (not empty))
        self.refused += empty
        left = self.limit - used - (not empty)
        return self._headers(left, ends - now), (ends - now if empty else None)

    def _headers(self, left: int, seconds: float) -> dict[str, str]:
        if self.is_global:
            return {}
        return {
            "X-RateLimit-Bucket": f"{zlib.crc32(f'{self.method} {self.path}'.encode()):032x}",
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset": f"{time.time() + seconds:.3f}",
            "X-RateLimit-Reset-After": f"{seconds:.3f}",
        }


@dataclass(slots=True)
class Rules:
    """What is installed just now. Rules act in the order added, buckets before them."""

    rules: list[Rule] = field(default_factory=list)
    buckets: list[Bucket] = field(default_factory=list)

    def add(
        self, effect: Effect, *, path: str = ".*", method: str | None = None, times: int | None = 1
    ) -> Rule:
        """Install a rule; the path begins behind `/api/v10`."""
        rule = Rule(effect, path, method, times)
        self.rules.append(rule)
        return rule

    async def run(self, request: web.Request, path: str, answer: Answer) -> web.StreamResponse:
        """Return the request's answer, or what buckets and rules make of it."""
        headers: dict[str, str] = {}
        for bucket in self.buckets:
            taken = bucket.take(request.method, path)
            if taken is not None:
                headers |= taken[0]
                if taken[1] is not None:
                    answer = partial(_refuse, taken[1], "global" if bucket.is_global else "user")
                    break
        else:
            answer = partial(self._through, 0, request, path, answer)
        made = await answer()
        if not made.prepared:
            made.headers.update(headers)
        return made

    async def _through(
        self, start: int, request: web.Request, path: str, answer: Answer
    ) -> web.StreamResponse:
        """Let the next rule that takes the request act, and behind it the ones after."""
        for at, rule in enumerate(self.rules[start:], start=start + 1):
            if rule.takes(request.method, path):
                return await rule.effect.apply(request, partial(self._through, at, request, path, answer))
        return await answer()


async def _refuse(retry_after: float, scope: str) -> web.StreamResponse:
    return too_many(retry_after, scope=scope)


def json_response(data: object, status: int = 200) -> web.Response:
    """Return JSON under exactly the content type that discord.py looks for."""
    return web.Response(body=msgspec.json.encode(data), status=status, content_type="application/json")


def error_response(status: int, code: int, message: str) -> web.Response:
    """Return Discord's error object."""
    return json_response({"message": message, "code": code}, status)


def too_many(retry_after: float, *, scope: str, header: bool = True) -> web.Response:
    """Return a 429 as Discord words it."""
    body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": scope == "global"}
    answer = json_response(body, 429)
    # discord.py takes an answer without Via for Cloudflare's and does not try again.
    answer.headers["Via"] = "1.1 google"
    answer.headers["X-RateLimit-Scope"] = scope
    if scope == "global":
        answer.headers["X-RateLimit-Global"] = "true"
    if header:
        answer.headers["Retry-After"] = str(max(1, round(retry_after)))
    return answer
