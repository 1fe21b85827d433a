"""What CapSearch has learned of a library, laid out to be looked at and corrected."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import IdArray
from capsearch.catalog.teaching import taught_from_text, taught_to_text
from capsearch.errors import CapsearchError
from capsearch.files import write_whole
from capsearch.library.encoder_view import EncoderView
from capsearch.library.lessons import Lesson, Say, SubjectRef
from capsearch.library.stacks import shown_of
from capsearch.library.subjects import MOST_FOUND, found_alone
from capsearch.library.values import Learned, LearnedSubject, PhotoFacts

_SHOWN = 6
_MOST_PLACES = 2
_LARGEST_FILE = 64 * 2**20


def read_learned(view: EncoderView) -> Learned:
    """The learned page of a library."""
    matrix = view.searcher().matrix
    profile = view.profiles.profile(matrix)
    known = view.subjects(matrix)
    each: list[tuple[SubjectRef, str, str, bool, IdArray, int]] = []
    for subject in sorted(known.subjects, key=lambda one: (one.taught.ignored, -len(one.rows))):
        taught = subject.taught
        photos = matrix.ids[subject.rows]
        ref = SubjectRef(taught.key, tuple(photos.tolist()))
        each.append((ref, taught.name, taught.called, taught.ignored, photos, len(subject.likely)))
    alone = () if profile is None else found_alone(known, profile)[:MOST_FOUND]
    for rows in alone:
        assert profile is not None
        best_first = rows[np.argsort(-profile.recurrence[rows], kind="stable")]
        photos = matrix.ids[best_first]
        each.append((SubjectRef(None, tuple(photos.tolist())), "", "", False, photos, 0))
    each.sort(key=lambda one: (one[3], not one[1], one[0].key is None))
    catalog = view.catalog
    return Learned(
        subjects=_described(catalog, each),
        people=catalog.names("person"),
        places=catalog.names("place"),
        german_places=catalog.german_places(),
        lessons=catalog.count_lessons(),
        notice=_notice(view, learned=profile is not None),
    )


def teach(view: EncoderView, lesson: Lesson) -> None:
    """Take a lesson. What is said of an answer hangs on what was looked for, not on the places and
    dates of its question.

    Raises:
        CapsearchError: it cannot be; the library cannot be written.
    """
    catalog = view.catalog
    if isinstance(lesson, Say):  # of one of several near copies, perhaps
        copies = {int(copy) for photo in lesson.said for copy in catalog.stack_of(photo)}
        looks = " ".join(view.reader.read(lesson.text).understood.looks)
        lesson = Say(looks or lesson.text, tuple(sorted(copies)), lesson.more)
    catalog.teach(lesson.taken(catalog.taught(), catalog.hashes_of(lesson.photos())))


def export_taught(catalog: Catalog, path: Path) -> int:
    """Write all that was taught to a file; how many subjects and wishes that are.

    Raises:
        CapsearchError: it cannot be written.
    """
    taught = catalog.taught()
    try:
        with write_whole(path) as file:
            file.write(taught_to_text(taught).encode())
    except OSError as error:
        raise CapsearchError(
            f"{path} cannot be written ({error.strerror}).", "Choose another place."
        ) from error
    return len(taught.subjects) + len(taught.wishes)


def import_taught(catalog: Catalog, path: Path) -> int:
    """Take over what such a file says, in place of what was taught before; how many subjects and
    wishes that are. It can be taken back.

    Raises:
        CapsearchError: it is no such file; the library cannot be written.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise CapsearchError(f"{path} is too large to be such a file.", "Choose another one.")
        text = path.read_bytes().decode()
    except OSError as error:
        raise CapsearchError(
            f"{path} cannot be read ({error.strerror}).", "Choose another file."
        ) from error
    except UnicodeDecodeError as error:
        raise CapsearchError(
            f"{path} is no file of what CapSearch was taught.", "Choose another one."
        ) from error
    taught = taught_from_text(text)
    catalog.teach(taught)
    return len(taught.subjects) + len(taught.wishes)


def _described(
    catalog: Catalog, each: Sequence[tuple[SubjectRef, str, str, bool, IdArray, int]]
) -> tuple[LearnedSubject, ...]:
    told = catalog.days_and_places(
        np.unique(np.concatenate([np.empty(0, np.int64), *(one[4] for one in each)]))
    )
    first = [photos[shown_of(catalog, photos)][:_SHOWN].tolist() for *_, photos, _ in each]
    facts = catalog.facts([photo for photos in first for photo in photos])
    return tuple(
        _subject(
            *one,
            [told[photo] for photo in one[4].tolist() if photo in told],
            [facts[photo] for photo in photos if photo in facts],
        )
        for one, photos in zip(each, first, strict=True)
    )


def _subject(
    ref: SubjectRef,
    name: str,
    called: str,
    ignored: bool,
    photos: IdArray,
    likely: int,
    told: Iterable[tuple[str | None, str, str]],
    facts: Iterable[PhotoFacts],
) -> LearnedSubject:
    told = list(told)
    days = sorted({day for day, _, _ in told if day is not None})
    places = Counter((city, german) for _, city, german in told if city)
    return LearnedSubject(
        ref=ref,
        name=name,
        called=called,
        ignored=ignored,
        photos=photos,
        likely=likely,
        days=len(days),
        first=datetime.date.fromisoformat(days[0]) if days else None,
        last=datetime.date.fromisoformat(days[-1]) if days else None,
        places=tuple(place for place, _ in places.most_common(_MOST_PLACES)),
        facts=tuple(facts),
    )


def _notice(view: EncoderView, *, learned: bool) -> str:
    if view.profiles.notice:
        return view.profiles.notice
    return "" if learned else "CapSearch has not looked for what comes back in these photos yet."
