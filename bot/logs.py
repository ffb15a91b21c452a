"""Logging: one stream for our own lines and the libraries', without secrets and without message content."""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog

from bot.privacy.redaction import Redactor
from bot.settings import LogFormat, LogLevel

LIBRARY_FLOORS: Mapping[str, int] = {
    # Below this they print gateway payloads and requests: content, names and ids of members.
    "discord": logging.INFO,
    "simcord": logging.INFO,
    "aiohttp.access": logging.WARNING,
    # Addresses of sources may carry keys.
    "httpx": logging.WARNING,
    "httpcore": logging.INFO,
    # Commands with the documents they write.
    "pymongo": logging.INFO,
    "motor": logging.INFO,
    # Nothing but noise.
    "asyncio": logging.INFO,
    "apscheduler": logging.WARNING,
    "matplotlib": logging.WARNING,
    "PIL": logging.INFO,
}


def configure_logging(
    level: LogLevel, style: LogFormat, redactor: Redactor, stream: TextIO | None = None
) -> None:
    """Send structlog and the standard library's logging to ``stream`` (None: standard error).

    Replaces what was set up before.
    """
    stream = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = _Handler(stream, redactor)
    handler.setFormatter(_Formatter(_renderer(style, stream), redactor))
    wanted = logging.getLevelNamesMapping()[level.name]
    logging.basicConfig(handlers=[handler], level=wanted, force=True)
    for name, floor in LIBRARY_FLOORS.items():
        logging.getLogger(name).setLevel(max(wanted, floor))
    logging.captureWarnings(capture=True)


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Renders a record, then looks over the finished line once more."""

    def __init__(self, renderer: structlog.typing.Processor, redactor: Redactor) -> None:
        super().__init__(
            foreign_pre_chain=_shared(),
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _redaction(redactor),
                renderer,
            ],
        )
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        return self._redactor.text(super().format(record))


class _Handler(logging.StreamHandler[TextIO]):
    """Reports a line that could not be written without the arguments that logging would print."""

    def __init__(self, stream: TextIO, redactor: Redactor) -> None:
        super().__init__(stream)
        self._redactor = redactor

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        error = self._redactor.text(repr(sys.exception()))
        sys.stderr.write(f"log line of {record.name} ({record.filename}:{record.lineno}) failed: {error}\n")


def _shared() -> list[structlog.typing.Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _renderer(style: LogFormat, stream: TextIO) -> structlog.typing.Processor:
    if style is LogFormat.JSON:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    # The plain traceback: the rich one prints local variables.
    return structlog.dev.ConsoleRenderer(
        colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


def _redaction(redactor: Redactor) -> structlog.typing.Processor:
    def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        return {key: redactor.value(value) for key, value in event.items()}

    return redact
