"""What a typed question asks of one library: its parts, and the words that the encoder knows."""

import datetime
import re
import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

from capsearch.catalog.catalog import Catalog
from capsearch.encoders.vocabulary import is_multilingual, starter_vocabulary, vocabulary_of
from capsearch.language.german import is_german
from capsearch.language.grammar import understand
from capsearch.language.names import FIELDS, KnownNames, Suggestion
from capsearch.language.parts import Change, Understood, UnknownWord
from capsearch.language.wording import KnownWords, Wording, reword
from capsearch.library.values import Completion
from capsearch.text import folded

# While photos arrive, names are listed anew this often: all of a large library take a while.
_STALE_SECONDS = 10.0
_OLDEST_YEAR = 1970
_MOST_COMPLETED = 3  # words


@dataclass(frozen=True)
class Reading:
    """A typed text as this library understands it; `looks` and `unwanted` run along those of
    `understood`, in the encoder's words."""

    understood: Understood
    looks: tuple[Wording, ...] = ()
    unwanted: tuple[Wording, ...] = ()
    mended: tuple[Change, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every word that was read as another one, each once."""
        wordings = (*self.looks, *self.unwanted)
        each = (change for wording in wordings for change in wording.changes)
        return tuple(dict.fromkeys((*self.mended, *each)))

    @property
    def unknown(self) -> tuple[UnknownWord, ...]:
        """Every word that the encoder does not know, each once."""
        wordings = (*self.looks, *self.unwanted)
        return tuple(dict.fromkeys(word for wording in wordings for word in wording.unknown))


class QuestionReader:
    """Reads questions to one library, for one encoder (its name); for one thread."""

    def __init__(self, catalog: Catalog, encoder: str) -> None:
        self._catalog = catalog
        self._encoder = encoder
        self._names = KnownNames.none()
        self._german: dict[str, str] = {}
        self._words: frozenset[str] = frozenset()
        self._first_year = _OLDEST_YEAR
        self._mark: object = None
        self._looked_at = float("-inf")

    def read(
        self,
        text: str,
        *,
        plain: Collection[str] = (),
        german: bool = False,
        today: datetime.date | None = None,
    ) -> Reading:
        """Take a text apart; `plain` labels and words, in lower case, stay as they were typed."""
        self._renew()
        kept = frozenset(folded(word) for word in plain)
        today = today or datetime.date.today()
        known = self._known(german=german)
        understood = self._understand(text, today, plain)
        mended: list[Change] = []
        for change in (
            one for look in understood.looks for one in reword(look, known, kept).changes
        ):
            if change.why == "spelling" and change.read in self._words:
                text = re.sub(rf"\b{re.escape(change.typed)}\b", change.read, text)
                mended.append(change)
        if mended:
            understood = self._understand(text, today, plain)
        return Reading(
            self._in_german(understood) if german else understood,
            tuple(reword(look, known, kept) for look in understood.looks),
            tuple(reword(look, known, kept) for look in understood.unwanted),
            tuple(mended),
        )

    def complete(self, text: str, limit: int, *, german: bool = False) -> tuple[Completion, ...]:
        """The text with its last words completed to names of this library, the longest beginnings
        first; places by their German names if `german`."""
        self._renew()
        found: dict[Suggestion, Completion] = {}
        for start in _beginnings(text):
            for suggestion in self._names.complete(text[start:], limit):
                shown = self._german_name(suggestion) if german else suggestion
                if shown not in found:
                    found[shown] = Completion(text[:start] + self._as_typed(shown), shown)
        return tuple(found.values())[:limit]

    def _as_typed(self, suggestion: Suggestion) -> str:
        """A name as it is understood when it is typed: alone, or with what it is."""
        read = self._understand(suggestion.name, datetime.date.today(), ()).parts
        if [part.field for part in read] == [suggestion.field] and read[0].end == len(
            suggestion.name
        ):
            return suggestion.name
        return f'{suggestion.field}:"{suggestion.name}"'

    def look_again(self) -> None:
        """Let the next question know the names that the library holds then."""
        self._looked_at = float("-inf")

    def _in_german(self, understood: Understood) -> Understood:
        """The same with German names of places."""
        parts = tuple(
            replace(part, label=self._german.get(part.label, part.label))
            if part.field == "place"
            else part
            for part in understood.parts
        )
        return replace(understood, parts=parts)

    def _german_name(self, suggestion: Suggestion) -> Suggestion:
        if suggestion.field != "place":
            return suggestion
        return replace(suggestion, name=self._german.get(suggestion.name, suggestion.name))

    def _understand(self, text: str, today: datetime.date, plain: Collection[str]) -> Understood:
        return understand(
            text,
            self._names,
            today=today,
            first_year=self._first_year,
            plain=plain,
            ordinary=_is_ordinary,
        )

    def _known(self, *, german: bool) -> KnownWords:
        return KnownWords(
            vocabulary_of(self._encoder),
            starter_vocabulary(),
            multilingual=self._multilingual,
            own=self._holds,
            names=self._words,
            german=german,
        )

    @cached_property
    def _multilingual(self) -> bool:
        return is_multilingual(self._encoder)

    def _holds(self, word: str) -> bool:
        """Whether the texts of a photo have this word, or one that begins so."""
        return self._catalog.text_hits(word, 1).photos > 0

    def _renew(self) -> None:
        now = time.monotonic()
        if now - self._looked_at < _STALE_SECONDS:
            return
        self._looked_at = now
        mark = self._catalog.change_mark()
        if mark == self._mark:
            return
        self._mark = mark
        names = {field: self._catalog.names(field) for field in FIELDS}
        self._names = KnownNames(names, self._catalog.place_spellings())
        self._german = self._catalog.german_places()
        self._words = frozenset(self._names.nearby())
        self._first_year = self._catalog.first_year() or _OLDEST_YEAR


def _beginnings(text: str) -> list[int]:
    """Where the last words of a text begin, three words back first."""
    starts = [match.start() for match in re.finditer(r"\w+", text)]
    return starts[-_MOST_COMPLETED:] if text and not text[-1].isspace() else []


def _is_ordinary(word: str) -> bool:
    """Whether a word says what photos show, and is a name only where others say so."""
    return starter_vocabulary().common(word) or is_german(word)
