"""``serverstats`` as users run it, but on a fake Discord: ``serverstats_process.py ADDRESS ARGUMENT ...``.

It lets itself be watched: see ``benchmarks.support.probe``.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.support import probe
from bot.cli import main
from tests.support.discord_server.pointing import point_discord_at


def watch_records() -> None:
    """Have the age of each message noted as it is recorded."""
    from bot.ingest.activities.messages import MessageSent  # noqa: PLC0415 - an unwatched command loads what it needs
    from bot.ingest.activity import Activity  # noqa: PLC0415 - an unwatched command loads what it needs
    from bot.ingest.recorder import Recorder  # noqa: PLC0415 - same

    watching, record = probe.watch(), Recorder.record

    def watched(recorder: Recorder, activity: Activity) -> None:
        record(recorder, activity)
        if type(activity) is MessageSent:
            watching.message(activity.id)

    Recorder.record = watched  # type: ignore[method-assign,assignment] # that is how it is watched


if __name__ == "__main__":
    point_discord_at(sys.argv[1])
    if probe.FILE in os.environ:
        watch_records()
    sys.argv = ["serverstats", *sys.argv[2:]]
    main()
