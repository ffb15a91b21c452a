"""What a process that ended has left in its journal."""

from bot.ingest.activity import read_back
from bot.ingest.journal import Journal, Position


def servers_behind(journal: Journal, committed: Position) -> set[int]:
    """Servers of which something is not committed yet; reads all of that, so it is for a thread."""
    left = (read_back(payload) for payload, _ in journal.read(committed))
    return {activity.guild for activity in left if activity is not None}
