"""What a user is told when something does not work: one sentence, which says what to do."""

import secrets
from dataclasses import dataclass

from analytics.timeframes import TimeframeError
from bot.db.reader import UnknownGuild
from bot.ingest.journal import JournalFull
from bot.ingest.store import StoreUnavailable
from bot.views.service import Unavailable
from texts import tr


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """The bot will not do that; the message is for the user and says why and what to do."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the user reads; ``reference`` is set where the log holds a cause that the user cannot mend."""

    sentence: str
    reference: str | None


def explain(error: BaseException) -> Explanation:
    """Put an error into words for the person who met it."""
    match error:
        case Refusal() | TimeframeError():
            return Explanation(str(error), None)
        case UnknownGuild():
            return Explanation(tr("Nothing is counted in this server yet; try again later."), None)
        case Unavailable() | StoreUnavailable():
            advice = tr("The database does not answer just now: try again in a minute")
        case JournalFull():
            advice = tr("My disk is full, so I cannot keep this: try again later")
        case _:
            advice = tr("Something went wrong on my side: try again")
    reference = secrets.token_hex(4)
    sentence = tr(
        "{advice}, or tell whoever runs me this reference: `{reference}`.",
        advice=advice,
        reference=reference,
    )
    return Explanation(sentence, reference)
