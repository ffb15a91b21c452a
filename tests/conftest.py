"""What tests stand on: one real mongod a session, an empty database a test."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.db.database import Driver, Handle, connect, database
from bot.db.migrations import migrate
from tests.support.databases import Databases, fresh_database_name
from tests.support.mongod import session_mongod

settings.register_profile("serverstats", deadline=None, max_examples=40)  # benchmarks say how fast things are
settings.load_profile("serverstats")


@pytest.fixture(scope="session")
def mongodb_uri() -> Iterator[str]:
    """Address of a real mongod, an embedded one as users have it."""
    with session_mongod() as uri:
        yield uri


@pytest.fixture(scope="session")
def databases() -> Databases:
    """The databases of the session's mongod that tests take and give back."""
    return Databases()


@pytest.fixture
def database_name(request: pytest.FixtureRequest, databases: Databases) -> str:
    """Name of the test's database, which is migrated and empty if it takes ``db``, and else not there."""
    return databases.take() if "db" in request.fixturenames else fresh_database_name()


@pytest.fixture
async def driver(mongodb_uri: str) -> AsyncIterator[Driver]:
    """A driver of the session's mongod."""
    driver = connect(mongodb_uri)
    yield driver
    driver.close()


@pytest.fixture
async def db(driver: Driver, database_name: str, databases: Databases) -> AsyncIterator[Handle]:
    """A migrated, empty database."""
    handle = database(driver, database_name)
    await migrate(handle)
    yield handle
    await databases.give_back(handle)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data folder."""
    return tmp_path / "data"
