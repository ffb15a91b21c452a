"""The demo's page, driven over its own protocol as a browser does it: each command, the main controls."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession

from bot.clock import SystemClock
from bot.demo.demo import open_demo
from bot.demo.scene import Wish

PROTOCOL = 3
Json = dict[str, Any]


class Silent:
    """Tells nobody how the start goes."""

    def begin(self, title: str, total: int | None = None) -> None:
        assert title or total

    def advance(self, done: int) -> None:
        assert done >= 0


class Page:
    """A visitor's page."""

    def __init__(self, session: ClientSession, address: str, snapshot: Json) -> None:
        self._session = session
        self._address = address
        self._sequence = 0
        self.snapshot = snapshot

    async def get(self, path: str) -> Json:
        async with self._session.get(f"{self._address}/api/{path}", headers=self._headers) as answer:
            found: Json = await answer.json()
        return found

    @property
    def _headers(self) -> dict[str, str]:
        return {"X-Simcord-Context": self.snapshot["context"]["id"]}

    async def act(self, kind: str, **what: object) -> Json:
        """Do something; the answer has to be settled without a fault."""
        self._sequence += 1
        body = {
            "protocol_version": PROTOCOL,
            "sequence": self._sequence,
            "request_id": f"r{self._sequence}",
            "generation": self.snapshot["context"]["generation"],
            "bot_generation": self.snapshot["botGeneration"],
            "published_revision": self.snapshot["publishedRevision"],
            "kind": kind,
            **what,
        }
        url = f"{self._address}/api/action"
        async with self._session.post(url, json=body, headers=self._headers) as answer:
            done: Json = await answer.json()
        assert done["settlement"] == "settled", (kind, what, done)
        self.snapshot = await self.get("state")
        return done

    @property
    def last(self) -> Json:
        """The latest message."""
        messages: dict[str, Json] = self.snapshot["messages"]
        return messages[max(messages, key=int)]


@asynccontextmanager
async def visited(days: int) -> AsyncIterator[Page]:
    async with open_demo(Wish(days=days, chatty=False), SystemClock(), Silent()) as demo:
        address, capability = demo.url.split("/#")
        async with ClientSession(headers={"X-Simcord-Capability": capability}) as session:
            async with session.post(f"{address}/api/pages", json={}) as answer:
                snapshot = await answer.json()
            yield Page(session, address, snapshot)


def controls(message: Json) -> dict[str, Json]:
    """Buttons by label and menus by placeholder."""
    found: dict[str, Json] = {}

    def walk(value: object) -> None:
        if isinstance(value, dict):
            name = value.get("label") or value.get("placeholder")
            if name and value.get("control_key"):
                found[name] = value
            for each in value.values():
                walk(each)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    walk(message["components"])
    return found


async def test_every_command_and_control_of_the_page_answers() -> None:
    async with visited(days=3) as page:
        catalog = await page.get("commands")
        entries = {entry["invocation"]: entry for entry in catalog["entries"]}
        assert {"serverstats overview", "leaderboard", "me", "admin audit", "privacy erase"} <= set(entries)
        for name, entry in entries.items():
            required = [option["name"] for option in entry["options"] if option["required"]]
            if required:
                continue
            before = page.last["id"]
            await page.act(
                "run_command",
                command_id=entry["commandId"],
                path=entry["path"],
                schema_fingerprint=entry["schemaFingerprint"],
                options={},
            )
            answer = page.last
            assert answer["id"] != before, name
            assert answer["embeds"] or answer["content"], name
            assert "reference" not in json.dumps(answer), name

        overview = entries["serverstats overview"]
        offered = await page.act(
            "autocomplete_command",
            command_id=overview["commandId"],
            path=overview["path"],
            schema_fingerprint=overview["schemaFingerprint"],
            options={},
            focused="timeframe",
            value="last",
        )
        assert "last month" in [choice["value"] for choice in offered["result"]["choices"]]

        await page.act(
            "run_command",
            command_id=overview["commandId"],
            path=overview["path"],
            schema_fingerprint=overview["schemaFingerprint"],
            options={"timeframe": "24h"},
        )
        card = page.last["id"]
        for label in ("Table", "Chart", "Compare: on", "Refresh"):
            await page.act("click", target_id=card, control_key=controls(page.last)[label]["control_key"])
            assert page.last["id"] == card
            assert page.last["embeds"], label

        menu = controls(page.last)["Timeframe"]["control_key"]
        await page.act("select", target_id=card, control_key=menu, values=["7d"])
        assert page.last["embeds"][0]["footer"]["text"].startswith("7 days")
        await page.act(
            "click", target_id=card, control_key=controls(page.last)["Custom range…"]["control_key"]
        )
        modal = page.snapshot["modal"]
        await page.act("modal_submit", modal_handle=modal["handle"], values={"range": "14d"})
        assert page.last["embeds"][0]["footer"]["text"].startswith("14 days")
