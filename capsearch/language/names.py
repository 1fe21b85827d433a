"""The names that a library knows: of subjects, people, places, albums, keywords and cameras."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Self

from capsearch.text import folded

NameField = Literal["subject", "person", "place", "keyword", "album", "camera"]
FIELDS: tuple[NameField, ...] = ("subject", "person", "place", "keyword", "album", "camera")
_WORD = re.compile(r"\w+", re.UNICODE)
_MOST_WORDS = 8
# Only these are taken for a filter when they are typed: a keyword or an album called 'dog' says
# of few photos what many others show, so those come first and hide nothing.
_FILTERING: tuple[NameField, ...] = ("subject", "person", "place")


@dataclass(frozen=True)
class Suggestion:
    """A name that completes what is being typed, and the number of its photos."""

    field: NameField
    name: str
    photos: int


@dataclass(frozen=True)
class NameReading:
    """A name in a text: what it asks (as in `Condition`) and at which word it ends."""

    end_word: int
    field: NameField
    values: tuple[str, ...]


def key_of(name: str) -> str:
    """How names are compared: folded words with one space between them."""
    return " ".join(_WORD.findall(folded(name)))


@dataclass(frozen=True)
class KnownNames:
    """Names with the number of their photos, by field, and further `spellings` of places."""

    names: Mapping[NameField, tuple[tuple[str, int], ...]]
    spellings: Mapping[str, str]
    """From another spelling of a place ('Frankreich') to a name in `names`."""

    @classmethod
    def none(cls) -> "KnownNames":
        """Of a library without any."""
        return cls({}, {})

    def ready(self) -> Self:
        """The same, with all worked out that the first text would have to wait for."""
        _ = self._suggestions, self._by_key
        return self

    def read(self, keys: Sequence[str], at: int) -> NameReading | None:
        """Read the longest name of a person or place in a text's folded words, from word `at` on;
        a first name stands for everybody of that name."""
        for count in range(min(_MOST_WORDS, len(keys) - at), 0, -1):
            found = self._by_key.get(" ".join(keys[at : at + count]))
            if found is not None:
                return NameReading(at + count, *found)
        return None

    def complete(self, typed: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Names of which a word begins with what is typed, most frequent first: those that begin
        with it themselves, those with such a word, then those of which another spelling does."""
        key = key_of(typed)
        if not key:
            return ()
        found: list[tuple[bool, bool, int, Suggestion]] = []
        for name_key, suggestion in self._suggestions:
            begins = name_key.startswith(key)
            if begins or f" {key}" in name_key:
                other = key_of(suggestion.name) != name_key
                found.append((other, not begins, -suggestion.photos, suggestion))
        found.sort(key=lambda each: each[:3])
        return tuple(dict.fromkeys(each[3] for each in found))[:limit]

    def nearby(self) -> Iterable[str]:
        """All words of names, folded: what a mistyped word may have meant."""
        return {word for key, _ in self._suggestions for word in key.split()}

    @cached_property
    def _suggestions(self) -> tuple[tuple[str, Suggestion], ...]:
        shown = [
            (key_of(name), Suggestion(field, name, photos))
            for field in FIELDS
            for name, photos in self.names.get(field, ())
        ]
        by_name = {suggestion.name: suggestion for _, suggestion in shown}
        also = [
            (key_of(spelling), by_name[name])
            for spelling, name in self.spellings.items()
            if name in by_name
        ]
        # Each name once: a person's is often a keyword too.
        known: dict[str, Suggestion] = {}
        for key, suggestion in (*shown, *also):
            known.setdefault(key, suggestion)
        return tuple(known.items())

    @cached_property
    def _by_key(self) -> dict[str, tuple[NameField, tuple[str, ...]]]:
        found: dict[str, tuple[NameField, tuple[str, ...]]] = {}
        first_names: dict[str, list[str]] = {}
        for name, _ in self.names.get("person", ()):
            words = key_of(name).split()
            if len(words) > 1 and len(words[0]) > 1:
                first_names.setdefault(words[0], []).append(name)
        for first, people in first_names.items():
            found[first] = "person", tuple(people)
        for spelling, name in self.spellings.items():
            found[key_of(spelling)] = "place", (name,)
        for field in reversed(_FILTERING):  # what was named goes before a place of that name
            for name, _ in self.names.get(field, ()):
                key = key_of(name)
                earlier = found.get(key)
                same_field = earlier is not None and earlier[0] == field and field != "place"
                found[key] = field, (name, *(earlier[1] if same_field and earlier else ()))
        found.pop("", None)
        return found
