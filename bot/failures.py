"""What the log says of a failure: a line where the database is silent, a traceback where we are at fault."""

from collections.abc import Mapping

from bot.db.database import silence_in
from bot.ingest.journal import JournalFull
from bot.views.service import Unavailable, Unprinted


def reason(error: BaseException) -> Mapping[str, object]:
    """The fields of a log line that tell why: ``cause`` if that is known to happen, else ``exc_info``."""
    known = _known(error)
    if known is None:
        return {"exc_info": error}
    message = " ".join(str(known).split())
    return {"cause": f"{type(known).__name__}: {message}"}


def _known(error: BaseException) -> BaseException | None:
    """The error that says what is the matter outside; None where the fault is ours."""
    match error:
        case JournalFull() | Unprinted():  # why a report could not be drawn is logged already
            return error
        case Unavailable(__cause__=TimeoutError()):
            return error
        case _:
            return silence_in(error)
