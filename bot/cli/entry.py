"""The typer application and the ``serverstats`` entry point."""

import sys
import traceback
from typing import Annotated

import typer

from bot.cli import archive, backup, clean, demo, doctor, history, import_file, invite, restore, run, show


def main() -> None:
    """Run the command line; an error that nobody foresaw is printed without secrets."""
    try:
        application()()
    except Exception:  # noqa: BLE001 - the last place that can keep a secret out of the terminal
        sys.stderr.write(_redacted(traceback.format_exc()))
        sys.exit(1)


def application() -> typer.Typer:
    """Build the application with every command."""
    app = typer.Typer(
        name="serverstats",
        help="Measures a Discord community for the people who run it, and never stores what anyone wrote.",
        no_args_is_help=True,
        rich_markup_mode=None,  # plain help takes 0.13 s, boxes took 0.37
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for module in (run, demo, import_file, show, history, backup, restore, archive, clean, doctor, invite):
        module.register(app)
    return app


def _print_version(asked: bool) -> None:  # noqa: FBT001 - typer calls it like this
    if asked:
        from importlib.metadata import version  # noqa: PLC0415 - keeps --help fast

        typer.echo(f"serverstats {version('serverstats')}")
        raise typer.Exit


def _options(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    del version  # its callback has answered


def _redacted(text: str) -> str:
    from bot.privacy.redaction import Redactor  # noqa: PLC0415 - keeps --help fast
    from bot.settings import SettingsError, load_settings, secrets_of  # noqa: PLC0415 - same

    try:
        known = secrets_of(load_settings())
    except SettingsError:
        known = ()
    return Redactor(known).text(text)
