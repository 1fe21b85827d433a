"""Which words an encoder knows, as far as that can be told."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from capsearch.resources import resource_path

WORDS_FILE = "words.txt"
# Names of encoders whose text tower was trained on many languages.
_MULTILINGUAL = re.compile(
    r"xlm|nllb|siglip2|siglip-?i18n|i18n|multilingual|mt5|mclip|m-clip", re.I
)
_SUFFIXES = ("'s", "s", "es", "ing", "ed", "er", "ers", "ly", "y")
_SHORTEST_HALF = 3


@dataclass(frozen=True)
class Vocabulary:
    """The words that the starter was trained on more than a few times, with how often each was
    said (`counts`), and those that its tokenizer has whole, because the network that it grew from
    met them often (`whole`)."""

    counts: Mapping[str, int]
    whole: frozenset[str]

    def knows(self, word: str) -> bool:
        """Whether the encoder has met this word, in lower case, or what it is made of."""
        return self._met(word) or self._inflected(word) or self._compound(word)

    def common(self, word: str) -> bool:
        """Whether it is an everyday English word."""
        return word in self.counts

    def _met(self, word: str) -> bool:
        return word in self.counts or word in self.whole or not any(map(str.isalpha, word))

    def _inflected(self, word: str) -> bool:
        for suffix in _SUFFIXES:
            stem = word.removesuffix(suffix)
            if stem == word or len(stem) < _SHORTEST_HALF:
                continue
            if stem in self.counts or stem + "e" in self.counts:
                return True
            if len(stem) > 1 and stem[-1] == stem[-2] and stem[:-1] in self.counts:
                return True
        return word.endswith("ies") and word[:-3] + "y" in self.counts

    def _compound(self, word: str) -> bool:
        return any(
            self.common(word[:cut]) and self.common(word[cut:])
            for cut in range(_SHORTEST_HALF, len(word) - _SHORTEST_HALF + 1)
        )


@cache
def starter_vocabulary() -> Vocabulary:
    """The bundled encoder's, which is also a list of everyday English words.

    Raises:
        CapsearchError: the starter is missing.
    """
    counts: dict[str, int] = {}
    words = resource_path(f"starter/{WORDS_FILE}").read_text(encoding="utf-8")
    for line in words.splitlines():
        word, _, count = line.partition(" ")
        counts[word] = int(count)
    tokenizer = json.loads(resource_path("starter/tokenizer.json").read_text(encoding="utf-8"))
    pieces = tokenizer["model"]["vocab"]
    return Vocabulary(counts, frozenset(piece for piece in pieces if piece.isalpha()))


def vocabulary_of(encoder: str) -> Vocabulary | None:
    """The words that the encoder of this name knows; None where that cannot be told."""
    return starter_vocabulary() if encoder == "starter" else None


def is_multilingual(encoder: str) -> bool:
    """Whether the encoder of this name understands more than English, by its name."""
    return _MULTILINGUAL.search(encoder) is not None
