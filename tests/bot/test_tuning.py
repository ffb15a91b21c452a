"""What a session leaves behind is found, but only while no connection is up."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from bot.tuning import Sparing


class Server:
    """Holds itself, as a server and its channels hold each other."""

    def __init__(self) -> None:
        self.channel = self


@pytest.fixture(autouse=True)
def _collection_as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    gc.collect()


def session() -> tuple[Server, weakref.ref[Server]]:
    server = Server()
    return server, weakref.ref(server)


def test_what_a_session_left_behind_goes_when_the_connection_is_lost_again() -> None:
    sparing = Sparing()
    first, seen = session()
    sparing.ready()
    assert gc.get_freeze_count()
    sparing.disconnected()
    second, seen_second = session()
    del first
    sparing.ready()
    gc.collect()
    assert seen() is not None, "it is spared, so that nobody walks through it while the bot is connected"
    sparing.disconnected()
    assert seen() is None
    assert seen_second() is second
    assert gc.get_freeze_count()


def test_a_lost_connection_alone_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    sparing = Sparing()
    sparing.ready()
    monkeypatch.setattr(gc, "collect", lambda: pytest.fail("nothing was left behind"))
    sparing.disconnected()
    sparing.disconnected()
