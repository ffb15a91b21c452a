"""The demo's data folder: a temporary one that goes when the demo ends, or one to keep."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from bot.demo.needs import DemoError
from bot.whole_files import write_whole

PREFIX = "serverstats-demo-"
_MEMORY = "demo.json"


class History(msgspec.Struct, frozen=True):
    """Which history a folder holds: made up with this seed for these days, counted until an instant (ms)."""

    seed: int
    last_day: int
    days: int
    zone: str
    counted_until: int


class Memory(msgspec.Struct, frozen=True):
    """What a kept folder remembers of the demo that made it."""

    history: History | None = None


class DemoFolder:
    """A folder that only the demo writes to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._memory = root / _MEMORY

    def claim(self) -> Memory:
        """Read what an earlier demo left; raises DemoError for a folder that is another's."""
        try:
            return msgspec.json.decode(self._memory.read_bytes(), type=Memory)
        except FileNotFoundError:
            if self.root.exists() and any(self.root.iterdir()):
                raise DemoError(
                    f"{self.root} holds something that is not the demo's. Mend: name an empty or new folder."
                ) from None
        except (OSError, msgspec.DecodeError) as error:
            raise DemoError(
                f"{self._memory} cannot be read: {error}. Mend: delete the folder or name another one."
            ) from error
        memory = Memory()
        self.remember(memory)
        return memory

    def remember(self, memory: Memory) -> None:
        """Write down what the folder holds."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(self._memory, msgspec.json.encode(memory))


@contextmanager
def demo_folder(keep_in: Path | None) -> Iterator[DemoFolder]:
    """Hand out the folder to keep, or a temporary one that is removed afterwards."""
    if keep_in is not None:
        yield DemoFolder(keep_in)
        return
    root = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        yield DemoFolder(root)
    finally:
        shutil.rmtree(root, ignore_errors=True)
