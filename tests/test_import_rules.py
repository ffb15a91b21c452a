"""The rules of the architecture, held against the syntax tree of every file."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAY_IMPORT: Mapping[str, frozenset[str]] = {
    "schemas": frozenset(),
    "texts": frozenset(),
    "analytics": frozenset({"schemas", "texts"}),
    "bot": frozenset({"schemas", "texts", "analytics"}),
    "cogs": frozenset({"schemas", "texts", "analytics", "bot"}),
}
OURS = frozenset(MAY_IMPORT) | {"tests", "benchmarks"}

SEEN_ONLY_BY: Mapping[str, tuple[str, ...]] = {
    "motor": ("bot/db/",),
    "pymongo": ("bot/db/",),
    "bson": ("bot/db/",),
    "gridfs": ("bot/db/",),
    "httpx": ("bot/connectors/", "bot/delivery/"),
    "aiohttp": ("bot/client.py", "bot/doctor/discord_rest.py", "cogs/history/source.py", "cogs/members/"),
    "requests": (),
    "matplotlib": ("analytics/charts/",),
    "discord": ("cogs/", "bot/client.py", "bot/demo/stage.py"),
    "simcord": ("bot/demo/stage.py",),
    "apscheduler": ("bot/jobs/",),
    "typer": ("bot/cli/",),
    "rich": ("bot/cli/",),
    "babel": ("texts/",),
}

IMPURE = frozenset(
    {"asyncio", "socket", "ssl", "http", "urllib.request", "time", "subprocess", "random", "secrets"}
)
"""What analytics, numbers in and numbers out, has no use for."""

CLOCK_READINGS = frozenset(
    {
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "date.today",
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.date.today",
        "time.time",
        "time.time_ns",
        "discord.utils.utcnow",
        "utcnow",
    }
)
CLOCK = "bot/clock.py"


@dataclass(frozen=True)
class Source:
    path: str
    tree: ast.Module

    @property
    def package(self) -> str:
        return self.path.split("/", maxsplit=1)[0]


def sources() -> list[Source]:
    files = (file for package in MAY_IMPORT for file in sorted((ROOT / package).rglob("*.py")))
    return [
        Source(file.relative_to(ROOT).as_posix(), ast.parse(file.read_bytes(), file.name)) for file in files
    ]


def imports(source: Source) -> Iterator[tuple[int, str]]:
    """Line and absolute name of every module imported, wherever in the file."""
    parents = source.path.removesuffix(".py").split("/")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(parents[: -node.level]) + "." if node.level else ""
            module = base + (node.module or "")
            yield node.lineno, module
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def wrong_layer(source: Source) -> Iterator[str]:
    allowed = MAY_IMPORT[source.package] | {source.package}
    for line, module in imports(source):
        top = module.split(".")[0]
        if top in OURS and top not in allowed:
            yield f"{source.path}:{line} {source.package} may not import {top}"


def wrong_library(source: Source) -> Iterator[str]:
    for line, module in imports(source):
        places = SEEN_ONLY_BY.get(module.split(".")[0])
        if places is not None and not source.path.startswith(places):
            yield f"{source.path}:{line} only {', '.join(places) or 'nobody'} may import {module}"


def impure_analytics(source: Source) -> Iterator[str]:
    if source.package not in {"analytics", "schemas"}:
        return
    for line, module in imports(source):
        if module in IMPURE or module.split(".")[0] in IMPURE:
            yield f"{source.path}:{line} {source.package} may not import {module}"


def reads_the_clock(source: Source) -> Iterator[str]:
    if source.path == CLOCK:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CLOCK_READINGS:
            yield f"{source.path}:{node.lineno} {ast.unparse(node.func)}() reads no injected clock"


def uses_global(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Global):
            yield f"{source.path}:{node.lineno} global {', '.join(node.names)}"


def works_at_import(source: Source) -> Iterator[str]:
    yield from (f"{source.path}:{node.lineno} runs at import" for node in _statements(source.tree.body))


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements of a module that do more than define something."""
    for node in body:
        match node:
            case (
                ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef()
            ):
                pass
            case ast.Assign() | ast.AnnAssign():
                if any(_opens_something(call) for call in ast.walk(node) if isinstance(call, ast.Call)):
                    yield node
            case ast.Expr(value=ast.Constant(value=str())):
                pass
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
                pass
            case ast.If():
                yield from _statements(node.body + node.orelse)
            case ast.Try(
                handlers=[ast.ExceptHandler(type=ast.Name(id="ImportError" | "ModuleNotFoundError"))]
            ):
                yield from _statements(node.body + node.handlers[0].body + node.orelse)
            case _:
                yield node


def _opens_something(call: ast.Call) -> bool:
    """Whether a call touches files, processes, the network or the environment."""
    name = ast.unparse(call.func)
    last = name.rsplit(".", maxsplit=1)[-1]
    return (
        last
        in {
            "open",
            "connect",
            "run",
            "Popen",
            "getenv",
            "exists",
            "stat",
            "mkdir",
            "urlopen",
            "Thread",
            "Lock",
        }
        or last.startswith(("read_", "write_"))
        or last.endswith(("Client", "Session", "Scheduler", "Pool", "Executor"))
        or name.startswith(("os.environ", "subprocess.", "socket."))
    )


RULES: tuple[Callable[[Source], Iterator[str]], ...] = (
    wrong_layer,
    wrong_library,
    impure_analytics,
    reads_the_clock,
    uses_global,
    works_at_import,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_file_keeps_the_rule(rule: Callable[[Source], Iterator[str]]) -> None:
    found = sources()
    assert {source.package for source in found} == set(MAY_IMPORT)
    assert [wrong for source in found for wrong in rule(source)] == []


@pytest.mark.parametrize(
    ("rule", "path", "code"),
    [
        (wrong_layer, "bot/app.py", "import cogs.cards"),
        (wrong_layer, "bot/app.py", "from cogs import cards"),
        (wrong_layer, "bot/app.py", "def f():\n    from cogs.cards import card"),
        (wrong_layer, "schemas/a.py", "from analytics import timeframes"),
        (wrong_layer, "schemas/a.py", "from texts import tr"),
        (wrong_layer, "texts/a.py", "from schemas.results import board"),
        (wrong_layer, "analytics/a.py", "if TYPE_CHECKING:\n    import bot.clock"),
        (wrong_layer, "cogs/a.py", "from tests.support import x"),
        (wrong_library, "bot/ingest/a.py", "from bson import ObjectId"),
        (wrong_library, "bot/app.py", "import discord.ext.commands"),
        (wrong_library, "bot/db/a.py", "import httpx"),
        (wrong_library, "analytics/a.py", "import matplotlib.pyplot as plt"),
        (impure_analytics, "analytics/a.py", "import asyncio"),
        (impure_analytics, "analytics/a.py", "from time import time"),
        (reads_the_clock, "bot/a.py", "import time\nx = lambda: time.time()"),
        (reads_the_clock, "cogs/a.py", "def f():\n    return datetime.now(UTC)"),
        (uses_global, "bot/a.py", "def f():\n    global x\n    x = 1"),
        (works_at_import, "bot/a.py", "print('hello')"),
        (works_at_import, "bot/a.py", "for x in range(3):\n    y = x"),
        (works_at_import, "bot/a.py", "CLIENT = AsyncIOMotorClient()"),
        (works_at_import, "bot/a.py", "TEXT = Path('x').read_text()"),
        (works_at_import, "bot/a.py", "if sys.platform == 'win32':\n    setup()"),
    ],
)
def test_a_breach_is_seen(rule: Callable[[Source], Iterator[str]], path: str, code: str) -> None:
    assert list(rule(Source(path, ast.parse(code))))


@pytest.mark.parametrize(
    ("rule", "path", "code"),
    [
        (wrong_layer, "cogs/a.py", "from bot.app import x\nfrom cogs import cards\nimport schemas"),
        (wrong_layer, "bot/a/b.py", "from . import c\nfrom ..clock import Clock"),
        (wrong_library, "bot/db/a.py", "import pymongo\nfrom bson import Int64"),
        (wrong_library, "bot/client.py", "import discord"),
        (reads_the_clock, CLOCK, "def f():\n    return time.time()"),
        (reads_the_clock, "bot/a.py", "def f():\n    return time.monotonic()"),
        (
            works_at_import,
            "bot/a.py",
            '"""Doc."""\nX = re.compile("x")\nif __name__ == "__main__":\n    main()',
        ),
        (works_at_import, "bot/a.py", "try:\n    import uvloop\nexcept ImportError:\n    uvloop = None"),
    ],
)
def test_what_is_allowed_passes(rule: Callable[[Source], Iterator[str]], path: str, code: str) -> None:
    assert not list(rule(Source(path, ast.parse(code))))
