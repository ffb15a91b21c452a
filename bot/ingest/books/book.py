"""Books: what has to be known besides the counters, because order matters or an event names too little.

A removal does not say what it takes back, a redelivered event not that it came before. So a book keeps a
state per key (a message, a member, a thread …), loaded before a batch is folded and written in its
transaction. Each book is a row of ``BOOKS``; where its states are stored is a row in ``bot.db.books``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

BookKey = tuple[int, int]
"""guild, and what the book is about"""
WHOLE_SERVER = 0
"""What a book is about that has one state a server."""
States = Mapping[str, Mapping[BookKey, Any]]
"""States by book and key."""


@dataclass(frozen=True, slots=True)
class Book:
    """``key`` says which state an activity concerns (None: none of this book's).

    ``apply`` notes the activity in the state and yields what changes in the counters.
    """

    name: str
    activities: tuple[type, ...]
    key: Callable[[Any], BookKey | None]
    new: Callable[[], Any]
    apply: Callable[[Any, Any], Iterator[Any]]
    heavy: tuple[type, ...] = ()
    """Activities for which not one document is written, but three: what is known is moved."""
