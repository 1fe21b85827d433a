"""The words that are left for the encoder, as it knows them: emoji by name, German as English,
misspelled words mended, and those that it does not know told."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from rapidfuzz import process
from rapidfuzz.distance import OSA

from capsearch.encoders.vocabulary import Vocabulary
from capsearch.language.emoji_names import emoji_name
from capsearch.language.german import is_german, to_english
from capsearch.language.parts import Change, UnknownWord
from capsearch.text import folded

_PIECE = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*|[^\w\s]+", re.UNICODE)
_SHORTEST_OFFERED = 4
# Lengths from which one slip, and two, are mended at once and not only offered: the shorter a
# word, the more others are as near to it (shares of wrong mends: tests/language/test_wording.py).
_ONE_SLIP, _TWO_SLIPS = 6, 9


@dataclass(frozen=True)
class Wording:
    """What the encoder gets (`text`, empty where it knows nothing of it), and how that came; `own`
    are words that only the library's texts know."""

    text: str
    changes: tuple[Change, ...] = ()
    unknown: tuple[UnknownWord, ...] = ()
    own: tuple[str, ...] = ()


@dataclass(frozen=True)
class KnownWords:
    """What is known of words.

    vocabulary: the encoder's, None where it knows every word or that cannot be told.
    english: everyday English words.
    multilingual: the encoder needs no translation.
    own: whether the texts of the library's photos hold a word.
    names: words of the library's names, folded.
    german: the user's own language is German, so that 'Hut' is a hat and no hut.
    """

    vocabulary: Vocabulary | None
    english: Vocabulary
    multilingual: bool = False
    own: Callable[[str], bool] = field(default=lambda word: False)
    names: frozenset[str] = frozenset()
    german: bool = False

    def ready(self) -> Self:
        """The same, with all worked out that the first misspelled word would have to wait for."""
        _ = self.choices
        return self

    def knows(self, word: str) -> bool:
        """Whether the encoder knows this word, in lower case."""
        return self.vocabulary is None or self.vocabulary.knows(word)

    @cached_property
    def choices(self) -> list[str]:
        """What a misspelled word may have been."""
        return list(dict.fromkeys((*self.english.counts, *sorted(self.names))))


def reword(look: str, known: KnownWords, kept: Collection[str] = ()) -> Wording:
    """Put what is looked for into words that the encoder knows; `kept` words, in lower case, are
    left as they were typed."""
    pieces = _PIECE.findall(look)
    german = not known.multilingual and _is_german(pieces, known)
    changes: list[Change] = []
    strange: list[str] = []
    own: list[str] = []
    read: list[str] = []
    for piece in pieces:
        lowered = piece.lower()
        other = None if lowered in kept else _other(piece, known, german=german)
        if other is not None:
            changes.append(other)
            read.append(other.read)
        elif lowered in kept or known.knows(folded(piece)) or not lowered[0].isalnum():
            read.append(piece)
        elif known.own(folded(piece)):
            own.append(piece)
            read.append(piece)
        else:
            strange.append(piece)
            read.append("")
    # Where most words are strange it is another language, of which nothing is mended.
    other_language = len(strange) > 1 and 2 * len(strange) >= len(pieces)
    mended = {} if other_language else _mended(strange, known)
    for at, piece in enumerate(pieces):
        if not read[at] and (change := mended.get(piece)) is not None:
            changes.append(change)
            read[at] = change.read
    left = tuple(
        UnknownWord(word, "" if other_language else _nearest(word, known))
        for word in strange
        if word not in mended
    )
    if changes or left:
        text = " ".join(word for word in read if word)
        return Wording(
            text if any(map(str.isalnum, text)) else "", tuple(changes), left, tuple(own)
        )
    return Wording(look, own=tuple(own))


def _is_german(pieces: list[str], known: KnownWords) -> bool:
    """Whether one of the words can only be German."""
    english = known.english
    return any(
        (is_german(piece) and (known.german or not english.common(piece.lower())))
        or (not english.knows(folded(piece)) and to_english(piece) is not None)
        for piece in pieces
    )


def _other(piece: str, known: KnownWords, *, german: bool) -> Change | None:
    """An emoji's name, or the English word for a German one."""
    name = emoji_name(piece)
    if name is not None:
        return Change(piece, name, "emoji")
    if known.multilingual or (known.own(folded(piece)) and not is_german(piece)):
        return None
    if german or not known.knows(folded(piece)):
        english = to_english(piece)
        if english is not None and english != piece.lower():
            return Change(piece, english, "german")
    return None


def _mended(strange: list[str], known: KnownWords) -> dict[str, Change]:
    """Misspelled words as what was surely meant."""
    mended = {}
    for word in strange:
        slips = 2 if len(word) >= _TWO_SLIPS else 1 if len(word) >= _ONE_SLIP else 0
        near = _near(word, known, slips)
        if near:
            mended[word] = Change(word, near[0], "spelling")
    return mended


def _nearest(word: str, known: KnownWords) -> str:
    if len(word) < _SHORTEST_OFFERED:
        return ""
    near = _near(word, known, 2 if len(word) >= _ONE_SLIP else 1)
    return near[0] if near else ""


def _near(word: str, known: KnownWords, slips: int) -> list[str]:
    """Known words so many slips away or less, the nearest and then the most frequent first."""
    if not slips:
        return []
    found = process.extract(
        folded(word), known.choices, scorer=OSA.distance, score_cutoff=slips, limit=None
    )
    return [choice for choice, _, _ in sorted(found, key=lambda each: (each[1], each[2]))]
