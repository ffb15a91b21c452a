"""No text that a user sees stands in the code without a mark."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLACES = (
    "cogs",
    "bot/views",
    "bot/exports",
    "bot/wording",
    "bot/user_errors.py",
    "bot/members/people.py",
    "analytics/timeframes.py",
    "analytics/timeframe_words.py",
)
TALKS_TO_THE_LOG = ("cogs/events/", "cogs/history/", "cogs/listeners/", "cogs/members/")
NO_TEXTS = frozenset(
    {
        # the table in docs/permissions.md
        ("cogs/access.py", "View Server Insights, Manage Server, a role for statistics"),
        ("cogs/access.py", "View Server Insights, Manage Server, a role for members"),
        ("cogs/access.py", "Manage Server"),
        ("cogs/access.py", "Time out members"),
        ("cogs/access.py", "; noted in the audit log"),  # same
        ("cogs/access.py", "every member, about oneself"),  # same
        ("bot/views/seen.py", "Reader"),  # a type
        # how ``bot.permissions`` names them
        ("cogs/admin/settings/report_channel.py", "View Channels"),
        ("cogs/admin/settings/report_channel.py", "Send Messages"),
        ("cogs/admin/settings/report_channel.py", "Embed Links"),
        ("cogs/admin/settings/report_channel.py", "Attach Files"),
        # strings of commands, which the command tree has
        (
            "cogs/viewing.py",
            "24h, 14d, last month, 2026-01-01..2026-02-01 \N{HORIZONTAL ELLIPSIS} (30 days if left out)",
        ),
        ("cogs/warnings/commands.py", "Record warning"),
        ("cogs/warnings/commands.py", "Warnings of this member"),
        ("bot/views/service.py", "the database gave no answer"),  # the log
        ("bot/views/service.py", "no answer within "),  # same
        ("bot/views/service.py", "the report could not be drawn"),  # the log
        ("bot/views/service.py", "the bot stops"),  # same
        ("bot/views/service.py", "the report was not drawn in time"),  # same
        ("bot/views/service.py", "not drawn within "),  # same
        ("bot/exports/csv_files.py", "NFKD"),
        ("analytics/timeframe_words.py", "NFKC"),
        ("bot/exports/png_file.py", "RGB"),  # formats of pictures
        ("bot/exports/png_file.py", "PNG"),
    }
)
READS_LIKE_A_SENTENCE = re.compile(r"[^\W\d_]{2,}[,.:;…]? [^\W\d_]{2,}|^[A-Z][^\W\d_]{2,}…?$")
"""Two words, or one with a capital."""
MARKS = frozenset({"tr", "tr_n", "tr_p", "LazyText"})
OF_COMMANDS = frozenset({"command", "describe", "choices", "Group", "ContextMenu", "rename"})
"""What discord.py makes known to the translator by itself."""
NOT_FOR_USERS = frozenset(
    {
        "ValueError",
        "TypeError",
        "KeyError",
        "LookupError",
        "RuntimeError",
        "AssertionError",
        "ContentHiddenError",
        "NotImplementedError",
        "TypeVar",
        "Struct",
        "compile",
        "fullmatch",
        "debug",
        "info",
        "warning",
        "error",
        "exception",
        "getattr",
    }
)
"""Calls whose words stand in logs, or are no words."""


class _Finder(ast.NodeVisitor):
    def __init__(self) -> None:
        self.found: list[tuple[int, str]] = []

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in MARKS | OF_COMMANDS | NOT_FOR_USERS:
            self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Without the keywords, which name a group of commands or a template."""
        for part in (*node.decorator_list, *node.body):
            self.visit(part)

    def visit_Expr(self, node: ast.Expr) -> None:
        """Without docstrings."""
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        """Without keys."""
        for value in node.values:
            self.visit(value)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)

    def visit_Compare(self, node: ast.Compare) -> None:
        """What is compared is not shown."""

    def visit_match_case(self, node: ast.match_case) -> None:
        for part in node.body:
            self.visit(part)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and READS_LIKE_A_SENTENCE.search(node.value):
            self.found.append((node.lineno, node.value))


def unmarked(code: str) -> Iterator[tuple[int, str]]:
    finder = _Finder()
    finder.visit(ast.parse(code))
    yield from finder.found


def sources() -> Iterator[tuple[str, str]]:
    """Path and code of every file with texts for users."""
    for place in PLACES:
        files = [ROOT / place] if place.endswith(".py") else sorted((ROOT / place).rglob("*.py"))
        for file in files:
            path = file.relative_to(ROOT).as_posix()
            if not path.startswith(TALKS_TO_THE_LOG):
                yield path, file.read_text(encoding="utf-8")


def test_every_text_is_marked() -> None:
    found = [
        f"{path}:{line} {text!r}"
        for path, code in sources()
        for line, text in unmarked(code)
        if (path, text) not in NO_TEXTS
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        'embed.add_field(name="Messages", value=value)',
        'raise Refusal("Name the channel.")',
        'TITLE = "What is counted"',
        'return f"{count} more channels"',
        'NAMES = {"spam": "Off topic"}',
        'button(label="On and on" if more else "Back")',
        'def f(title: str = "No messages"): ...',
    ],
)
def test_an_unmarked_text_is_seen(code: str) -> None:
    assert len(list(unmarked(code))) >= 1


@pytest.mark.parametrize(
    "code",
    [
        '"""A docstring of words."""',
        'embed.add_field(name=tr("Messages"), value=f"{value} · {share}")',
        '@app_commands.command(name="show", description="What is stored about me")\ndef f(): ...',
        'log.warning("no names came", guild=guild)',
        'raise ValueError("no such bucket")',
        'x = rows["The key"] if kind == "Some thing" else None',
        'class A(GroupCog, group_description="A closer look"):\n    """Doc of it."""',
    ],
)
def test_what_nobody_sees_may_stay(code: str) -> None:
    assert list(unmarked(code)) == []
