"""Words for why mongod did not start, out of its exit code and the end of its log."""

import json
import re
import signal
from pathlib import Path

from bot.mongod.errors import MongodError, PortTakenError

_LAST_LINES = 6
_LONGEST_LINE = 400
_MISSING_LIBRARY = re.compile(r"error while loading shared libraries: (\S+): cannot open")
_ELSEWHERE = "set MONGODB_URI to a MongoDB that runs elsewhere"


def readable(line: str) -> str:
    """One line of mongod's log as a person would read it: message and details, without the wrapping."""
    try:
        entry = json.loads(line)
    except ValueError:
        return line[:_LONGEST_LINE]
    if not isinstance(entry, dict) or "msg" not in entry:
        return line[:_LONGEST_LINE]
    details = entry.get("attr")
    text = f"{entry['msg']} {json.dumps(details)}" if details else str(entry["msg"])
    return text[:_LONGEST_LINE]


def telling_lines(log: str) -> list[str]:
    """The errors in this piece of log, or its last lines where it names none."""
    lines = [line for line in log.splitlines() if line.strip()]
    errors = [line for line in lines if re.search(r'"s":"[EF]"', line)]
    return [readable(line) for line in (errors or lines)[-_LAST_LINES:]]


def _cause(exit_code: int | None, log: str, *, no_avx: bool) -> str:
    library = _MISSING_LIBRARY.search(log)
    missing = f"the library {library[1]} is missing: install it with the system's packages" if library else ""
    killed = signal.SIGKILL.value if hasattr(signal, "SIGKILL") else 9
    illegal = signal.SIGILL.value
    causes = [
        (no_avx, f"this processor lacks the AVX instructions that MongoDB 5 and later need: {_ELSEWHERE}"),
        (
            exit_code in {-illegal, 128 + illegal},
            f"this processor lacks what MongoDB needs (x86-64 with AVX, or ARMv8.2-A): {_ELSEWHERE}",
        ),
        (bool(missing), f"{missing}, or {_ELSEWHERE}"),
        ("GLIBC_" in log and "not found" in log, f"this system is too old for it: {_ELSEWHERE}"),
        ("No space left on device" in log, "the disk is full: make room"),
        ("DBPathInUse" in log, "another mongod uses its folder: end that one"),
        (
            "UPGRADE PROBLEM" in log or "featureCompatibilityVersion document" in log,
            "its files were written by another version of MongoDB: install that one, or restore a backup",
        ),
        (
            "permission denied" in log.lower(),
            "it may not read or write its folder: give the folder to the user that runs the bot",
        ),
        (
            exit_code in {-killed, 128 + killed},
            "it was killed, mostly because memory ran out: give the host more",
        ),
    ]
    return next((cause for holds, cause in causes if holds), "it says why itself")


def start_failure(exit_code: int | None, log: str, log_file: Path, *, no_avx: bool = False) -> MongodError:
    """Error for a mongod that did not come up; ``exit_code`` none means that it still ran."""
    tail = "\n".join(f"  {line}" for line in telling_lines(log)) or "  (nothing)"
    if "Address already in use" in log:
        return PortTakenError(f"The embedded MongoDB's port is taken.\nThe end of {log_file}:\n{tail}")
    how = "did not get ready in time" if exit_code is None else f"ended with code {exit_code}"
    cause = _cause(exit_code, log, no_avx=no_avx)
    return MongodError(f"The embedded MongoDB {how}: {cause}.\nThe end of {log_file}:\n{tail}")
