"""Settings of a benchmark: an embedded database in a folder of its own, whatever the environment says."""

import os
from pathlib import Path

from bot.logs import configure_logging
from bot.privacy.redaction import Redactor
from bot.settings import LogFormat, LogLevel, Settings


def only_errors() -> None:
    """Keep the log out of the figures."""
    configure_logging(LogLevel.ERROR, LogFormat.CONSOLE, Redactor(()))


def settings_in(folder: Path) -> Settings:
    """Settings that touch nothing outside a folder."""
    for name in [name for name in os.environ if name.startswith("SERVERSTATS_") or name == "MONGODB_URI"]:
        del os.environ[name]
    return Settings.model_validate({"data_dir": folder / "data"})
