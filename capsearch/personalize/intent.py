"""What a query asks of the collection: is it possessive, how much of it is left unsaid.

'my dog' names nothing that a picture could show better than another dog's picture does: it asks
for the dog of this library. 'a black dog runs through snow' says all that it needs.
"""

import re
from dataclasses import dataclass

import numpy as np

from capsearch.encoders.base import FloatArray
from capsearch.personalize.possessives import (
    AFTERWARDS,
    NOT_ONES_OWN,
    POSSESSIVES,
    UNSPACED,
)

_LIGHT = frozenset(
    "a an the of and with in on at to for is are was some this that his her their your its"
    " photo photos picture pictures image images me us i we favorite favourite own dear new old"
    " little dearest".split()
)
# What people say before they name what they want: 'where is my coat', 'I would like to see our
# house'. In front of a possessive it is no part of what photos show.
_ASKING = frozenset(
    "want wants wanted need needs like love miss would 'd i'd see find show give get look looking"
    " looking search searching seek seeking where where's which what what's who who's when is are"
    " was were has have had do does did can could will please here there everything every each only"
    " just".split()
)
_LEADING = _ASKING | frozenset(
    "all any a an the of for to at in on me us i we photo photos picture pictures image images"
    " pics shots".split()
)
_PHOTO_OF = re.compile(r"^(?:(?:a|the|some)\s+)?(?:photo|picture|image|shot)s?\s+of\s+", re.I)
_ENGLISH = frozenset({"my", "our"}) | AFTERWARDS
_BEFORE_MINE = frozenset({"of", "is", "are", "was", "were"})
_BEHIND = "\0"
_OF_MINE = re.compile(rf"(?:\bof\s+)?{_BEHIND}")
# Vowel signs of Indian scripts are no letters to Python, and part of words.
_WORD = re.compile(
    r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff])*(?:['\u2019][^\W\d_]+)?", re.UNICODE
)


@dataclass(frozen=True)
class QueryIntent:
    """How a query reads.

    possessive: 1.0 where the query says 'my' or 'our' in any of `possessives`, else 0.0.
    underspecified: 1 / number of words that carry meaning, so 1.0 for 'dog' and 'my dog', 0.2
        for a full caption; 1.0 where no such word is left ('my', '').
    bare: the query without its possessives and what asks for it ('where is my dog in snow' ->
        'a photo of a dog in snow'; 'mein Hund im Schnee' -> 'Hund im Schnee').
    """

    possessive: float
    underspecified: float
    bare: str


@dataclass(frozen=True)
class _Read:
    """A text from the first word on that is meant, and where in it (start, end) the words lie that
    say whose that is."""

    text: str
    owners: tuple[tuple[int, int], ...]


def read_intent(text: str) -> QueryIntent:
    """Read a query's intent from its words alone; any text is fine, none raises."""
    read = _read(text)
    underspecified = 1.0 / max(1, len(telling_words(text)))
    bare = _without_possessives(read) if read.owners else text
    return QueryIntent(float(bool(read.owners)), underspecified, bare or text)


def telling_words(text: str) -> list[str]:
    """The words of a query that carry meaning, in small letters and in their order."""
    read = _read(text)
    kept = _cut_out(read.text, read.owners, "")
    return [word for word in _words(kept) if word not in _LIGHT]


def query_variants(text: str) -> tuple[str, ...]:
    """The texts to encode for a query: itself, and where it is possessive, also without 'my'.

    Pass the encoder's `(1 or 2, dim)` rows, in this order, to `personalize_query`.
    """
    intent = read_intent(text)
    return (text, intent.bare) if intent.possessive and intent.bare != text else (text,)


def intent_terms(possessive: float, underspecified: float) -> FloatArray:
    """The `(4,)` terms that every gain of the network is a weighted sum of."""
    terms = [1.0, underspecified, possessive, possessive * underspecified]
    return np.array(terms, dtype=np.float32)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _read(text: str) -> _Read:
    words = list(_WORD.finditer(text))
    low = [word[0].lower().replace("\u2019", "'") for word in words]
    owners = [
        (word.start(), word.end()) for at, word in enumerate(words) if _is_owner(low, at, word[0])
    ]
    if not owners:
        return _unspaced(text)
    leading = [said for said, word in zip(low, words, strict=True) if word.end() <= owners[0][0]]
    asked = any(said in _ASKING for said in leading) and all(said in _LEADING for said in leading)
    start = owners[0][0] if asked else 0
    return _Read(text[start:], tuple((one - start, other - start) for one, other in owners))


def _is_owner(low: list[str], at: int, typed: str) -> bool:
    word = low[at]
    before = low[at - 1] if at else ""
    if word in AFTERWARDS:
        return before in _BEFORE_MINE
    if word not in POSSESSIVES:
        return False
    if typed[:1].isupper() and at:
        return typed.isupper()  # a name within a text, not a shout: 'with Mia'
    if any(tuple(low[at : at + len(name)]) == name for name in NOT_ONES_OWN):
        return False
    return at + 1 < len(low) or at > 0 or word in _ENGLISH


def _unspaced(text: str) -> _Read:
    for own in UNSPACED:
        at = text.find(own)
        if at >= 0 and len(text) > len(own):
            return _Read(text, ((at, at + len(own)),))
    return _Read(text, ())


def _without_possessives(read: _Read) -> str:
    english = all(read.text[start:end].lower() in _ENGLISH for start, end in read.owners)
    if not english:
        return " ".join(_cut_out(read.text, read.owners, "").split())
    kept = _cut_out(read.text, read.owners, "a")
    kept = _PHOTO_OF.sub("", " ".join(_OF_MINE.sub("", kept).split()))
    return f"a photo of {kept}" if kept and kept.lower() != "a" else ""


def _cut_out(text: str, places: tuple[tuple[int, int], ...], article: str) -> str:
    """The text with the words at these places taken out; `article` in place of one before a noun,
    a mark where it stood behind."""
    pieces, end = [], 0
    for start, stop in places:
        behind = text[start:stop].lower() in AFTERWARDS
        pieces += [text[end:start], _BEHIND if behind and article else article]
        end = stop
    return "".join([*pieces, text[end:]])
