"""How the interpreter is set for a process that reads a gateway for months."""

import gc

THRESHOLDS = (20_000, 20, 20)
"""Python's own (700, 10, 10) suit short scripts; a commit alone makes some ten thousand objects."""


def spare_what_stays() -> None:
    """Keep garbage collection from walking through servers, channels and modules again and again.

    To be called when the servers are in; again after they came in anew. It walks through everything once.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
