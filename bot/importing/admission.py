"""Which of a file's messages count: those whose ids are in uncounted ranges, which the file then fills."""

from collections.abc import Iterable

from bot.importing.rows import ImportFileError
from bot.ingest.activities.messages import MessageSent
from bot.ingest.coverage import Coverage, admit_page
from bot.ingest.store import CoverageKey, Store


class Admission:
    """Coverage of the channels that a file speaks of, as it will be when the next transaction is done.

    Messages without an id are all admitted. In each channel ids have to ascend, which was looked at before
    (``bot.importing.survey``); the file is taken to hold every message between its first and its last.
    """

    def __init__(self, guild_id: int, store: Store) -> None:
        self._guild = guild_id
        self._store = store
        self._coverage: dict[CoverageKey, Coverage] = {}
        self._last: dict[CoverageKey, int] = {}
        self.touched: dict[CoverageKey, Coverage] = {}

    async def admit(self, rows: Iterable[tuple[MessageSent, bool]]) -> list[MessageSent]:
        """The messages that count, out of pairs with whether a message starts a thread."""
        messages = list(rows)
        await self._load(key for sent, starts in messages if sent.id for key in _keys(sent, starts=starts))
        self._require_order(sent for sent, _ in messages if sent.id)
        pages: dict[CoverageKey, dict[int, MessageSent]] = {}
        admitted = []
        for sent, starts in messages:
            if sent.id == 0:
                admitted.append(sent)
            elif not (starts and sent.thread) or self._first_seen(sent):
                pages.setdefault(_own(sent), {}).setdefault(sent.id, sent)
        for key, page in pages.items():
            ids = sorted(page)
            last = self._last.get(key, ids[0] - 1)
            verdicts = admit_page(self._touch(key), ids, min(last + 1, ids[0]))
            self._last[key] = ids[-1]
            admitted += [page[i] for i, counts in zip(ids, verdicts, strict=True) if counts]
        return admitted

    def _require_order(self, messages: Iterable[MessageSent]) -> None:
        """Raise before anything of these messages is admitted: what is admitted is committed, whatever comes.

        Within them the order does not matter.
        """
        for sent in messages:
            if sent.id < self._last.get(_own(sent), sent.id):
                raise ImportFileError("the file has changed while it was imported. Import it once more.")

    def committed(self) -> None:
        """Note that what was touched is in the database."""
        self.touched = {}

    def _first_seen(self, sent: MessageSent) -> bool:
        """Whether the first message of a thread was not counted where the thread was opened from.

        A forum's post has it in the thread alone; elsewhere it is a copy of a message in the parent channel.
        """
        return admit_page(self._touch((sent.guild, sent.channel)), [sent.id], sent.id)[0]

    def _touch(self, key: CoverageKey) -> Coverage:
        coverage = self.touched[key] = self._coverage[key]
        return coverage

    async def _load(self, keys: Iterable[CoverageKey]) -> None:
        missing = set(keys) - self._coverage.keys()
        if missing:
            self._coverage.update(await self._store.coverage(missing))


def _keys(sent: MessageSent, *, starts: bool) -> list[CoverageKey]:
    return [_own(sent), (sent.guild, sent.channel)] if starts else [_own(sent)]


def _own(sent: MessageSent) -> CoverageKey:
    return sent.guild, sent.thread or sent.channel
