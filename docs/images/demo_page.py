# ruff: noqa: INP001 - part of a script, no package
"""Drives the demo's page in a browser without a window, as a visitor does."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import FloatRect, Locator, Page, async_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
WIDTH, HEIGHT, PAGE_HEIGHT, MESSAGE_WIDTH = 1080, 2000, 1260, 590
SHARPNESS = 1.25
PATIENCE = 600
"""Tenths of a second in which an answer has to come."""
ONE = "one-message"
STYLE = f"""
.embed-field {{ align-self: start }}
.message-content {{ max-width: 480px }}
.{ONE} #channel-message-list > article:not(:last-of-type) {{ display: none }}
"""
"""Discord begins the fields of a row at one height. One message at a time needs no scrolling."""


@asynccontextmanager
async def browser(address: str) -> AsyncIterator["DemoPage"]:
    """Open the demo's page in a Chromium from the PATH, or Playwright's own."""
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=found, args=FLAGS)
        try:
            page = await chromium.new_page(
                viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SHARPNESS, bypass_csp=True
            )
            await page.goto(address)
            await page.get_by_text("Top channels").first.wait_for()
            await page.add_style_tag(content=STYLE)
            await page.evaluate(f"document.body.classList.add('{ONE}')")
            yield DemoPage(page)
        finally:
            await chromium.close()


class DemoPage:
    """The channel on the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.messages = page.locator("#channel-message-list")

    @property
    def last(self) -> Locator:
        """The latest message."""
        return self.messages.locator(":scope > article").last

    @property
    def form(self) -> Locator:
        """The form that is open."""
        return self.page.get_by_role("dialog")

    def menu(self, name: str) -> Locator:
        """The latest menu of that name."""
        return self.messages.get_by_role("combobox", name=name, exact=True).last

    async def run(self, command: str, options: dict[str, str] | None = None) -> None:
        """Type a command, fill its options, send it, and wait for the answer."""
        before = await self.last.get_attribute("data-message-id")
        await self.compose(command, options or {})
        await self.page.keyboard.press("Escape")
        await self.page.locator("#send-message").click()
        await self.settled(before)

    async def compose(self, command: str, options: dict[str, str]) -> None:
        """Type a command and its options, of which one that is suggested is taken from the suggestions."""
        await self.page.locator("#channel-composer-input").fill(f"/{command}")
        entry = self.page.locator(".command-entry").filter(
            has=self.page.get_by_text(f"/{command}", exact=True)
        )
        await entry.first.click()
        for name, value in options.items():
            await self._suggested(name).click()
            await self.page.keyboard.type(value)
            await asyncio.sleep(0.8)
            offered = self._suggested(value)
            if await offered.count():
                await offered.click()

    def _suggested(self, label: str) -> Locator:
        return (
            self.page.locator(".command-suggestion")
            .filter(has=self.page.get_by_text(label, exact=True))
            .first
        )

    async def press(self, label: str) -> None:
        """Press a button of the latest message that has it."""
        await self.messages.get_by_role("button", name=label, exact=True).last.click()
        await self.settled()

    async def open_menu(self, name: str) -> Locator:
        """Open a menu of the latest message that has it; returns the list."""
        menu = self.menu(name)
        await menu.focus()
        await self.page.keyboard.press("Enter")
        listed = self.page.locator(f'[id="{await menu.get_attribute("aria-controls")}"]')
        await listed.get_by_role("option").first.wait_for()
        return listed

    async def choose(self, name: str, option: str) -> None:
        """Choose an entry of a menu."""
        listed = await self.open_menu(name)
        await listed.get_by_role("option").filter(has_text=option).first.click()
        apply = self.messages.get_by_role("button", name="Apply", exact=True)
        if await apply.count():  # a menu in which more than one may be chosen
            await apply.last.click()
        await self.settled()

    async def submit(self) -> None:
        """Send the form that is open."""
        await self.form.get_by_role("button", name="Submit").click()
        await self.settled()

    async def settled(self, before: str | None = None) -> None:
        """Wait until the page is idle, and a message other than ``before`` is the latest.

        Raises TimeoutError: a picture of the answer before would pass for this one.
        """
        for _ in range(PATIENCE):
            await asyncio.sleep(0.1)
            busy = await self.page.locator("#preview-app").get_attribute("aria-busy")
            if busy != "true" and (
                before is None or await self.last.get_attribute("data-message-id") != before
            ):
                break
        else:
            raise TimeoutError("the page has not answered")
        await asyncio.sleep(0.5)

    async def refresh(self) -> None:
        """Show what has happened without the page."""
        await self.page.locator("#refresh").click()
        await self.settled()

    async def still(self) -> None:
        """Take the mouse away and wait until nothing moves any more."""
        await self.page.mouse.move(0, 0)
        await asyncio.sleep(0.5)
        await self.page.evaluate("window.dispatchEvent(new Event('resize'))")  # puts an open menu in place
        await asyncio.sleep(0.3)

    async def picture(self, *items: Locator, margin: float = 12.0) -> bytes:
        """A picture of what holds all items, with a margin, as far as the page goes."""
        await items[0].scroll_into_view_if_needed()
        await self.still()
        return await self.page.screenshot(clip=await around(*items, margin=margin))

    async def answer(self) -> bytes:
        """A picture of the latest message, without the room beside it."""
        await self.still()
        clip = await around(self.last, margin=0)
        clip["width"] = MESSAGE_WIDTH
        return await self.page.screenshot(clip=clip)

    async def whole(self) -> bytes:
        """A picture of the page with all its messages."""
        await self.page.evaluate(f"document.body.classList.remove('{ONE}')")
        await self.page.set_viewport_size({"width": WIDTH, "height": PAGE_HEIGHT})
        await self.still()
        png = await self.page.screenshot()
        await self.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        await self.page.evaluate(f"document.body.classList.add('{ONE}')")
        return png


async def around(*items: Locator, margin: float) -> FloatRect:
    """The rectangle that holds all items, with a margin, as far as the page goes."""
    boxes = [box for item in items if (box := await item.bounding_box()) is not None]
    left = max(0.0, min(box["x"] for box in boxes) - margin)
    top = max(0.0, min(box["y"] for box in boxes) - margin)
    right = min(float(WIDTH), max(box["x"] + box["width"] for box in boxes) + margin)
    bottom = min(float(HEIGHT), max(box["y"] + box["height"] for box in boxes) + margin)
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}
