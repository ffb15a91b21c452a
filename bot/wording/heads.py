"""What is said of a board's head: to what it is restricted, with what it is compared."""

from collections.abc import Callable, Iterator
from datetime import datetime

from bot.wording import format as fmt
from schemas.results.board import Head, Subject, SubjectKind
from texts import tr


def restrictions(head: Head, name: Callable[[Subject], str], between: str) -> Iterator[str]:
    """To what the figures are restricted, a sentence a kind; ``between`` stands between names."""
    channels, roles = (
        between.join(name(each) for each in head.filters if each.kind is kind)
        for kind in (SubjectKind.CHANNEL, SubjectKind.ROLE)
    )
    if channels:
        yield tr("Only in {channels}", channels=channels)
    if roles:
        yield tr("Only members who have one of these roles today: {roles}", roles=roles)


def compared(head: Head) -> Iterator[str]:
    """With what the figures are compared, or why they are not."""
    if head.previous_start is None or head.previous_stop is None:
        return
    before = fmt.days(head.previous_start, head.previous_stop)
    if head.compared:
        yield tr("Compared with {period}.", period=before)
    elif head.comparable and head.counted_since is not None:
        yield tr(
            "The period before ({period}) was not counted in full, so changes are unknown.", period=before
        )


def known_apart(head: Head, when: Callable[[datetime], str]) -> Iterator[str]:
    """From when on it is known what the view shows, where that is not all that was counted."""
    if not head.known_apart or head.counted_since is None:
        return
    if head.known_since is None:
        yield tr("What this shows is not in files: it is known only from when I am in a server.")
    elif head.known_since > head.start:
        yield tr(
            "What this shows is known since {when}; what was before is unknown.", when=when(head.known_since)
        )
