import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import LIBRARY_FLOORS, configure_logging
from bot.privacy.redaction import Redactor
from bot.settings import LogFormat, LogLevel
from tests.support.tokens import bot_token

TOKEN = bot_token(123456789012345678)
AWKWARD = 'p"ä\\ss%40 w'
URI = "mongodb://bot:secret%2Fword@db.example.org/?replicaSet=rs0"


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in LIBRARY_FLOORS}
    yield
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def written(style: LogFormat, level: LogLevel = LogLevel.DEBUG) -> io.StringIO:
    stream = io.StringIO()
    configure_logging(level, style, Redactor((TOKEN, URI, AWKWARD)), stream)
    return stream


def fail_with(text: str) -> None:
    raise ConnectionError(text)


@pytest.mark.parametrize("style", list(LogFormat))
@pytest.mark.parametrize("secret", [TOKEN, AWKWARD, "secret%2Fword", "secret/word"])
def test_no_secret_reaches_the_stream(style: LogFormat, secret: str) -> None:
    stream = written(style)
    ours, library = structlog.get_logger("bot.app"), logging.getLogger("discord.http")
    for logger in (ours, library):
        try:
            fail_with(f"cannot log in with {secret}")
        except ConnectionError:
            logger.exception("failed")
        logger.warning("said %s", secret)
        logger.warning(f"said {secret}")  # noqa: G004 - a careless line is the case
    ours.warning("said", where={"list": [secret]}, error=ValueError(secret), raw=secret.encode())
    text = stream.getvalue()
    assert secret not in text
    assert json.dumps(secret)[1:-1] not in text
    assert repr(secret)[1:-1] not in text
    assert "ConnectionError" in text
    assert text.count("[hidden]") >= 9


@pytest.mark.parametrize("style", list(LogFormat))
def test_what_nobody_told_us_is_hidden_by_its_shape(style: LogFormat) -> None:
    stream = written(style)
    stranger = bot_token(999999999999999999)
    log = structlog.get_logger()
    log.info("login", used=stranger)
    log.info("post", url="https://discord.com/api/webhooks/123456789/aBcD-eFg_123")
    log.info("fetch", url="https://api.example.org/v1?format=json&api_key=k3yk3yk3y&page=2")
    log.info("connect", url="postgres://me:s3cr3tpw@host/db")
    log.info("sent", headers={"Authorization": "Bearer abcdef123456"})
    text = stream.getvalue()
    for part in (stranger, "aBcD-eFg_123", "k3yk3yk3y", "s3cr3tpw", "abcdef123456"):
        assert part not in text
    for part in ("/webhooks/123456789/", "page=2", "host/db"):
        assert part in text


def test_harmless_text_stays() -> None:
    redactor = Redactor((TOKEN, ""))
    line = "GET https://discord.com/api/v10/users/@me took 0.12 s (bot.db.writer, a.b.c@example.org)"
    assert redactor.text(line) == line


def test_a_secret_learnt_later_is_hidden_too() -> None:
    redactor = Redactor()
    assert redactor.text("x9x9x9x9") == "x9x9x9x9"
    redactor.add("x9x9x9x9")
    assert redactor.text("[x9x9x9x9]") == "[[hidden]]"


def test_json_lines_are_objects_with_the_usual_fields() -> None:
    stream = written(LogFormat.JSON)
    structlog.get_logger("bot.ingest").info("flushed", records=3)
    logging.getLogger("discord.client").warning("%s in %d", "café", 5)
    ours, library = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (ours["event"], ours["records"], ours["level"], ours["logger"]) == (
        "flushed",
        3,
        "info",
        "bot.ingest",
    )
    assert (library["event"], library["level"], library["logger"]) == (
        "café in 5",
        "warning",
        "discord.client",
    )
    assert ours["timestamp"].endswith("Z")


def test_libraries_never_print_payloads_even_at_debug() -> None:
    stream = written(LogFormat.CONSOLE, LogLevel.DEBUG)
    for name in ("discord.gateway", "discord.http", "pymongo.command", "httpx"):
        logging.getLogger(name).debug("payload")
    logging.getLogger("bot.ingest").debug("ours")
    assert "payload" not in stream.getvalue()
    assert "ours" in stream.getvalue()


def test_the_level_holds_for_us_and_for_libraries() -> None:
    stream = written(LogFormat.CONSOLE, LogLevel.ERROR)
    structlog.get_logger("bot").warning("no")
    logging.getLogger("discord.client").warning("no")
    logging.getLogger("discord.client").error("yes")
    assert "no" not in stream.getvalue().split()
    assert "yes" in stream.getvalue()


def test_a_line_that_cannot_be_written_does_not_print_its_arguments(
    capsys: pytest.CaptureFixture[str],
) -> None:
    written(LogFormat.CONSOLE)
    logging.getLogger("bot").warning("%d members", TOKEN)
    err = capsys.readouterr().err
    assert "log line of bot" in err
    assert TOKEN not in err


def test_a_second_set_up_replaces_the_first() -> None:
    first, second = written(LogFormat.JSON), written(LogFormat.JSON)
    structlog.get_logger().info("hello")
    assert first.getvalue() == ""
    assert len(second.getvalue().splitlines()) == 1
