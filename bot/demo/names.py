"""What the people of the demo's community call themselves."""

from collections.abc import Iterator
from itertools import count

import numpy as np

CREW = ("mara", "tomte", "ilse", "jonas")
"""The first people: they run the server, write much and never leave."""

TEAMS = {"Contributors": 3, "Artists": 5}
"""Roles of ordinary members: every so many of them have one, and a few have both."""

_FIRST = (
    "amber", "arctic", "brisk", "calm", "cedar", "clever", "cobalt", "copper", "coral", "dusty", "early",
    "ember", "fern", "foggy", "frosty", "gentle", "glass", "golden", "hazel", "hidden", "indigo", "ivory",
    "jolly", "late", "lazy", "lucky", "lunar", "maple", "mellow", "misty", "mossy", "north", "olive",
    "paper", "pixel", "plain", "quiet", "rusty", "salty", "sandy", "silver", "sleepy", "solar", "stormy",
    "sunny", "tidal", "velvet", "windy",
)  # fmt: skip
_SECOND = (
    "acorn", "anchor", "badger", "beacon", "bison", "brook", "button", "comet", "crane", "curlew", "drift",
    "falcon", "ferry", "finch", "fjord", "fox", "gull", "harbor", "heron", "ibis", "kayak", "kettle",
    "lantern", "lark", "lemur", "lynx", "magpie", "marten", "moth", "newt", "orbit", "otter", "owl",
    "pebble", "pine", "plover", "puffin", "quill", "raven", "reef", "robin", "sparrow", "stoat", "thistle",
    "toad", "vole", "willow", "wren",
)  # fmt: skip
_JOINTS = ("", "_", ".")


def names(rng: np.random.Generator) -> Iterator[str]:
    """Yield names without end, each another one."""
    yield from CREW
    pairs = rng.permutation(len(_FIRST) * len(_SECOND)).tolist()
    for lap in count():
        for pair in pairs:
            first, second = divmod(pair, len(_SECOND))
            yield f"{_FIRST[first]}{_JOINTS[pair % len(_JOINTS)]}{_SECOND[second]}{lap or ''}"
