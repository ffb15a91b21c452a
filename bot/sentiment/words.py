"""The score of a text: VADER, a list of English words and of rules how they work on each other.

It was made for short posts, knows emoji and emoticons, and knows English alone. Words of other languages that
look English would mislead it ("die", "war"), so what reads more like another language is not scored.
"""

import re
from collections.abc import Callable

from bot.ingest.activities.messages import UNSCORED

Score = Callable[[str], int]
"""Hundredths from -100 to 100; UNSCORED where no word is known."""

MOST_CHARACTERS = 280
"""Of a longer text only the beginning is looked at: a score of much text nears its ends, and takes longer."""

_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = """
    and are be but can could did do does don from get good had has have how if is it just like make my need
    not of our out should some than that the their them then there these they think this to use was we were
    what when which will with would you your
"""
_GERMAN = """
    aber auch auf aus bei das dass dein denn der dem doch du ein eine einen er es für gibt hab habe ich ihr
    ist jetzt kann kein mein mich mir mit muss nach nicht noch nur oder schon sein sich sie sind sehr und uns
    vom von wenn wer wie wir wird zu zum zur über
"""
_FRENCH = """
    avec ces cette dans des donc elle est et il je le les leur mais mon nous où par pas que qui sont suis sur
    très tu une vous à ça être
"""
_SPANISH_AND_PORTUGUESE = """
    como con cuando el ella ellos esta este esto está las lo los más muy nos para pero porque se su sí también
    un una y yo
    dos ela ele em eu isso meu muito não quando são uma um você
"""
_ITALIAN = "anche che chi ci della di gli io nel non più questo sono è"
_DUTCH_AND_NORDIC = """
    deze dit een geen het hij ik jij maar naar niet ook te voor wel zijn
    att av det du då ett har inte jag kan med mig och som till vad vi är
    af der eg er han hvad hvor ikke jeg meg når og på så vil
"""
_POLISH_AND_TURKISH = """
    czy dla jak jest już na nie się tak tylko że
    ama bir bu çok daha de değil için ki şey ve
"""
_OTHERS = (
    f"{_GERMAN} {_FRENCH} {_SPANISH_AND_PORTUGUESE} {_ITALIAN} {_DUTCH_AND_NORDIC} {_POLISH_AND_TURKISH}"
)
_ENGLISH_WORDS, _OTHER_WORDS = frozenset(_ENGLISH.split()), frozenset(_OTHERS.split())
"""The most frequent words, less those that one language shares with another."""
_FALSE_FRIENDS = {"die": 0.0, "war": 0.0}
"""Frequent in German, where they say nothing; in English they are mostly about games."""


def load_words() -> Score:
    """Load the list of words: some 20 MB, and a tenth of a second or two."""
    from vader import SentimentIntensityAnalyzer  # noqa: PLC0415 - who has it off pays nothing for it

    scores = SentimentIntensityAnalyzer(extra_lexicon=_FALSE_FRIENDS).polarity_scores

    def score(text: str) -> int:
        beginning = text[:MOST_CHARACTERS]
        if not beginning or reads_foreign(beginning):
            return UNSCORED
        found = scores(beginning)
        if not found["pos"] and not found["neg"]:
            return UNSCORED
        return round(found["compound"] * 100)

    return score


def reads_foreign(text: str) -> bool:
    """Whether more of the most frequent words are those of other languages than English ones."""
    words = _WORD.findall(text.lower())
    return sum(word in _OTHER_WORDS for word in words) > sum(word in _ENGLISH_WORDS for word in words)
