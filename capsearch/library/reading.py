"""What a typed question asks of one library: its parts, and the words that the encoder knows."""

import datetime
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from capsearch.catalog.catalog import Catalog
from capsearch.encoders.vocabulary import is_multilingual, starter_vocabulary, vocabulary_of
from capsearch.language.german import is_german
from capsearch.language.grammar import understand
from capsearch.language.names import FIELDS, KnownNames, Suggestion
from capsearch.language.parts import Change, Understood, UnknownWord
from capsearch.language.wording import KnownWords, Wording, reword
from capsearch.library.listing import Listing
from capsearch.library.values import Completion
from capsearch.text import folded

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


@dataclass(frozen=True, eq=False)
class _Held:
    """What a library holds that a question may name; `german_places` by their other names, `known`
    words for users whose language is German, and others."""

    names: KnownNames
    german_places: Mapping[str, str]
    known: Mapping[bool, KnownWords]
    first_year: int

    def in_german(self, understood: Understood) -> Understood:
        """The same with German names of places."""
        parts = tuple(
            replace(part, label=self.german_places.get(part.label, part.label))
            if part.field == "place"
            else part
            for part in understood.parts
        )
        return replace(understood, parts=parts)

    def german_name(self, suggestion: Suggestion) -> Suggestion:
        """The same with the German name, if it is a place's."""
        if suggestion.field != "place":
            return suggestion
        return replace(suggestion, name=self.german_places.get(suggestion.name, suggestion.name))


class QuestionReader:
    """Reads questions to one library, for one encoder (its name); for one thread.

    `resident`: many questions will come, so that none but the first is to wait for names.
    """

    def __init__(self, catalog: Catalog, encoder: str, *, resident: bool = False) -> None:
        self._catalog = catalog
        self._encoder = encoder
        self._listing = Listing(catalog, self._list, resident=resident)

    def read(
        self,
        text: str,
        *,
        plain: Collection[str] = (),
        german: bool = False,
        today: datetime.date | None = None,
    ) -> Reading:
        """Take a text apart; `plain` labels and words, in lower case, stay as they were typed."""
        held = self._listing.get()
        kept = frozenset(folded(word) for word in plain)
        today = today or datetime.date.today()
        known = held.known[german]
        understood = _understand(text, held, today, plain)
        looks = _reworded(understood.looks, known, kept)
        mended = tuple(
            change
            for look in looks
            for change in look.changes
            if change.why == "spelling" and change.read in known.names
        )
        if mended:  # to a name, which may be a part
            for change in mended:
                text = re.sub(rf"\b{re.escape(change.typed)}\b", change.read, text)
            understood = _understand(text, held, today, plain)
            looks = _reworded(understood.looks, known, kept)
        return Reading(
            held.in_german(understood) if german else understood,
            looks,
            _reworded(understood.unwanted, known, kept),
            mended,
        )

    def complete(self, text: str, limit: int, *, german: bool = False) -> tuple[Completion, ...]:
        """The text with its last words completed to names of this library, the longest beginnings
        first; places by their German names if `german`."""
        held = self._listing.get()
        found: dict[Suggestion, Completion] = {}
        for start in _beginnings(text):
            for suggestion in held.names.complete(text[start:], limit):
                shown = held.german_name(suggestion) if german else suggestion
                if shown not in found:
                    found[shown] = Completion(text[:start] + _as_typed(shown, held), shown)
        return tuple(found.values())[:limit]

    def look_again(self) -> None:
        """Let questions know the names that the library holds now, as soon as they are listed."""
        self._listing.look_again()

    def read_anew(self) -> None:
        """Let the next question know the names that the library holds then."""
        self._listing.read_anew()

    def warm(self) -> None:
        """List the names now, where the first question would have to wait for that."""
        self._listing.get()

    def close(self) -> None:
        """End what goes on beside questions."""
        self._listing.close()

    def _list(self, catalog: Catalog) -> _Held:
        names = {field: catalog.names(field) for field in FIELDS} | {
            "subject": catalog.subject_names()
        }
        known_names = KnownNames(names, catalog.place_spellings()).ready()
        words = frozenset(known_names.nearby())
        known = {german: self._known(words, german=german) for german in (False, True)}
        first_year = catalog.first_year() or _OLDEST_YEAR
        return _Held(known_names, catalog.german_places(), known, first_year)

    def _known(self, names: frozenset[str], *, german: bool) -> KnownWords:
        return KnownWords(
            vocabulary_of(self._encoder),
            starter_vocabulary(),
            multilingual=is_multilingual(self._encoder),
            own=self._catalog.holds,
            names=names,
            german=german,
        ).ready()


def _reworded(
    looks: Collection[str], known: KnownWords, kept: Collection[str]
) -> tuple[Wording, ...]:
    return tuple(reword(look, known, kept) for look in looks)


def _understand(text: str, held: _Held, today: datetime.date, plain: Collection[str]) -> Understood:
    return understand(
        text,
        held.names,
        today=today,
        first_year=held.first_year,
        plain=plain,
        ordinary=_is_ordinary,
    )


def _as_typed(suggestion: Suggestion, held: _Held) -> str:
    """A name as it is understood when it is typed: alone, or with what it is."""
    read = _understand(suggestion.name, held, datetime.date.today(), ()).parts
    if [part.field for part in read] == [suggestion.field] and read[0].end == len(suggestion.name):
        return suggestion.name
    return f'{suggestion.field}:"{suggestion.name}"'


def _beginnings(text: str) -> list[int]:
    """Where the last words of a text begin, three words back first."""
    starts = [match.start() for match in re.finditer(r"\w+", text)]
    return starts[-_MOST_COMPLETED:] if text and not text[-1].isspace() else []


def _is_ordinary(word: str) -> bool:
    """Whether a word says what photos show, and is a name only where others say so."""
    return starter_vocabulary().common(word) or is_german(word)
