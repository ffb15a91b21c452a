"""Runs a module as `python -m` would, with discord.py turned to a fake.

python -m tests.support.discord_server.pointed http://127.0.0.1:PORT MODULE [ARGUMENT ...]
"""

from __future__ import annotations

import runpy
import sys

from tests.support.discord_server.pointing import point_discord_at


def main() -> None:
    """Point discord.py at the first argument and run the module named by the second."""
    _, base_url, module, *rest = sys.argv
    point_discord_at(base_url)
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
