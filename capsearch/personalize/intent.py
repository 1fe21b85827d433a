"""What a query asks of the collection: is it possessive, how much of it is left unsaid.

'my dog' names nothing that a picture could show better than another dog's picture does: it asks
for the dog of this library. 'a black dog runs through snow' says all that it needs.
"""

import re
from dataclasses import dataclass

import numpy as np

from capsearch.encoders.base import FloatArray

_OWN = frozenset({"my", "our", "mine", "ours"})
_LIGHT = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "and",
        "with",
        "in",
        "on",
        "at",
        "to",
        "for",
        "is",
        "are",
        "was",
        "some",
        "this",
        "that",
        "his",
        "her",
        "their",
        "your",
        "its",
        "photo",
        "photos",
        "picture",
        "pictures",
        "image",
        "images",
        "me",
        "us",
        "i",
        "we",
        "favorite",
        "favourite",
        "own",
        "dear",
        "new",
        "old",
        "little",
        "dearest",
    ]
)
_PHOTO_OF = re.compile(r"^(?:(?:a|the|some)\s+)?(?:photo|picture|image|shot)s?\s+of\s+", re.I)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?", re.UNICODE)


@dataclass(frozen=True)
class QueryIntent:
    """How a query reads.

    possessive: 1.0 where the query says 'my' or 'our', else 0.0.
    underspecified: 1 / number of words that carry meaning, so 1.0 for 'dog' and 'my dog', 0.2
        for a full caption; 1.0 where no such word is left ('my', '').
    bare: the query without its possessives ('my dog in snow' -> 'a photo of a dog in snow').
    """

    possessive: float
    underspecified: float
    bare: str


def read_intent(text: str) -> QueryIntent:
    """Read a query's intent from its words alone; any text is fine, none raises."""
    possessive = float(any(word in _OWN for word in _words(text)))
    underspecified = 1.0 / max(1, len(telling_words(text)))
    return QueryIntent(possessive, underspecified, _without_possessives(text, bool(possessive)))


def telling_words(text: str) -> list[str]:
    """The words of a query that carry meaning, in small letters and in their order."""
    return [word for word in _words(text) if word not in _OWN and word not in _LIGHT]


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


def _without_possessives(text: str, possessive: bool) -> str:
    if not possessive:
        return text
    body = _PHOTO_OF.sub("", text.strip())
    kept = re.sub(r"\b(my|our)\b", "a", body, flags=re.IGNORECASE)
    kept = " ".join(re.sub(r"\b(of\s+)?(mine|ours)\b", "", kept, flags=re.IGNORECASE).split())
    return f"a photo of {kept}" if kept and kept.lower() != "a" else text
