"""What is asked of a library of which nothing is known: sentences, and things of one's own."""

import re
from collections.abc import Sequence

from capsearch.personalize import bank_texts

# The index is tuned by the first 200 of the product's sentences.
_TUNED_BY = 200
_THING = re.compile(r"a photo of an? (\w+)")
_LIVING = ("dog", "puppy", "cat", "horse", "bird", "baby", "family")


def generic_sentences(count: int) -> list[str]:
    """At most `count` of the product's sentences, evenly, without those that tune its index."""
    return _evenly(bank_texts()[_TUNED_BY:], count)


def personal_queries(count: int) -> list[str]:
    """At most `count` queries 'my ...' for living beings and for things that the product's
    sentences name by one word."""
    things = [found[1] for text in bank_texts() if (found := _THING.fullmatch(text))]
    return [f"my {word}" for word in _evenly([*_LIVING, *things], count)]


def _evenly(texts: Sequence[str], count: int) -> list[str]:
    return list(texts[:: -(-len(texts) // count)])
