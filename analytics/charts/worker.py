"""The process that draws: descriptions come in on standard input, pictures go out on standard output.

It ends when its input ends. Whoever started it may therefore be killed in any way, on any system, and leaves
no orphan behind, not even in the middle of a drawing.
"""

import logging
import os
import signal
import sys
import threading
import traceback
from datetime import date
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING

from analytics.charts.spec import BarsSpec, TimeAxis, Unit
from analytics.charts.wire import (
    Answer,
    Drawn,
    Failed,
    decode_request,
    encode_answer,
    read_frame,
    write_frame,
)

if TYPE_CHECKING:
    from analytics.charts.painter import Painter

_NICENESS = 10
_NO_SYSTEM_FONTS = "MPL_IGNORE_SYSTEM_FONTS"
"""Keeps matplotlib from scanning the system while it is imported; later it would hide our fonts from it."""


def main() -> None:
    """Draw until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    answers = _claim_output()
    requests: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_receive, args=(sys.stdin.buffer, requests), daemon=True).start()
    painter = _warm_painter()
    write_frame(answers, encode_answer(Drawn()))
    while True:
        write_frame(answers, encode_answer(_answer(painter, requests.get())))


def _claim_output() -> IO[bytes]:
    """Take standard output for the answers, so that a stray print goes to the log instead."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def _receive(stream: IO[bytes], requests: SimpleQueue[bytes]) -> None:
    """Hand requests over; at the end of the input end the process, whatever it is doing."""
    while (request := read_frame(stream)) is not None:
        requests.put(request)
    os._exit(0)


def _warm_painter() -> "Painter":
    """Load matplotlib and the main fonts by drawing a first picture."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    os.environ[_NO_SYSTEM_FONTS] = "1"
    from analytics.charts.painter import Painter  # noqa: PLC0415 - the setting above has to come first

    del os.environ[_NO_SYSTEM_FONTS]
    painter = Painter()
    axis = TimeAxis(Unit.DAY, date(2026, 1, 1))
    painter.draw(BarsSpec(title="Warm", subtitle="up", axis=axis, values=(1.0, 2.0), y_label="Bars"))
    return painter


def _answer(painter: "Painter", request: bytes) -> Answer:
    try:
        return Drawn(painter.made(decode_request(request)))
    except Exception:  # noqa: BLE001 - one bad description must not end the process; the owner logs it
        return Failed(traceback.format_exc())


if __name__ == "__main__":
    main()
