"""Answers to questions: by words, by a photo of the library, by any image."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.id_sets import common, without
from capsearch.catalog.records import Condition, Filters, IdArray, PhotoFacts, TextReason
from capsearch.catalog.words import words_of
from capsearch.errors import CapsearchError
from capsearch.library.encoder_view import EncoderView
from capsearch.library.lessons import wish_words
from capsearch.library.looking import (
    Asked,
    Found,
    as_taught,
    ask_image,
    ask_photo,
    ask_subject,
    ask_words,
    clearly_showing,
    either,
    keeping_away,
    look_for,
    surely_own,
)
from capsearch.library.moves import moved, places_gained
from capsearch.library.passing import named_subjects, passing, timeline
from capsearch.library.reading import Reading
from capsearch.library.stacks import shown_of, standing
from capsearch.library.values import (
    FIRST_FACTS,
    Answer,
    Effect,
    Explanation,
    Milliseconds,
    Moved,
    Question,
)
from capsearch.personalize import Profile, explain, personalize_query
from capsearch.personalize.intent import read_intent
from capsearch.search import Searcher, VectorMatrix
from capsearch.search.filters import rows_of

_MOST_SAID = 2000
"""Photos whose own texts say what is asked, of which so many are taken, the strongest."""


@dataclass(frozen=True, eq=False)
class _Looked:
    """What was looked for in the vectors: the questions, the photos found, and those allowed."""

    searcher: Searcher
    asked: tuple[Asked, ...]
    found: Found
    allowed: IdArray | None
    encoded_at: float

    @property
    def searched(self) -> int:
        """How many photos were ranked."""
        return len(self.searcher.matrix) if self.allowed is None else len(self.allowed)

    @property
    def unwanted(self) -> IdArray:
        """Photos that likely show what is not wanted, or are not meant, as was said."""
        first, ids = self.asked[0], self.searcher.matrix.ids
        unwanted = np.zeros(len(ids), np.bool_)
        if first.excluded is not None:
            unwanted |= first.excluded.likely
        if first.preferred is not None:
            unwanted |= first.preferred.unmeant
        return ids[unwanted]

    @property
    def meant(self) -> IdArray:
        """Photos that are what was asked for, as was said; those allowed."""
        preferred, ids = self.asked[0].preferred, self.searcher.matrix.ids
        if preferred is None:
            return ids[:0]
        meant = ids[preferred.meant]
        return meant if self.allowed is None else common(meant, self.allowed)


def answer(
    view: EncoderView, question: Question, *, personalize: bool, strength: float = 1.0
) -> Answer:
    """Rank the photos that pass the question's filters.

    Raises:
        CapsearchError: nothing is asked; the image cannot be read; the photo is gone; the photos
            were not encoded by this encoder.
    """
    if question.copies_of is not None:
        return _answer_copies(view, question, question.copies_of)
    start = time.perf_counter()
    if question.photo is not None or question.image is not None:
        looked = _look_alike(view, question)
        return _answered(view, question, looked, looked.found, start)
    if not question.text.strip():
        raise CapsearchError("The query is empty.", "Say in a few words what the photo shows.")
    reading = _read(view, question)
    filters = _filters(question, reading)
    named = named_subjects(filters)
    if not reading.looks and named is None:
        return _answer_by_date(view, question, reading, filters, start)
    if reading.looks:
        looked = _look(view, question, reading, filters, personalize=personalize, strength=strength)
    else:
        assert named is not None
        looked = _look_for_subject(view, question, reading, filters, named)
    said = without(_said(view.catalog, reading, looked.allowed), looked.unwanted)
    told = np.union1d(said, looked.meant)  # by the photos themselves, or by their owner
    found = _said_first(looked, told, _to_find(view, question))
    if reading.unknown:  # of half a question nothing is sure but what photos say themselves
        found = replace(found, relevant=min(len(told), len(found.ids)))
    answered = _answered(view, question, looked, found, start, said)
    shown = answered.ids[: question.described].tolist() if question.told else ()
    return replace(
        answered,
        understood=reading.understood,
        changes=reading.changes,
        unknown=reading.unknown,
        said=_reasons(view.catalog, reading, said, shown),
        effect=_effect(view, looked, found, personalize=personalize),
    )


def explain_photo(
    view: EncoderView,
    question: Question,
    photo_id: int,
    *,
    personalize: bool,
    strength: float = 1.0,
) -> Explanation | None:
    """Say what the photo's score is made of, where words were asked for, and what the collection
    did to its place; None where it is not among those searched."""
    searcher = view.searcher()
    ids = np.array([photo_id], np.int64)
    reading = _read(view, question)
    text = next(iter(_encoded(reading)), "")
    if not text or not len(rows_of(searcher.matrix.ids, ids)):
        return None
    (asked,) = ask_words(view, searcher.matrix, [text], personalize=personalize, strength=strength)
    if personalize:
        asked = as_taught(view, searcher.matrix, asked, _own_words(reading))
    said = _reasons(view.catalog, reading, ids, ids.tolist())
    return replace(
        _explain(searcher.matrix, asked, ids)[0],
        said=said.get(photo_id),
        looked_for=_looked_for(reading),
        moved=_moved(view, question, asked, photo_id, strength),
        meant=_was_said(asked, searcher.matrix, ids),
    )


def _was_said(asked: Asked, matrix: VectorMatrix, ids: IdArray) -> bool | None:
    """Whether somebody said that the photo is what is meant, or is not; None where nobody did."""
    if asked.preferred is None:
        return None
    (row,) = rows_of(matrix.ids, ids).tolist()
    if asked.preferred.meant[row]:
        return True
    return False if asked.preferred.unmeant[row] else None


def _moved(
    view: EncoderView, question: Question, asked: Asked, photo_id: int, strength: float
) -> Moved | None:
    if asked.own is None:
        return None
    bare = replace(question, described=0, told=False)
    matrix = view.searcher().matrix
    (row,) = rows_of(matrix.ids, np.array([photo_id])).tolist()
    return moved(
        view.catalog,
        photo_id,
        without=answer(view, bare, personalize=False),
        given=answer(view, bare, personalize=True, strength=strength),
        places=places_gained(*asked.own, matrix.vectors, row),
    )


def read_facts(catalog: Catalog, ids: Sequence[int]) -> tuple[PhotoFacts, ...]:
    """What is known of these photos, in their order; unknown ids are left out."""
    found = catalog.facts(ids)
    return tuple(found[photo_id] for photo_id in ids if photo_id in found)


# What is asked


def _read(view: EncoderView, question: Question) -> Reading:
    return view.reader.read(question.text, plain=question.plain, german=question.german)


def _filters(question: Question, reading: Reading) -> Filters:
    conditions = (*question.filters.conditions, *reading.understood.conditions)
    return replace(question.filters, conditions=conditions)


def _encoded(reading: Reading) -> tuple[str, ...]:
    """What the encoder is to look for: of a text that it knows nothing of, that text."""
    known = tuple(look.text for look in reading.looks if look.text)
    return known or reading.understood.looks


def _looked_for(reading: Reading) -> str:
    """What `_encoded` begins with, as it was typed."""
    each = zip(reading.understood.looks, reading.looks, strict=True)
    return next((typed for typed, look in each if look.text), reading.understood.looks[0])


def _unwanted(reading: Reading) -> tuple[str, ...]:
    """What the encoder is to keep away: nothing that it does not know."""
    return tuple(wording.text for wording in reading.unwanted if wording.text)


def _own_words(reading: Reading) -> frozenset[str]:
    """The words of what is asked for with 'my' before, as typed and in the encoder's language;
    none where nobody's own is asked for."""
    each = [*reading.understood.looks, *_encoded(reading)]
    if not any(read_intent(text).possessive for text in each):
        return frozenset()
    return frozenset(word for text in each for word in wish_words(text).split())


def _to_find(view: EncoderView, question: Question) -> int:
    """Twice as many as are wanted, where one may stand for others."""
    stacks = question.stacked and len(view.catalog.kept_stacks()[0])
    return 2 * question.count if stacks else question.count


# What is looked for


def _look_alike(view: EncoderView, question: Question) -> _Looked:
    searcher = view.searcher()
    if question.photo is not None:
        asked = ask_photo(searcher.matrix, question.photo)
    else:
        assert question.image is not None
        asked = ask_image(view.encoder, question.image)
    encoded_at = time.perf_counter()
    allowed = passing(view, searcher.matrix, question.filters)
    found = look_for(view, searcher, asked, _to_find(view, question), allowed)
    return _Looked(searcher, (asked,), found, allowed, encoded_at)


def _look(
    view: EncoderView,
    question: Question,
    reading: Reading,
    filters: Filters,
    *,
    personalize: bool,
    strength: float,
) -> _Looked:
    searcher = view.searcher()
    matrix = searcher.matrix
    asked = ask_words(view, matrix, _encoded(reading), personalize=personalize, strength=strength)
    own = _own_words(reading) if personalize else frozenset()
    if own:
        asked = tuple(as_taught(view, matrix, one, own) for one in asked)
    unwanted = _unwanted(reading)
    if unwanted:
        asked = tuple(keeping_away(view, matrix, one, unwanted) for one in asked)
    encoded_at = time.perf_counter()
    allowed = _allowed(view, matrix, reading, filters)
    count = _to_find(view, question)
    each = [(one, look_for(view, searcher, one, count, allowed)) for one in asked]
    found = either(matrix, each, count)
    if not found.relevant and named_subjects(filters) is not None:
        # What was named is surely there: of it, the photos that come nearest to the rest.
        found = replace(found, relevant=len(found.ids))
    return _Looked(searcher, asked, found, allowed, encoded_at)


def _look_for_subject(
    view: EncoderView, question: Question, reading: Reading, filters: Filters, named: Condition
) -> _Looked:
    """Something that was named and nothing else: its photos, and then those that look like it."""
    searcher = view.searcher()
    others = replace(
        filters, conditions=tuple(each for each in filters.conditions if each is not named)
    )
    asked = ask_subject(view, searcher.matrix, named.values)
    encoded_at = time.perf_counter()
    allowed = _allowed(view, searcher.matrix, reading, others)
    found = look_for(view, searcher, asked, _to_find(view, question), allowed)
    looked = _Looked(searcher, (asked,), found, allowed, encoded_at)
    shown = int(np.count_nonzero(np.isin(found.ids, looked.meant)))
    return replace(looked, found=replace(found, relevant=shown))


def _allowed(
    view: EncoderView, matrix: VectorMatrix, reading: Reading, filters: Filters
) -> IdArray | None:
    allowed = passing(view, matrix, filters)
    if not reading.unwanted:
        return allowed
    return without(matrix.ids if allowed is None else allowed, _saying_unwanted(view, reading))


def _saying_unwanted(view: EncoderView, reading: Reading) -> IdArray:
    """Photos whose own texts say what is not wanted."""
    said = [
        view.catalog.text_hits(text, len(view.searcher().matrix)).ids
        for text in reading.understood.unwanted
    ]
    return np.unique(np.concatenate([np.empty(0, np.int64), *said]))


# What photos say themselves


def _said(catalog: Catalog, reading: Reading, allowed: IdArray | None) -> IdArray:
    """Photos whose own texts have the words of one of the looks."""
    hits = [catalog.text_hits(text, _MOST_SAID).ids for text in _said_texts(reading)]
    ids = np.unique(np.concatenate([np.empty(0, np.int64), *hits]))
    return ids if allowed is None else common(ids, allowed)


def _said_texts(reading: Reading) -> tuple[str, ...]:
    """What texts may say of the looks: the words as they were typed, those that the encoder gets,
    and those of them that it does not know and the library's texts do."""
    texts: list[str] = []
    for typed, wording in zip(reading.understood.looks, reading.looks, strict=True):
        texts += [typed, wording.text, " ".join(wording.own)]
    # Each once: a look that is all the library's own comes in pieces, too.
    by_words: dict[tuple[str, ...], str] = {}
    for text in texts:
        by_words.setdefault(tuple(words_of(text)), text)
    return tuple(text for words, text in by_words.items() if words)


def _said_first(looked: _Looked, said: IdArray, count: int) -> Found:
    """Photos that say it before those that look like it, both in the order of their looks."""
    found = looked.found
    if not len(said):
        return found
    matrix = looked.searcher.matrix
    rows = rows_of(matrix.ids, said)
    scores = np.max([asked.scores(matrix, rows) for asked in looked.asked], axis=0)
    order = np.lexsort((rows, -scores))
    unseen = np.setdiff1d(said, matrix.ids[rows], assume_unique=True)
    ids = np.concatenate([matrix.ids[rows[order]], unseen])[:count]
    own = np.concatenate([scores[order], np.zeros(len(unseen), np.float32)])[:count]
    rest = ~np.isin(found.ids, said)
    relevant = len(ids) + int(np.count_nonzero(rest[: found.relevant]))
    return Found(
        np.concatenate([ids, found.ids[rest]])[:count],
        np.concatenate([own, found.scores[rest]])[:count].astype(np.float32),
        min(relevant, count),
    )


def _reasons(
    catalog: Catalog, reading: Reading, said: IdArray, shown: Sequence[int]
) -> dict[int, TextReason]:
    """Where the texts of those shown say what is asked."""
    saying = set(said.tolist())
    photos = [photo for photo in shown if photo in saying]
    return catalog.text_reasons(photos, *_said_texts(reading))


# How it is told


def _stacked(view: EncoderView, found: Found, said: IdArray | None, count: int) -> Found:
    stands = standing(view.catalog, found.ids, said)
    places = stands.places[:count]
    relevant = np.count_nonzero(places < found.relevant)
    return Found(stands.shown[:count], found.scores[places], int(relevant))


def _answered(
    view: EncoderView,
    question: Question,
    looked: _Looked,
    found: Found,
    start: float,
    said: IdArray | None = None,
) -> Answer:
    asked = looked.asked[0]
    if question.stacked:
        found = _stacked(view, found, said, question.count)
    searched_at = time.perf_counter()
    ids = found.ids
    scores = found.scores
    if asked.preferred is not None:  # what was said has put them in this order, not a score
        ranked = np.isin(ids, looked.searcher.matrix.ids)
        rows = np.searchsorted(looked.searcher.matrix.ids, ids[ranked])
        scores = scores.copy()
        scores[ranked] -= asked.preferred.points[rows]
    explained = _explain(looked.searcher.matrix, asked, ids) if question.explained else ()
    facts = read_facts(view.catalog, ids[: question.described].tolist())
    return Answer(
        question=question,
        encoder=view.encoder.name,
        ids=ids,
        scores=scores,
        relevant=found.relevant,
        searched=looked.searched,
        personalized=asked.own is not None,
        milliseconds=Milliseconds(
            encode=1000 * (looked.encoded_at - start),
            search=1000 * (searched_at - looked.encoded_at),
            total=1000 * (time.perf_counter() - start),
        ),
        facts=facts,
        explanations=explained,
    )


def _answer_by_date(
    view: EncoderView, question: Question, reading: Reading, filters: Filters, start: float
) -> Answer:
    """All photos that pass, newest first: nothing is to be looked for."""
    ids, days = timeline(view, filters)
    if reading.unwanted:
        seen = clearly_showing(view, view.searcher().matrix, _unwanted(reading))
        kept = ~np.isin(ids, np.concatenate([_saying_unwanted(view, reading), seen]))
        ids, days = ids[kept], days[kept]
    if question.stacked:
        shown = shown_of(view.catalog, ids)
        ids, days = ids[shown], days[shown]
    return replace(
        _unranked(view, question, ids, start),
        understood=reading.understood,
        changes=reading.changes,
        unknown=reading.unknown,
        days=days,
    )


def _answer_copies(view: EncoderView, question: Question, photo_id: int) -> Answer:
    """The photo's near copies, the best first."""
    start = time.perf_counter()
    return _unranked(view, question, view.catalog.stack_of(photo_id), start)


def _effect(view: EncoderView, looked: _Looked, found: Found, *, personalize: bool) -> Effect:
    """What the library's own has changed of the first photos, where 'my ...' was asked."""
    asked = looked.asked[0]
    if not personalize or len(looked.asked) > 1 or not read_intent(asked.text).possessive:
        return "none"
    if asked.own is None and asked.preferred is None:
        return "unlearned"
    first = found.ids[: found.relevant or FIRST_FACTS][:FIRST_FACTS]
    plain = looked.searcher.search(asked.clip, len(first), allowed=looked.allowed)[0]
    if np.array_equal(plain, first):
        return "same"
    said = asked.preferred is not None and bool(asked.preferred.meant.any())
    if not said and not surely_own(view, looked.searcher.matrix, asked):
        return "unsure"
    return "changed"


def _unranked(view: EncoderView, question: Question, ids: IdArray, start: float) -> Answer:
    """All of these photos, as they stand."""
    searched_at = time.perf_counter()
    facts = read_facts(view.catalog, ids[: question.described].tolist())
    return Answer(
        question=question,
        encoder=view.encoder.name,
        ids=ids,
        scores=np.zeros(len(ids), np.float32),
        relevant=len(ids),
        searched=len(ids),
        personalized=False,
        milliseconds=Milliseconds(
            encode=0.0,
            search=1000 * (searched_at - start),
            total=1000 * (time.perf_counter() - start),
        ),
        facts=facts,
    )


def _explain(matrix: VectorMatrix, asked: Asked, ids: IdArray) -> tuple[Explanation, ...]:
    """Explain the photos `ids`; those without a vector are left out, and a generic score has but
    one part."""
    own = asked.own
    if own is None:
        neutral = Profile.neutral(matrix.ids, matrix.dim)
        own = neutral, personalize_query(neutral, "", asked.vector)
    seen = ids[np.isin(ids, matrix.ids)]
    rows = np.searchsorted(matrix.ids, seen).tolist()
    parts = explain(*own, matrix.vectors, rows)
    return tuple(map(Explanation, seen.tolist(), parts))
