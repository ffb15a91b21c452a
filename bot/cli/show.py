"""``serverstats show``: a view's figures or picture, as a command in Discord shows them."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import kind_errors, prepared_settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("show")(_show)


def _show(  # noqa: PLR0913 - one parameter an option
    view: Annotated[str, typer.Argument(help="Which view, as in `serverstats show --help`.")],
    *,
    guild: Annotated[int, typer.Option("--guild", min=1, help="Id of the server.")],
    first: Annotated[str | None, typer.Option("--from", help="First day, as 2026-01-31.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day; today if left out.")] = None,
    timeframe: Annotated[
        str | None,
        typer.Option("--timeframe", help="Instead of days: 24h, 30d, all, 2026-11, last month ..."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    png: Annotated[Path | None, typer.Option("--png", help="Write the chart to this file.")] = None,
) -> None:
    """Show a view of a server: its figures, its chart or both."""
    from bot.views.registry import VIEWS, kinds_meant  # noqa: PLC0415 - keeps --help fast
    from bot.views.view import Restriction  # noqa: PLC0415 - same
    from texts import load_languages  # noqa: PLC0415 - same

    meant = kinds_meant(view, load_languages())
    if len(meant) != 1:
        fault = f"“{view}” may be several views" if meant else f"there is no view “{view}”"
        raise typer.BadParameter(f"{fault}; choose one of: {', '.join(meant or VIEWS)}")
    (view,) = meant
    if VIEWS[view].of_subject or VIEWS[view].compares is Restriction.ROLES:
        raise typer.BadParameter(
            f"the view “{view}” is about a member, channel or roles: ask for it in Discord"
        )
    if timeframe is not None and (first is not None or last is not None):
        raise typer.BadParameter("give days (--from, --to) or a --timeframe, not both")
    if not as_json and png is None:
        raise typer.BadParameter("say what to show: --json, --png FILE or both")
    if first is not None:
        timeframe = f"{first}..{last or 'today'}"
    elif last is not None:
        raise typer.BadParameter("say from which day on, too: --from DAY --to DAY")
    with kind_errors():
        figures, picture = asyncio.run(_run(view, guild, timeframe, picture=png is not None))
    if as_json:
        typer.echo(figures)
    if png is not None:
        if not picture:
            raise typer.BadParameter(f"the view “{view}” has no chart; ask for --json")
        png.write_bytes(picture)


async def _run(view: str, guild: int, timeframe: str | None, *, picture: bool) -> tuple[str, bytes]:
    from analytics.charts.spec import Theme  # noqa: PLC0415 - keeps --help fast
    from analytics.local_time import date_of  # noqa: PLC0415 - same
    from analytics.timeframes import DEFAULT, parse_timeframe  # noqa: PLC0415 - same
    from bot.app import open_charts  # noqa: PLC0415 - same
    from bot.clock import SystemClock  # noqa: PLC0415 - same
    from bot.db.reader import Reader  # noqa: PLC0415 - same
    from bot.exports.json_file import text  # noqa: PLC0415 - same
    from bot.opening import open_database  # noqa: PLC0415 - same
    from bot.views.registry import VIEWS  # noqa: PLC0415 - same
    from bot.views.scope import Scope  # noqa: PLC0415 - same
    from texts import load_languages  # noqa: PLC0415 - same

    settings = prepared_settings()
    now = SystemClock().now_ms()
    async with open_database(settings) as opened:
        reader = Reader(opened.db)
        today = date_of((await reader.zones(guild)).label(now).day)
        asked = DEFAULT if timeframe is None else parse_timeframe(timeframe, today, load_languages())
        result = await VIEWS[view].load(reader, Scope(guild, asked, now))
    png = b""
    spec = VIEWS[view].chart(result, Theme.DARK)
    if picture and spec is not None:
        async with open_charts(settings) as charts:
            png = await charts.draw(spec)
    return text(result), png
