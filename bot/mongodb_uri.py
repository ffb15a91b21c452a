"""The address of a MongoDB, taken apart in one place, so that no part of a password is taken for a host.

Whoever prints or judges an address asks here. What is none is refused in words that quote nothing of it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, unquote_plus

SCHEMES = ("mongodb://", "mongodb+srv://")
PERCENT_ENCODE = (
    "percent-encode the password and the user: any of : / ? # [ ] @ % + in them "
    "(@ is %40, / is %2F, % is %25)"
)
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:@\[\]]+)(:[0-9]{1,5})?")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class MongodbUri:
    """An address: ``hosts`` with their ports as written, ``options`` by name in lower case."""

    srv: bool
    hosts: tuple[str, ...]
    has_login: bool
    password: str = field(repr=False)
    options: Mapping[str, str]

    @property
    def tls(self) -> bool:
        """Whether it asks for TLS."""
        said = self.options.get("tls", self.options.get("ssl"))
        return said.lower() == "true" if said else self.srv

    @property
    def password_forms(self) -> frozenset[str]:
        """The password as it may turn up in text; empty without one."""
        forms = {self.password, unquote(self.password), unquote_plus(self.password)}
        return frozenset(forms - {""})


def read_uri(uri: str) -> MongodbUri:
    """Take an address apart.

    Raises ValueError, in words that follow "MONGODB_URI": also where an unescaped sign in the password would
    make a host of what follows it.
    """
    scheme = next((each for each in SCHEMES if uri.startswith(each)), None)
    if scheme is None:
        raise ValueError("has to begin with mongodb:// or mongodb+srv://")
    authority, rest = _split(uri.removeprefix(scheme))
    login, has_login, listed = authority.rpartition("@")
    if "@" in rest or "@" in login or login.count(":") > 1 or _STRAY_PERCENT.search(login):
        raise ValueError("holds a password or user with unescaped signs")
    hosts = tuple(listed.split(","))
    if not all(_HOST.fullmatch(host) for host in hosts) or (has_login and not login.partition(":")[0]):
        raise ValueError("names no host as it has to")
    options = {name.lower(): value for name, value in parse_qsl(rest.partition("?")[2])}
    return MongodbUri(scheme == SCHEMES[1], hosts, bool(has_login), login.partition(":")[2], options)


def _split(text: str) -> tuple[str, str]:
    """The login and the hosts, and what follows them; "#" has no meaning in such an address."""
    end = re.search(r"[/?]", text)
    return (text, "") if end is None else (text[: end.start()], text[end.start() :])
