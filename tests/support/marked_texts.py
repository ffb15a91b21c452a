"""Every text that has to be in a catalogue: those marked in the code, those of charts and of commands.

``python -m tests.support.marked_texts`` brings all catalogues to what the code says: new texts come in
without a translation, which is then to be written, and texts that are no longer there go. A language's row
has to stand in ``texts/catalogues.py`` first; its file is made where there is none.
"""

import ast
import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import discord
from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po
from discord import app_commands

from analytics.charts.spoken import CONTEXT, chart_texts
from bot.client import EXTENSIONS
from cogs.languages import context_of
from tests.discord.stage import MemoryCharts, MemoryReader, fresh_client
from texts import CATALOGUES

ROOT = Path(__file__).parents[2]
PACKAGES = ("analytics", "bot", "cogs")
MARKS = frozenset({"tr", "tr_p", "tr_n", "LazyText"})


@dataclass(frozen=True, order=True)
class Message:
    """English text, its context, and its plural where it has one."""

    text: str
    context: str = ""
    plural: str = ""

    @property
    def id(self) -> str | tuple[str, str]:
        return (self.text, self.plural) if self.plural else self.text


class NotLiteralError(Exception):
    """A marked text is put together at run time, so that no catalogue can hold it."""


def marked(tree: ast.AST) -> Iterator[Message]:
    """Texts that a file marks."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            yield _message(node.func.id, node)


def _message(mark: str, call: ast.Call) -> Message:
    count = 2 if mark in ("tr_p", "tr_n") or (mark == "LazyText" and len(call.args) > 1) else 1
    said = [arg.value for arg in call.args[:count] if isinstance(arg, ast.Constant)]
    if len(said) < count or not all(isinstance(each, str) for each in said):
        raise NotLiteralError(f"line {call.lineno}: {ast.unparse(call)}")
    first, *second = map(str, said)
    match mark:
        case "tr_p":
            return Message(second[0], context=first)
        case "tr_n":
            return Message(first, plural=second[0])
        case _:
            return Message(first, context=second[0] if second else "")


def in_code() -> Iterator[Message]:
    """Texts that are marked anywhere."""
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            yield from marked(ast.parse(file.read_bytes(), str(file)))


class _Listener(app_commands.Translator):
    """Hears every string that Discord would be told."""

    def __init__(self) -> None:
        self.heard: set[Message] = set()

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> None:
        if locale is discord.Locale.german:
            self.heard.add(Message(string.message, context=context_of(context) or ""))


async def of_commands() -> set[Message]:
    """Names and descriptions of commands, options and choices."""
    listener = _Listener()
    async with fresh_client(MemoryReader(), MemoryCharts()) as client:
        for name in EXTENSIONS:
            await client.load_extension(name)
        for command in client.tree.get_commands(type=None):
            await command.get_translated_payload(client.tree, listener)
    return listener.heard


def all_messages() -> list[Message]:
    """Every text, in the order of the catalogues."""
    charts = {Message(text, context=CONTEXT) for text in chart_texts()}
    return sorted({*in_code(), *charts, *asyncio.run(of_commands())})


def catalogue(tag: str) -> Catalog:
    """A language's catalogue as it is."""
    with (ROOT / "texts" / f"{tag}.po").open("rb") as file:
        return read_po(file, locale=tag.replace("-", "_"), abort_invalid=True)


def brought_up_to_date(old: Catalog, messages: list[Message]) -> Catalog:
    """A catalogue of these messages, with the translations that there are."""
    new = Catalog(locale=old.locale)
    for message in messages:
        known = old.get(message.text, message.context or None)
        said = None if known is None or known.id != message.id else known.string
        new.add(message.id, said, context=message.context or None)
    return new


def written(catalogue: Catalog) -> bytes:
    """A catalogue's file, without dates and places, which would change with every change of the code."""
    head = {
        "Language": str(catalogue.locale),
        "Plural-Forms": catalogue.plural_forms,
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    lines = ['msgid ""', 'msgstr ""', *(f'"{name}: {value}\\n"' for name, value in head.items())]
    buffer = BytesIO()
    write_po(buffer, catalogue, width=0, omit_header=True)
    return "\n".join(lines).encode() + b"\n\n" + buffer.getvalue()


def main() -> None:
    """Write all catalogues anew."""
    messages = all_messages()
    for row in CATALOGUES:
        path = ROOT / "texts" / f"{row.tag}.po"
        old = catalogue(row.tag) if path.exists() else Catalog(locale=row.tag.replace("-", "_"))
        new = brought_up_to_date(old, messages)
        path.write_bytes(written(new))
        missing = sum(
            not any(each.string or ()) if each.pluralizable else not each.string for each in new if each.id
        )
        sys.stdout.write(f"{path.name}: {missing} of {len(messages)} texts to be translated\n")


if __name__ == "__main__":
    main()
