"""Texts that people read, in every language the bot speaks; English stands in the code, the others in files.

``tr``, ``tr_n`` and ``tr_p`` say a text in the language in force (``speaking``); a ``LazyText`` waits until
it is shown. Nothing here knows the rest of the project.
"""

from texts.catalogues import CATALOGUES, Languages, load_languages
from texts.language import ENGLISH, Language, speak, speaking, spoken
from texts.marks import LazyText, inside, said_in, tr, tr_n, tr_p
from texts.numbers import decimal, percent

__all__ = [
    "CATALOGUES",
    "ENGLISH",
    "Language",
    "Languages",
    "LazyText",
    "decimal",
    "inside",
    "load_languages",
    "percent",
    "said_in",
    "speak",
    "speaking",
    "spoken",
    "tr",
    "tr_n",
    "tr_p",
]
