"""Taking secrets out of text that leaves the process: log lines, tracebacks, error messages."""

import re
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import quote, quote_plus, unquote, urlsplit

from bot.mongodb_uri import read_uri

HIDDEN = "[hidden]"
SHORTEST_SECRET = 6
"""Shorter ones would blank out ordinary words."""

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # A bot token: base64 of the application id, a time, a signature.
    (re.compile(r"\b[A-Za-z0-9_-]{17,40}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,}"), HIDDEN),
    # The address of a database: up to the last @ of all, since what follows an unescaped sign of a password
    # may look like a host and a path.
    (re.compile(r"(?i)\b(mongodb(?:\+srv)?://)[^\s\"'<>]*@"), rf"\1{HIDDEN}@"),
    # Greedy up to the last @ before the path, since passwords may hold an unescaped one.
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]{1,20}://)[^\s/?#\"'<>]*@"), rf"\1{HIDDEN}@"),
    (re.compile(r"(?i)(/webhooks/\d+/)[\w.-]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)(/interactions/\d+/)[\w.-]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)(hooks\.slack\.com/[a-z]+/)[\w/-]+"), rf"\1{HIDDEN}"),
    (
        re.compile(r"(?i)\b(authorization['\"]?\s*[:=]\s*['\"]?(?:(?:bot|bearer|basic)\s+)?)[^\s'\",}]+"),
        rf"\1{HIDDEN}",
    ),
    (
        re.compile(
            r"(?i)([?&](?:access_token|refresh_token|token|api_?key|key|secret|client_secret|signature|password)=)"
            r"[^&\s\"'<>]+"
        ),
        rf"\1{HIDDEN}",
    ),
)


class Redactor:
    """Replaces known secrets, and whatever is shaped like one, by ``[hidden]``."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._known: tuple[str, ...] = ()
        self.add(*secrets)

    def add(self, *secrets: str) -> None:
        """Learn secrets that came up later; of a URL, its password alone is learnt as well."""
        forms = {form for secret in secrets for form in _forms(secret) if len(form) >= SHORTEST_SECRET}
        self._known = tuple(sorted(forms | set(self._known), key=len, reverse=True))

    def text(self, text: str) -> str:
        """The same text without secrets."""
        for secret in self._known:
            text = text.replace(secret, HIDDEN)
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return text

    def value(self, value: object) -> object:
        """The same value without secrets; what is no plain data becomes its redacted ``repr``."""
        match value:
            case None | bool() | int() | float():
                return value
            case str():
                return self.text(value)
            case dict():
                return {self.text(str(key)): self.value(item) for key, item in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self.value(item) for item in value]
            case _:
                return self.text(repr(value))


def _forms(secret: str) -> set[str]:
    """Ways in which a secret may turn up in text."""
    raw = secret.encode("utf-8", "replace")
    forms = {secret, repr(secret)[1:-1], repr(raw)[2:-1], quote(raw, safe=""), quote_plus(raw)}
    if "://" in secret:
        forms |= _password_forms(secret)
    return forms


def _password_forms(url: str) -> set[str]:
    """Of the address of a database its password alone, of any other URL likewise."""
    with suppress(ValueError):
        return set(read_uri(url).password_forms)
    try:
        password = urlsplit(url).password
    except ValueError:
        return set()
    return {password, unquote(password)} if password else set()
