from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mongodb_uri import read_uri
from bot.privacy.redaction import HIDDEN, Redactor

TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1)
AWKWARD = st.text(st.sampled_from("ab1:/?#[]@%+,&=.")).filter(bool)


@given(
    user=TEXT | AWKWARD, password=TEXT | AWKWARD, tail=st.sampled_from(["", "/", "/?replicaSet=rs0&tls=true"])
)
def test_no_part_of_a_password_is_ever_a_host(user: str, password: str, tail: str) -> None:
    try:
        found = read_uri(f"mongodb://{user}:{password}@db.example.org:27017{tail}")
    except ValueError as error:
        assert str(error) in {
            "holds a password or user with unescaped signs",
            "names no host as it has to",
        }
    else:
        assert found.hosts == ("db.example.org:27017",)
        assert found.has_login
        assert password in found.password_forms


@given(user=TEXT | AWKWARD, password=st.text(min_size=1))
def test_what_is_percent_encoded_is_read(user: str, password: str) -> None:
    written = quote(password.encode("utf-8", "replace").decode(), safe="")
    found = read_uri(f"mongodb+srv://{quote(user, safe='')}:{written}@db.example.org/?appName=x")
    assert (found.hosts, found.srv, found.tls) == (("db.example.org",), True, True)
    assert written in found.password_forms


@pytest.mark.parametrize(
    ("uri", "hosts", "login", "tls"),
    [
        ("mongodb://localhost", ("localhost",), False, False),
        ("mongodb://a:1,b:2,[::1]:3,[::2]/x?ssl=true", ("a:1", "b:2", "[::1]:3", "[::2]"), False, True),
        ("mongodb://me:s#crt@a/?tls=false", ("a",), True, False),
        ("mongodb://me@%2Ftmp%2Fmongodb.sock/?TLS=TRUE", ("%2Ftmp%2Fmongodb.sock",), True, True),
        ("mongodb+srv://a.example/?tls=false", ("a.example",), False, False),
    ],
)
def test_what_an_address_says(uri: str, hosts: tuple[str, ...], login: bool, tls: bool) -> None:  # noqa: FBT001 - a table of cases
    found = read_uri(uri)
    assert (found.hosts, found.has_login, found.tls) == (hosts, login, tls)
    assert "crt" not in repr(found)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "localhost:27017",
        "mongodb://",
        "mongodb:///x",
        "mongodb://host:port",
        "mongodb://a,,b",
        "mongodb://:secret@host",
        "mongodb://u:x@y/z@host:27017/?replicaSet=rs0",
        "mongodb://u:1?a=b@host/",
        "mongodb://u:100%@host/",
        "mongodb://u:p:q@host/",
    ],
)
def test_what_is_no_address(uri: str) -> None:
    with pytest.raises(ValueError, match=r"has to|unescaped"):
        read_uri(uri)


def test_redaction_hides_what_follows_an_unescaped_sign_too() -> None:
    said = Redactor().text(
        "cannot reach mongodb://u:x@y/z@host:27017/?replicaSet=rs0 nor mongodb+srv://a:b@c/"
    )
    assert said == f"cannot reach mongodb://{HIDDEN}@host:27017/?replicaSet=rs0 nor mongodb+srv://{HIDDEN}@c/"
    known = Redactor(
        ["mongodb://bot:se%2Bcr%23et@db.example.org/?replicaSet=rs0", "mongodb://bot:hash#tag1@db/"]
    )
    assert known.text("se%2Bcr%23et, se+cr#et and hash#tag1") == f"{HIDDEN}, {HIDDEN} and {HIDDEN}"
