"""``serverstats`` as users run it, but on a fake Discord: ``serverstats_process.py ADDRESS ARGUMENT ...``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.cli import main
from tests.support.discord_server.pointing import point_discord_at

if __name__ == "__main__":
    point_discord_at(sys.argv[1])
    sys.argv = ["serverstats", *sys.argv[2:]]
    main()
