# ruff: noqa: INP001 - a script, no package
"""Take the pictures of the README and the docs again, from the demo.

Needs the extra ``pictures`` and Chromium: one on the PATH or Playwright's (``playwright install chromium``).
Run it from anywhere: ``python docs/images/take.py``.
"""

import asyncio
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import FloatRect, Locator, Page, async_playwright

from analytics.charts.spec import Theme
from analytics.timeframes import DEFAULT
from bot.app import open_charts, open_database
from bot.clock import SystemClock
from bot.db.reader import Reader
from bot.demo.made_up import GUILD, ZONE
from bot.demo.scene import demo_settings
from bot.views.registry import VIEWS
from bot.views.scope import Scope

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
WIDTH, HEIGHT = 1080, 1400
SHARPNESS = 1.5
COLOURS = 255


async def main() -> None:
    """Take every picture."""
    with tempfile.TemporaryDirectory(prefix="serverstats-pictures-") as name:
        root = Path(name) / "demo"
        with demo(root) as address:
            async with browser() as page:
                await page.goto(address)
                await page.get_by_text("Top channels").wait_for()
                await asyncio.sleep(1)  # the page scrolls to the card once the chart has its size
                await take_page(page)
        await draw_charts(root)


@contextmanager
def demo(root: Path) -> Iterator[str]:
    """Run the demo in a folder; yields the address of its page."""
    command = [sys.executable, "-c", "from bot.cli import main; main()", "demo", "--quiet", "--data-dir"]
    with subprocess.Popen(  # noqa: S603 - fixed argv, no shell
        [*command, str(root)], cwd=HERE.parents[1], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield next(line.strip() for line in process.stdout or () if line.startswith("http://"))
        finally:
            process.send_signal(signal.SIGINT)


@asynccontextmanager
async def browser() -> AsyncIterator[Page]:
    """Open a browser without a window."""
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=found, args=FLAGS)
        try:
            yield await chromium.new_page(
                viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SHARPNESS
            )
        finally:
            await chromium.close()


async def take_page(page: Page) -> None:
    """Take the page, the card, its menu and its form."""
    messages = page.locator("#channel-message-list")
    cards = messages.get_by_role("article").filter(has=page.get_by_role("figure"))
    menu = messages.get_by_role("combobox")
    keep("demo.png", await page.screenshot())

    message, embed = await around(cards.first, margin=0), await around(cards.last)
    message["width"] = embed["x"] + embed["width"] - message["x"]
    keep("overview.png", await page.screenshot(clip=message))

    await menu.focus()
    await page.keyboard.press("Enter")
    options = messages.get_by_role("option")
    await options.first.wait_for()
    await still(page)
    opened = await around(messages.get_by_role("listbox"), menu, margin=10)
    keep("menu.png", await page.screenshot(clip=opened))
    await page.keyboard.press("Escape")

    await page.get_by_role("button", name="Custom range…").click()
    form = page.get_by_role("dialog")
    await form.get_by_role("textbox").fill("2026-01-15..2026-02-01")
    await form.get_by_role("textbox").blur()  # its frame would be cut off
    await still(page)
    keep("modal.png", await page.screenshot(clip=await around(form)))


async def still(page: Page) -> None:
    """Take the mouse away and wait until nothing moves any more."""
    await page.mouse.move(0, 0)
    await asyncio.sleep(0.7)
    await page.evaluate("window.dispatchEvent(new Event('resize'))")  # puts an open menu where it belongs
    await asyncio.sleep(0.3)


async def around(*items: Locator, margin: float = 24.0) -> FloatRect:
    """The rectangle that holds all items, with a margin, as far as the page goes."""
    boxes = [box for item in items if (box := await item.bounding_box()) is not None]
    left = max(0.0, min(box["x"] for box in boxes) - margin)
    top = max(0.0, min(box["y"] for box in boxes) - margin)
    right = min(float(WIDTH), max(box["x"] + box["width"] for box in boxes) + margin)
    bottom = min(float(HEIGHT), max(box["y"] + box["height"] for box in boxes) + margin)
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


async def draw_charts(root: Path) -> None:
    """Draw the overview's chart in both themes, from what the demo has counted."""
    settings = demo_settings(root, ZONE)
    view = VIEWS["overview"]
    async with open_database(settings) as opened, open_charts(settings) as charts:
        result = await view.load(Reader(opened.db), Scope(GUILD, DEFAULT, SystemClock().now_ms()))
        for theme in (Theme.DARK, Theme.LIGHT):
            keep(f"overview-chart-{theme.name.lower()}.png", await charts.draw(view.chart(result, theme)))


def keep(name: str, png: bytes) -> None:
    """Write a picture with a palette, which is a quarter of the size."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(HERE / name, optimize=True)
    sys.stdout.write(f"{name} {(HERE / name).stat().st_size // 1000} kB\n")


if __name__ == "__main__":
    asyncio.run(main())
