"""How long things take to start: `python benchmarks/startup.py [--runs 5]`.

The command line's help against a bare interpreter, and the demo from its start to its address.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.support.measuring import Spread, conclude, show

ENTRY = "import bot.cli; bot.cli.main()"


def timed(*arguments: str) -> float:
    """Seconds that a command takes."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def demo() -> float:
    """Seconds until the demo prints its address; ends it then."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", ENTRY, "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        for line in process.stdout or ():
            if "http://127.0.0.1" in line:
                return time.perf_counter() - began
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()
    raise AssertionError("the demo ended without an address")


def main() -> None:
    """Measure in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    os.chdir(Path(__file__).resolve().parents[1])
    figures: dict[str, list[float]] = {"python -c pass": [], "serverstats --help": [], "serverstats demo": []}
    for _ in range(runs):
        figures["python -c pass"].append(timed("-c", "pass"))
        figures["serverstats --help"].append(timed("-c", ENTRY, "--help"))
        figures["serverstats demo"].append(demo())
    rows = [(name, Spread.of(values).text(2)) for name, values in figures.items()]
    show("Start-up", ("", "seconds"), rows)
    conclude("startup", {name: Spread.of(values).median for name, values in figures.items()})


if __name__ == "__main__":
    main()
