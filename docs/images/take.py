# ruff: noqa: INP001 - a script, no package
"""Take the pictures of the README and the docs again, from the demo.

Needs the extra ``pictures`` and Chromium: one on the PATH or Playwright's (``playwright install chromium``).
Run it from anywhere: ``python docs/images/take.py``, or with the names of a few commands to take only these.
"""

import asyncio
import sys
import tempfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from demo_page import DemoPage, browser
from PIL import Image

from analytics.charts.spec import Theme
from analytics.timeframes import DEFAULT
from bot.app import open_charts
from bot.clock import SystemClock
from bot.db.reader import Reader
from bot.demo.demo import Demo, open_demo
from bot.demo.made_up import GUILD, ZONE
from bot.demo.scene import Wish, demo_settings
from bot.opening import open_database
from bot.views.registry import VIEWS
from bot.views.scope import Scope

HERE = Path(__file__).parent
RANGE = "2026-09-01..2026-10-31"
WARN, WARNINGS = "Record warning", "Warnings of this member"
QUALITY = 82
COLOURS = 255


@dataclass(frozen=True, slots=True)
class Shot:
    """A command with its options, and what is done with the answer before the picture is taken.

    ``name``: of a picture besides that of the command.
    """

    command: str
    options: dict[str, str] = field(default_factory=dict)
    choices: tuple[tuple[str, str], ...] = ()
    name: str = ""

    @property
    def file(self) -> str:
        """Name of the picture."""
        name = self.name or f"commands/{self.command.lower().replace(' ', '-')}"
        return f"{name}.webp"

    async def take(self, demo: Demo, page: DemoPage) -> bytes:  # noqa: ARG002 - as every way to a picture
        """Use the command on the page."""
        await page.run(self.command, self.options)
        for menu, option in self.choices:
            await page.choose(menu, option)
        return await page.answer()


SHOTS = (
    Shot("serverstats overview"),
    Shot("serverstats members"),
    Shot("serverstats activity", {"type": "Hours"}),
    Shot("serverstats activity", {"type": "Sentiment"}, name="sentiment"),
    Shot("serverstats channels", {"category": "Answers"}),
    Shot("serverstats trends", {"timeframe": "90d"}),
    Shot("leaderboard", {"metric": "Time in voice"}),
    Shot("activity analyze member", {"user": "tomte"}),
    Shot("activity analyze channel", {"channel": "shaders"}),
    Shot("activity analyze comparative"),
    Shot("activity analyze comparative", {"server": "Studio Leuchtturm"}, name="servers-compared"),
    Shot("me"),
    Shot("privacy show"),
    Shot("admin settings"),
    Shot("admin counting", choices=(("Channels to exclude, threads included", "off-topic"),)),
    Shot("admin agreements"),
    Shot("admin history"),
    Shot("admin audit"),
    Shot("privacy opt-out"),
    Shot("privacy opt-in"),
    Shot("privacy erase"),
)


class Quiet:
    """Tells nobody how the start goes."""

    def begin(self, title: str, total: int | None = None) -> None:
        """A step begins."""

    def advance(self, done: int) -> None:
        """So much is done."""


async def main(wanted: list[str]) -> None:
    """Take the pictures of the commands that are named, or all."""
    with tempfile.TemporaryDirectory(prefix="serverstats-pictures-") as name:
        root = Path(name) / "demo"
        wish = Wish(keep_in=root, chatty=False)
        async with open_demo(wish, SystemClock(), Quiet()) as demo, browser(demo.url) as page:
            if not wanted:
                await take_page(page)
            for shot in SHOTS:
                if not wanted or shot.command in wanted:
                    keep(shot.file, await shot.take(demo, page))
            for command in (WARN, WARNINGS):
                if not wanted or command in wanted:
                    keep(Shot(command).file, await use_menu(demo, page, command))
        if not wanted:
            await draw_charts(root)


async def use_menu(demo: Demo, page: DemoPage, command: str) -> bytes:
    """Use a command of the context menu, which the page does not have, on a member."""
    scene = demo.scene
    await scene.stage.use_on(scene.viewers[1], scene.room, command)
    await page.refresh()
    if command != WARN:
        return await page.answer()
    png = await page.picture(page.form)
    await page.submit()
    return png


async def take_page(page: DemoPage) -> None:
    """Take the page, its menu and its form."""
    keep("demo.webp", await page.whole())
    listed = await page.open_menu("Timeframe")
    keep("menu.webp", await page.picture(listed.locator("xpath=.."), page.menu("Timeframe")))
    await page.page.keyboard.press("Escape")
    await page.press("Custom range…")
    await page.form.get_by_role("textbox").fill(RANGE)
    await page.form.get_by_role("textbox").blur()  # its frame would be cut off
    keep("modal.webp", await page.picture(page.form))
    await page.submit()


async def draw_charts(root: Path) -> None:
    """Draw the overview's chart in both themes, from what the demo has counted."""
    settings = demo_settings(root, ZONE)
    view = VIEWS["overview"]
    async with open_database(settings) as opened, open_charts(settings) as charts:
        result = await view.load(Reader(opened.db), Scope(GUILD, DEFAULT, SystemClock().now_ms()))
        for theme in (Theme.DARK, Theme.LIGHT):
            png = await charts.draw(view.chart(result, theme))
            picture = Image.open(BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            picture.save(HERE / f"overview-chart-{theme.name.lower()}.png", optimize=True)


def keep(name: str, png: bytes) -> None:
    """Write a picture as WebP, which is a quarter of the size."""
    file = HERE / name
    file.parent.mkdir(exist_ok=True)
    Image.open(BytesIO(png)).convert("RGB").save(file, "WEBP", quality=QUALITY, method=6)
    sys.stdout.write(f"{name} {file.stat().st_size / 1000:.0f} kB\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
