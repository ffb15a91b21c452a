"""The MongoDB that Serverstats brings along when no MONGODB_URI is set."""

import asyncio
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from bot.db.bootstrap import BootstrapError, Login, ensure_replica_set
from bot.folder_trouble import trouble
from bot.mongod import explain, files, logfile
from bot.mongod.binary import MongodBinary, find_mongod
from bot.mongod.errors import MongodError, PortTakenError
from bot.mongod.files import MongodFolder
from bot.mongod.leftover import end_leftover
from bot.mongod.lock import FolderLock
from bot.mongod.options import LOOPBACK, MongodOptions, mongod_arguments
from bot.mongod.ports import free_port, is_free
from bot.mongod.process import MongodProcess

FOLDER = "mongodb"
USER = "serverstats"
REPLICA_SET = "rs0"
_PORT_TRIES = 5
_START_SECONDS = 600.0  # repairing big files after a kill may take minutes on a slow disk
_READY_SECONDS = 60.0
_LOOK_AT_LOG_SECONDS = 300.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 60.0

_log = structlog.get_logger(__name__)


class EmbeddedMongod:
    """A real MongoDB in the data folder: loopback alone, with a login, a replica set of one node.

    It is ours alone and never outlives this process. The data survives restarts and kills.
    """

    def __init__(self, data_dir: Path, options: MongodOptions | None = None) -> None:
        """Run in ``data_dir / "mongodb"``; nothing happens before ``start``."""
        self.folder = MongodFolder((data_dir / FOLDER).absolute())
        self._options = options or MongodOptions()
        self._lock = FolderLock(self.folder.owner_lock)
        self._process: MongodProcess | None = None
        self._uri: str | None = None
        self._stopping = asyncio.Event()

    @property
    def uri(self) -> str:
        """Address with user and password, the same over restarts as long as the port stays free."""
        if self._uri is None:
            raise MongodError("The embedded MongoDB has not been started.")
        return self._uri

    @property
    def process(self) -> MongodProcess:
        """The process behind it."""
        if self._process is None:
            raise MongodError("The embedded MongoDB has not been started.")
        return self._process

    async def start(self) -> None:
        """Start it and return once it takes writes: 0.6 s, the first time a second.

        Ends a mongod that an earlier run left behind. Raises ``MongodError`` with the words that mend it;
        nothing is left running then.
        """
        if self._process is not None and self._process.running:
            raise MongodError("The embedded MongoDB runs already.")
        self._stopping.clear()
        try:
            await asyncio.to_thread(self._prepare)
            await end_leftover(self.folder.mongod_lock)
            await self._run()
        except OSError as error:
            await self._abandon()
            raise MongodError(
                trouble(error)
                or f"Cannot use the folder {self.folder.root}: {error}. Make it writable for the user that "
                "runs the bot, or choose another data folder."
            ) from error
        except BaseException:
            await self._abandon()
            raise

    async def _abandon(self) -> None:
        # Killed: asked to end while it still set up its replica set, it took 15 s.
        if self._process is not None:
            await self._process.kill()
        await self.stop()

    def _prepare(self) -> None:
        self.folder.prepare()
        self._lock.acquire()
        logfile.bound_log(self.folder.log)

    async def _run(self, *, same_port: bool = False) -> None:
        binary = await asyncio.to_thread(self._find)
        login = Login(USER, await asyncio.to_thread(self._password))
        port = await self._launch(binary, same_port=same_port)
        try:
            await ensure_replica_set(
                [f"{LOOPBACK}:{port}"], name=REPLICA_SET, login=login, seconds=_READY_SECONDS
            )
        except BootstrapError as error:
            tail = "\n".join(explain.telling_lines(logfile.text_since(self.folder.log, 0)))
            raise MongodError(f"{error}\nThe end of {self.folder.log}:\n{tail}") from error
        self._uri = f"mongodb://{USER}:{login.password}@{LOOPBACK}:{port}/?replicaSet={REPLICA_SET}"

    def _find(self) -> MongodBinary:
        folder = self.folder
        data_major = files.kept_number(folder.version_file)
        binary = find_mongod(folder.libraries, data_major=data_major)
        if data_major is None:
            files.write_private(folder.version_file, str(binary.major))
        return binary

    def _password(self) -> str:
        files.kept_secret(self.folder.key_file, files.new_key)
        return files.kept_secret(self.folder.password_file, files.new_password)

    async def _launch(self, binary: MongodBinary, *, same_port: bool) -> int:
        """Start it on the port of the last run, or else on a free one; the port it got."""
        last = files.kept_number(self.folder.port_file)
        for _ in range(_PORT_TRIES):
            port = last if last is not None and (same_port or is_free(last)) else free_port()
            arguments = mongod_arguments(
                self._options,
                data=self.folder.data,
                port=port,
                replica_set=REPLICA_SET,
                key_file=self.folder.key_file,
            )
            self._process = MongodProcess(binary, arguments, log=self.folder.log)
            try:
                await self._process.start(_START_SECONDS)
            except PortTakenError:
                if same_port:
                    raise
                last = None
                continue
            files.write_private(self.folder.port_file, str(port))
            return port
        raise PortTakenError(f"No free port for the embedded MongoDB in {_PORT_TRIES} tries: start again.")

    async def stop(self) -> None:
        """End it and give the folder free; about a second."""
        self._stopping.set()
        if self._process is not None:
            await self._process.stop()
        self._lock.release()

    async def kill(self) -> None:
        """Kill it as a crash would; ``start`` brings it back on the same port."""
        await self.process.kill()

    async def keep_running(self) -> None:
        """Watch over it until ``stop`` or cancelled: a mongod that ends by itself is started again.

        Also bounds its log. Failures are logged and tried again, after at most a minute.
        """
        pause = _FIRST_PAUSE
        while True:
            try:
                async with asyncio.timeout(_LOOK_AT_LOG_SECONDS):
                    code = await self.process.wait()
            except TimeoutError:
                await asyncio.to_thread(logfile.bound_log, self.folder.log)
                pause = _FIRST_PAUSE
                continue
            if self._stopping.is_set():
                return
            _log.error("mongod_ended", code=code, log=str(self.folder.log))
            revived = await self._revive()
            if self._stopping.is_set():  # meanwhile, when there was no process yet that could be stopped
                await self.process.stop()
                return
            if not revived:
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def _revive(self) -> bool:
        try:
            await self._run(same_port=True)
        except (MongodError, OSError) as error:
            _log.error("mongod_not_started", error=str(error))
            await self.process.kill()
            return False
        _log.info("mongod_started_again", pid=self.process.pid)
        return True

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
