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

    To be called when the servers are in; again after they came in anew. It walks through everything once.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
