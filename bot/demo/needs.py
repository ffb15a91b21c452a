"""What the demo needs besides the bot."""

from importlib.util import find_spec

MODULES = ("simcord", "aiohttp", "markdown_it", "linkify_it", "regex", "PIL")
"""The simulated Discord, and what its page is made with."""


class DemoError(Exception):
    """The demo cannot start; the message says how to mend it."""


def require_extra() -> None:
    """Raise DemoError if the simulated Discord is not installed."""
    missing = [name for name in MODULES if find_spec(name) is None]
    if missing:
        raise DemoError(
            f"The demo needs what is not installed ({', '.join(missing)}). "
            "Mend: pip install 'serverstats[demo]'"
        )
