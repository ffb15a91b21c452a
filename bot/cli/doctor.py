"""``serverstats doctor``: finds what is wrong with a set-up and says how to mend it."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import stdout

if TYPE_CHECKING:
    from rich.table import Table

    from bot.doctor.model import Finding

STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red", "skipped": "dim"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(_doctor)


def _doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    discord_api: Annotated[
        str | None, typer.Option(hidden=True, help="Ask this address instead of Discord's.")
    ] = None,
) -> None:
    """Check settings, host, database and Discord. Exit code 1 if something has to be mended."""
    import asyncio  # noqa: PLC0415 - keeps --help fast

    from bot.clock import SystemClock  # noqa: PLC0415 - keeps --help fast
    from bot.doctor.checks import CHECKS  # noqa: PLC0415 - same
    from bot.doctor.discord_rest import API  # noqa: PLC0415 - same
    from bot.doctor.gathering import gather  # noqa: PLC0415 - same

    gathered = asyncio.run(gather(SystemClock(), discord_api or API))
    findings = {name: check(gathered) for name, check in CHECKS.items()}
    if as_json:
        typer.echo(_json(findings))
    else:
        stdout().print(_table(findings))
    if any(finding.status == "fail" for finding in findings.values()):
        raise typer.Exit(1)


def _json(findings: Mapping[str, "Finding"]) -> str:
    rows = [
        {"check": name, "status": item.status, "found": item.found, "mend": item.mend}
        for name, item in findings.items()
    ]
    healthy = all(item.status != "fail" for item in findings.values())
    return json.dumps({"ok": healthy, "checks": rows}, ensure_ascii=False, indent=2)


def _table(findings: Mapping[str, "Finding"]) -> "Table":
    from rich.table import Table  # noqa: PLC0415 - keeps --help fast
    from rich.text import Text  # noqa: PLC0415 - same

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for name, item in findings.items():
        words = Text(item.found)
        if item.mend:
            words.append("\n" + item.mend, style="italic")
        table.add_row(Text(item.status, STYLES[item.status]), Text(name, "bold"), words)
    return table
