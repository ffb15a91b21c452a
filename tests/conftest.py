"""What tests stand on: one real mongod a session, a database of its own a test."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings

from bot.db.database import Driver, Handle, connect, database
from bot.db.migrations import migrate
from tests.support.mongod import session_mongod

settings.register_profile("serverstats", deadline=None, max_examples=40)  # benchmarks say how fast things are
settings.load_profile("serverstats")


@pytest.fixture(scope="session")
def mongodb_uri() -> Iterator[str]:
    """Address of a real mongod, an embedded one as users have it."""
    with session_mongod() as uri:
        yield uri


@pytest.fixture
def database_name() -> str:
    """A name that no other test uses."""
    return f"test_{uuid4().hex[:12]}"


@pytest.fixture
async def driver(mongodb_uri: str) -> AsyncIterator[Driver]:
    """A driver of the session's mongod."""
    driver = connect(mongodb_uri)
    yield driver
    driver.close()


@pytest.fixture
async def db(driver: Driver, database_name: str) -> AsyncIterator[Handle]:
    """A migrated database, dropped afterwards."""
    handle = database(driver, database_name)
    await migrate(handle)
    yield handle
    await driver.drop_database(database_name)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data folder."""
    return tmp_path / "data"
