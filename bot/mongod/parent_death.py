"""Runs a command that never outlives the process that started it.

Started as a script of its own, with the standard library alone:

``exec PID LIBRARIES COMMAND...`` (Linux) asks the kernel to kill this process when its parent, PID, dies,
then becomes the command. The kernel means the parent's *thread*: it must live as long as the command.

``watch LIBRARIES COMMAND...`` (elsewhere) stays in between and reads standard input: ``t`` ends the command
gently, ``k`` or the end of input, which is what the parent's death brings, kills it.

LIBRARIES is a folder for the command's LD_LIBRARY_PATH, or empty.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading

PR_SET_PDEATHSIG = 1
TERMINATE = b"t"
KILL = b"k"
CANNOT_RUN = 126


def with_libraries(environment: dict[str, str], folder: str) -> dict[str, str]:
    """Environment in which the loader looks into ``folder`` first."""
    if not folder:
        return environment
    rest = environment.get("LD_LIBRARY_PATH")
    return environment | {"LD_LIBRARY_PATH": f"{folder}:{rest}" if rest else folder}


def become(parent: int, libraries: str, command: list[str]) -> None:
    """Turn into the command; comes back only if the parent is dead already."""
    libc = ctypes.CDLL(None, use_errno=True)
    # Killed, not asked: MongoDB keeps what it acknowledged, and nothing can be left behind.
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() == parent:
        os.execve(command[0], command, with_libraries(dict(os.environ), libraries))  # noqa: S606 - fixed argv


def watch(libraries: str, command: list[str]) -> int:
    """Run the command until it ends or standard input says so; its exit code, 128 + n for signal n."""
    child = subprocess.Popen(  # noqa: S603 - fixed argv, no shell
        command, stdin=subprocess.DEVNULL, env=with_libraries(dict(os.environ), libraries)
    )

    def obey() -> None:
        # Read past Python's own buffer, whose lock would break the interpreter's end.
        while os.read(sys.stdin.fileno(), 1) == TERMINATE:
            child.terminate()
        child.kill()

    threading.Thread(target=obey, daemon=True).start()
    code = child.wait()
    return 128 - code if code < 0 else code


def main(arguments: list[str]) -> int:
    """Run what the arguments say and give the exit code."""
    if arguments[0] == "exec":
        become(int(arguments[1]), arguments[2], arguments[3:])
        return CANNOT_RUN
    return watch(arguments[1], arguments[2:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
