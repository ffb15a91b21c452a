"""What the score of a text costs: to load, for ordinary messages, and for the worst that fit."""

import resource
import statistics
import sys
import time

from bot.sentiment.words import MOST_CHARACTERS, Score, load_words

ROUNDS, TIMES = 9, 50
TEXTS = {
    "three words": "lol nice one",
    "an ordinary message": "thanks, that fixed it! the new water shader looks great but fog is broken :(",
    "another language": "danke, das hat es gelöst, aber der Nebel ist auf meinem Rechner noch immer kaputt",
    "a long text": "thanks, that fixed it! the new water shader looks great but the fog is still broken :( "
    * 20,
    "the most words": "a " * 2000,
    "the most known words": "ok " * 2000,
    "emoji alone": "\N{GRINNING FACE}" * 2000,
    "hearts alone": "\N{HEAVY BLACK HEART}" * 2000,
}


def main() -> None:
    before, begun = peak_mib(), time.perf_counter()
    score = load_words()
    say(f"loaded in {(time.perf_counter() - begun) * 1000:.0f} ms, {peak_mib() - before:.0f} MiB more")
    say(f"the first {MOST_CHARACTERS} characters are looked at; µs a message, median of {ROUNDS}:")
    for name, text in TEXTS.items():
        say(f"{name:>22}: {microseconds(score, text):8.1f}")


def microseconds(score: Score, text: str) -> float:
    rounds = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for _ in range(TIMES):
            score(text)
        rounds.append((time.process_time() - begun) / TIMES * 1e6)
    return statistics.median(rounds)


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
