"""What a process that ended has left in its journal."""

from bot.ingest.activity import decode
from bot.ingest.journal import Journal, Position


def servers_behind(journal: Journal, committed: Position) -> set[int]:
    """Servers of which something is not committed yet; reads all of that, so it is for a thread."""
    return {decode(payload).guild for payload, _ in journal.read(committed)}
