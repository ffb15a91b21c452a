"""How the interpreter is set for a process that reads a gateway for months."""

import gc
import sys

THRESHOLDS = (10_000, 2, 100)
"""Python's own (700, 10, 10) suit short scripts; a commit alone makes some ten thousand objects.

A collection looks at all that a running commit holds, 0.45 µs an object: of the young at most 10,000, of the
middle-aged 30,000, 14 ms. It was 20 with (5_000, 10, 50), and 17 for the young with (20_000, 20, 20).
"""

SWITCH_SECONDS = 0.0005
"""How long a computing thread may keep the interpreter from the event loop; Python's own 5 ms add up.

The loop lets go at every read and at every message that it decompresses: beside a thread that computed for
100 ms, messages came 38 ms late with 5 ms, and 6 ms with this.
"""


def favour_the_loop() -> None:
    """Let the event loop take the interpreter back from threads soon."""
    sys.setswitchinterval(SWITCH_SECONDS)


def spare_what_stays() -> None:
    """Keep garbage collection from walking through servers, channels and modules again and again.

    To be called when the servers are in. It walks through everything once, which takes 60 to 80 ms.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


class Sparing:
    """Spares what stays through all sessions, at times when nobody waits for the loop.

    A new session brings the servers anew and leaves those of the one before behind, which no collection finds
    as long as they are spared. They are looked for when the connection is lost the next time: nothing comes
    then.
    """

    def __init__(self) -> None:
        self._begun = False
        self._left_behind = False

    def ready(self) -> None:
        """The servers are in."""
        if self._begun:
            gc.freeze()
            self._left_behind = True
        else:
            self._begun = True
            spare_what_stays()

    def disconnected(self) -> None:
        """A connection is lost."""
        if self._left_behind:
            self._left_behind = False
            spare_what_stays()
