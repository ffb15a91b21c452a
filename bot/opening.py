"""Opening what the bot stores in: the server, the database, and the right to be its only writer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

from bot import claiming
from bot.claims import ALL_SERVERS, Claim
from bot.datafolder import DataFolder
from bot.db import leases
from bot.db.check import check_server, require_usable
from bot.db.consents import reconcile
from bot.db.database import Driver, Handle, connect, database, disconnect
from bot.db.deleted_users import remove_deleted_users
from bot.db.identity import require_same_key
from bot.db.leases import Lease
from bot.db.migrations import migrate
from bot.db.recording import MongoStore
from bot.db.restoring import require_whole
from bot.ingest.recorder import PROLONG_SECONDS, decisions_in
from bot.mongod.embedded import EmbeddedMongod
from bot.mongod.options import MongodOptions
from bot.mongod.running import running_uri
from bot.privacy.consents import Consents
from bot.privacy.keyfile import key_of
from bot.privacy.pseudonym import Pseudonyms
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Opened:
    """A database that is reachable, usable and migrated."""

    driver: Driver
    db: Handle


@dataclass(frozen=True, slots=True)
class Writing:
    """What is needed to write: the folder is locked, the lease is held."""

    opened: Opened
    folder: DataFolder
    pseudonyms: Pseudonyms
    consents: Consents
    store: MongoStore
    lease: Lease

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Keep the lease alive while nothing is written; raises LeaseLost where that failed."""
        keeper = asyncio.create_task(_keep(self.store), name="lease keeper")
        try:
            yield
        finally:
            if keeper.done():
                keeper.result()
            await _cancel(keeper)


@asynccontextmanager
async def open_server(settings: Settings) -> AsyncIterator[Driver]:
    """Reach the server: that of MONGODB_URI, the embedded one that runs already, or a new child.

    Raises MongodError or ServerProblem, which say what to mend.
    """
    async with AsyncExitStack() as stack:
        uri = await _uri(settings, stack)
        require_usable(await check_server(uri, settings.database))
        driver = connect(uri)
        stack.callback(disconnect, driver)
        yield driver


@asynccontextmanager
async def open_database(
    settings: Settings,
    *,
    ahead: Callable[[Handle], Awaitable[None]] | None = None,
    owner: str | None = None,
) -> AsyncIterator[Opened]:
    """Reach the database and bring it to the present schema; ``ahead`` is done before that.

    ``owner`` is the id of the data folder, from who has locked it: see ``migrate``.
    Raises what ``open_server`` raises, and HalfRestored.
    """
    async with open_server(settings) as driver:
        db = database(driver, settings.database)
        if ahead is not None:
            await ahead(db)
        await require_whole(db)
        await migrate(db, owner=owner)
        yield Opened(driver, db)


@asynccontextmanager
async def open_writing(
    settings: Settings, claim: Claim = ALL_SERVERS, *, counting: bool = False
) -> AsyncIterator[Writing]:
    """Open the database and become the only writer of what is claimed.

    Who counts waits for the lease of a process that is gone, and first commits what its journal still holds
    of servers that it no longer claims. Raises LeaseHeld if the other process does not go.
    """
    async with AsyncExitStack() as stack:
        folder = DataFolder(settings.data_dir)
        folder.take()
        stack.callback(folder.release)
        configured = settings.pseudonym_key
        key = key_of(None if configured is None else configured.get_secret_value(), folder.root)
        owner = folder.owner()
        end_orphan = partial(leases.end_orphan, claim=claim, owner=owner)
        opened = await stack.enter_async_context(open_database(settings, ahead=end_orphan, owner=owner))
        await require_same_key(opened.db, key)
        pseudonyms = Pseudonyms(key)
        consents = await open_consents(opened.db, folder, pseudonyms)
        if counting:
            await claiming.commit_former(opened.driver, opened.db, folder, claim, consents)
        lease = await claiming.acquire(opened.db, claim, owner, patient=counting)
        stack.push_async_callback(claiming.release, opened.db, lease)
        await remove_deleted_users(opened.db, claim, pseudonyms)
        await require_whole(opened.db)  # a restore may have begun, and failed, while the lease was its own
        store = MongoStore(opened.driver, opened.db, lease)
        stack.push_async_callback(store.close)
        yield Writing(opened, folder, pseudonyms, consents, store, lease)


async def open_consents(db: Handle, folder: DataFolder, pseudonyms: Pseudonyms) -> Consents:
    """What members allow, as the database, the data folder and the journal together know it."""
    consents = Consents(pseudonyms.seal, folder.consents)
    await reconcile(db, consents, pseudonyms)
    for record in await asyncio.to_thread(decisions_in, folder.journal):
        consents.note(record)
    await asyncio.to_thread(consents.save)
    return consents


async def _uri(settings: Settings, stack: AsyncExitStack) -> str:
    if settings.mongodb_uri is not None:
        return settings.mongodb_uri.get_secret_value()
    running = running_uri(settings.data_dir)
    if running is not None:
        return running
    mongod = EmbeddedMongod(settings.data_dir, MongodOptions(cache_gb=settings.mongod_cache_mib / 1024))
    await stack.enter_async_context(mongod)
    keeper = asyncio.create_task(mongod.keep_running(), name="mongod keeper")
    stack.push_async_callback(_cancel, keeper)
    return mongod.uri


async def _keep(store: MongoStore) -> None:
    while True:
        await store.prolong()
        await asyncio.sleep(PROLONG_SECONDS)


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
