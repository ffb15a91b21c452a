"""What commands share: where they print, and how they end when something is wrong."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

    from bot.settings import Settings

WRONG_SET_UP = 2
"""Exit code for a set-up that has to be mended."""
FAILED = 1
"""Exit code for work that could not be done."""


def stdout() -> "Console":
    """Where results go."""
    from rich.console import Console  # noqa: PLC0415 - keeps --help fast

    return Console(file=sys.stdout, highlight=False, soft_wrap=True)


def stderr() -> "Console":
    """Where everything else goes."""
    from rich.console import Console  # noqa: PLC0415 - keeps --help fast

    return Console(file=sys.stderr, highlight=False, soft_wrap=True)


def plain(text: str) -> str:
    """A text that may come out of a file, without what a terminal takes for orders or cannot show."""
    return "".join(sign if sign.isprintable() or sign == "\n" else "\ufffd" for sign in text)


def counting_bar(unit: str) -> "Progress":
    """Progress bars on standard error that count up to a total, with the time left."""
    from rich.progress import (  # noqa: PLC0415 - keeps --help fast
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeRemainingColumn(),
        console=stderr(),
    )


def prepared_settings() -> "Settings":
    """Load the settings and send logs to standard error as they say; raises SettingsError."""
    from bot.logs import configure_logging  # noqa: PLC0415 - keeps --help fast
    from bot.privacy.redaction import Redactor  # noqa: PLC0415 - same
    from bot.settings import load_settings, secrets_of  # noqa: PLC0415 - same

    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format, Redactor(secrets_of(settings)))
    return settings


@contextmanager
def kind_errors() -> Iterator[None]:
    """Print errors that say how to mend them, and exit, instead of a traceback."""
    from analytics.timeframes import TimeframeError  # noqa: PLC0415 - keeps --help fast
    from bot.datacare.container import BackupFileError  # noqa: PLC0415 - same
    from bot.datafolder import DataFolderError  # noqa: PLC0415 - same
    from bot.db.check import ServerProblem  # noqa: PLC0415 - same
    from bot.db.dumping import SnapshotLost  # noqa: PLC0415 - same
    from bot.db.leases import LeaseHeld  # noqa: PLC0415 - same
    from bot.db.migrations import NewerSchema  # noqa: PLC0415 - same
    from bot.db.reader import UnknownGuild  # noqa: PLC0415 - same
    from bot.db.restoring import HalfRestored, NotEmpty  # noqa: PLC0415 - same
    from bot.discord_silence import DiscordGone  # noqa: PLC0415 - same
    from bot.folder_trouble import trouble  # noqa: PLC0415 - same
    from bot.importing.rows import ImportFileError  # noqa: PLC0415 - same
    from bot.ingest.journal import JournalCorrupt, JournalFull  # noqa: PLC0415 - same
    from bot.ingest.store import LeaseLost, StoreUnavailable  # noqa: PLC0415 - same
    from bot.mongod.errors import MongodError  # noqa: PLC0415 - same
    from bot.privacy.consents import ConsentFileError  # noqa: PLC0415 - same
    from bot.privacy.keyfile import KeyFileError  # noqa: PLC0415 - same
    from bot.settings import SettingsError  # noqa: PLC0415 - same
    from bot.views.refusal import CannotShow  # noqa: PLC0415 - same

    try:
        yield
    except (
        SettingsError,
        DataFolderError,
        KeyFileError,
        ConsentFileError,
        ServerProblem,
        MongodError,
        NewerSchema,
        HalfRestored,
        JournalCorrupt,
        JournalFull,
    ) as error:
        stderr().print(plain(str(error)), style="red", markup=False)
        raise typer.Exit(WRONG_SET_UP) from None
    except (
        TimeframeError,
        CannotShow,
        UnknownGuild,
        ImportFileError,
        BackupFileError,
        SnapshotLost,
        NotEmpty,
        LeaseHeld,
        LeaseLost,
        StoreUnavailable,
        DiscordGone,
    ) as error:
        stderr().print(plain(str(error)), style="red", markup=False)
        raise typer.Exit(FAILED) from None
    except OSError as error:
        words = trouble(error)
        if words is None:
            raise
        stderr().print(words, style="red", markup=False)
        raise typer.Exit(WRONG_SET_UP) from None
