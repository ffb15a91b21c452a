"""The books' states at hand, while batches are folded."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from bot.ingest.activity import Activity
from bot.ingest.books.book import Book, BookKey, States
from bot.ingest.books.registry import BOOKS, BOOKS_OF
from bot.ingest.delta import Delta
from bot.ingest.fold import FOLDS, fold_into
from bot.turns import Turns, portions

HEAVY = 3
"""Documents that are written for an activity that a book calls heavy."""
LOADED_AT_A_TIME = 200
"""States that are read in one go, in under 2 ms."""
MAX_CACHED = 2_000
"""States of a book kept in memory between batches."""


class Shelf:
    """The books' states at hand: loaded, changed by a batch, and forgotten when a commit is in doubt."""

    def __init__(self, load: Callable[[str, Iterable[BookKey]], Awaitable[Mapping[BookKey, Any]]]) -> None:
        self._load = load
        self._states: dict[str, dict[BookKey, Any]] = {book.name: {} for book in BOOKS}
        self._asked: dict[str, set[BookKey]] = {}
        self._touched: dict[str, set[BookKey]] = {}
        self.asked = 0
        """How many documents the states take, about, that were asked for."""
        self.documents = 0
        """How many documents the states take that the batch has changed so far."""

    def begin(self) -> None:
        """Begin a batch."""
        self._asked, self._touched = {}, {}
        self.asked = self.documents = 0

    def ask(self, activity: Activity) -> None:
        """Want the states at hand that an activity concerns."""
        for book in BOOKS_OF.get(type(activity), ()):
            key = book.key(activity)
            if key is not None:
                self.asked += _note(self._asked, book, key, activity)

    async def load(self) -> None:
        """Have at hand what was asked for since the batch began."""
        turns = Turns()
        for name, keys in self._asked.items():
            known = self._states[name]
            missing = keys - known.keys()
            if len(known) + len(missing) > MAX_CACHED:
                known = self._states[name] = {key: known[key] for key in keys - missing}
            for some in portions(missing, LOADED_AT_A_TIME):
                known.update(await self._load(name, some))
                await turns.give_way()

    async def prepare(self, activities: Iterable[Activity], *, joins: bool = False) -> None:
        """Have the states at hand that activities concern; begins a batch, or ``joins`` the one before."""
        if not joins:
            self.begin()
        for activity in activities:
            self.ask(activity)
        await self.load()

    def fold(self, delta: Delta, activity: Activity) -> None:
        """Add an activity to a delta: what it says itself, and what the books make of it."""
        fold = FOLDS.get(type(activity))
        if fold is not None:
            fold(delta, activity)
        for book in BOOKS_OF.get(type(activity), ()):
            key = book.key(activity)
            if key is not None:
                self.documents += _note(self._touched, book, key, activity)
                for change in book.apply(self._states[book.name][key], activity):
                    fold_into(delta, change)

    @property
    def changed(self) -> States:
        """The states that the batch has changed."""
        return {name: {key: self._states[name][key] for key in keys} for name, keys in self._touched.items()}

    def committed(self) -> None:
        """The batch is in the database: the next one that joins begins anew."""
        self.begin()

    def forget(self) -> None:
        """Distrust what is in memory."""
        self._states = {book.name: {} for book in BOOKS}


def _note(notes: dict[str, set[BookKey]], book: Book, key: BookKey, activity: Activity) -> int:
    """Note a state of a book; how many documents more it takes."""
    keys = notes.setdefault(book.name, set())
    if key in keys:
        return 0
    keys.add(key)
    return HEAVY if type(activity) in book.heavy else 1
