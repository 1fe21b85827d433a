"""Everyday German words as English ones, for encoders that know English only.

Word by word, by the table in `resources/language/german.txt`: what is asked of photos is a few
nouns, and the encoders read them in any order. A sentence is not translated.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from capsearch.resources import resource_path
from capsearch.text import folded

_ENDINGS = ("e", "er", "es", "en", "em")
_JOINTS = ("", "s", "es", "n", "en", "e", "er")
_SHORTEST_NOUN = 3
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}


def to_english(word: str) -> str | None:
    """What a German word is in English, in any of its forms; None where it is not known."""
    key = folded(word)
    return _known(key) or _compound(key)


def is_german(word: str) -> bool:
    """Whether the table knows this very form, and it is another word in English."""
    key = folded(word)
    return _table().get(key, key) != key


def _known(key: str) -> str | None:
    table = _table()
    if key in table:
        return table[key]
    for ending in _ENDINGS:  # 'rote', 'rotes', 'Hundes'
        if key.endswith(ending) and len(key) - len(ending) >= _SHORTEST_NOUN:
            stem = table.get(key.removesuffix(ending))
            if stem is not None:
                return stem
    return table.get(key[:-1]) if key.endswith(("s", "n")) and len(key) > 4 else None


def _compound(key: str) -> str | None:
    """'Holzhaus' is a wooden house: two words of the table, the second of them the thing."""
    for cut in range(len(key) - _SHORTEST_NOUN, _SHORTEST_NOUN - 1, -1):
        thing = _known(key[cut:])
        if thing is None:
            continue
        for joint in _JOINTS:
            what = key[:cut].removesuffix(joint) if joint else key[:cut]
            if key[:cut].endswith(joint) and len(what) >= _SHORTEST_NOUN and what in _table():
                return f"{_table()[what]} {thing}"
    return None


@cache
def _table() -> Mapping[str, str]:
    text = resource_path("language/german.txt").read_text(encoding="utf-8")
    return dict(_entries(text))


def _entries(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        english, colon, forms = line.partition(": ")
        if not colon or line.startswith("#"):
            continue
        for form in forms.split():
            yield folded(form), english
            spelled_out = form
            for letter, letters in _UMLAUTS.items():
                spelled_out = spelled_out.replace(letter, letters)
            yield folded(spelled_out), english
