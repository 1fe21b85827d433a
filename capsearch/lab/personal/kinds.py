"""Harder, more real libraries and ways to ask, by kind; `kind_figures` measures them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from capsearch.encoders.base import Encoder, FloatArray
from capsearch.lab.cap.made_photos import made_photos
from capsearch.lab.cap.vocabulary import NOUNS, photos_by_noun
from capsearch.lab.personal.libraries import PersonalLibrary, Sources
from capsearch.lab.personal.splits import nouns_of
from capsearch.personalize.intent import query_variants
from capsearch.personalize.neighbours import IntArray

WORDINGS = {
    "my X": "my {}", "our X": "our {}", "the X again": "the {} again", "my Xs": "my {plural}",
    "where is my X": "where is my {}", "X": "{}",
}  # fmt: skip
ABSENT = "unicorn", "submarine", "volcano"
"""Things that no photo of the data sets shows."""
COMMON = 0.03
"""Share of the photos from which on a noun counts as common."""
_FEWEST_SHOWN = 3
_FIRST_DAY = 737_000
_DAYS = 30_000
_COPY_NOISE = 0.1
_BURST = 6


@dataclass(frozen=True)
class Shape:
    """What a library is made of, beside the wanted subject's photos.

    anything: photos of anything. others: subjects of other classes that come back. same: whether
    another subject of the wanted class comes back, too (both are right). photos: of the wanted
    subject, None for all, 0 for a library where nothing of that class comes back. dates: 'own' a
    day for every photo, 'one' day for all, 'none' known, 'wrong' (half are of one day).
    """

    anything: int = 300
    others: int = 3
    same: bool = False
    photos: int | None = None
    burst: bool = False
    copies: bool = False
    dates: str = "own"


SHAPES = {
    "50 photos": Shape(anything=50), "300 photos": Shape(), "1,000 photos": Shape(anything=1_000),
    "7,000 photos": Shape(anything=7_000), "20,000 photos": Shape(anything=20_000),
    "no other subject": Shape(others=0),
    "12 other subjects": Shape(others=12), "two of the class": Shape(same=True),
    "only 3 photos": Shape(photos=3), "a burst beside it": Shape(burst=True),
    "near copies": Shape(copies=True), "one day": Shape(dates="one"),
    "no dates": Shape(dates="none"), "wrong dates": Shape(dates="wrong"),
}  # fmt: skip
"""Kinds of libraries in which 'my X' is asked."""


@dataclass(frozen=True)
class Case:
    """One question to one library: rows `(1 or 2, dim)` of `query_variants(text)`; relevant `(n,)`
    photos; user: whom it counts for in intervals."""

    text: str
    rows: FloatArray
    relevant: np.ndarray
    user: int


@dataclass(frozen=True)
class AskedLibrary:
    """A library of one kind and what is asked of it, by kind."""

    library: PersonalLibrary
    cases: tuple[tuple[str, Case], ...]


def with_kind_texts(sources: Sources, encoder: Encoder) -> Sources:
    """The sources with the vectors of all texts that kinds ask."""
    classes = sorted(set(sources.classes.values()))
    asked = [wording(way, name) for name in classes for way in WORDINGS.values()]
    asked += [f"my {noun}" for noun in (*NOUNS, *ABSENT)]
    texts = sorted({variant for text in asked for variant in query_variants(text)})
    missing = [text for text in texts if text not in sources.texts]
    if not missing:
        return sources
    vectors = np.concatenate(
        [encoder.encode_texts(missing[at : at + 256]) for at in range(0, len(missing), 256)]
    )
    return replace(sources, texts={**sources.texts, **dict(zip(missing, vectors, strict=True))})


def wording(way: str, subject_class: str) -> str:
    """A query about a class in one of `WORDINGS`."""
    return way.format(subject_class, plural=_plural(subject_class))


def personal_libraries(sources: Sources, draws: int, seed: int) -> Iterator[AskedLibrary]:
    """Libraries of every kind in `SHAPES` and each subject, asked 'my X'; the usual one is asked
    in all `WORDINGS`."""
    for kind, shape in SHAPES.items():
        for place, subject in enumerate(sorted(sources.subjects)):
            for draw in range(draws if shape.anything < 5_000 else 1):
                rng = np.random.default_rng((seed, place, draw, 11))
                library = draw_shape(sources, subject, shape, rng)
                ways = WORDINGS if kind == "300 photos" else {"my X": WORDINGS["my X"]}
                cases = []
                for name, way in ways.items():
                    text = wording(way, library.subject_class)
                    label = f"'{name}', {kind}"
                    cases.append((label, _case(sources, text, library.relevant, place)))
                yield AskedLibrary(library, tuple(cases))


def impersonal_libraries(sources: Sources, libraries: int, seed: int) -> Iterator[AskedLibrary]:
    """Libraries where what is asked for does not come back: what is right is CLIP's own answer.

    Not asked for is what one of the others that come back may be called: it does come back.
    """
    shown = _photos_by_noun(sources)
    nouns = sorted(shown)
    names = sorted(sources.subjects)
    for number in range(libraries):
        rng = np.random.default_rng((seed, number, 13))
        subject = names[int(rng.integers(len(names)))]
        for others, where in ((0, "nothing comes back"), (3, "others come back")):
            library = draw_shape(sources, subject, Shape(others=others, photos=0), rng)
            cases = []
            for place, noun in enumerate(nouns):
                relevant = np.isin(library.distractor, shown[noun])
                if noun in nouns_of(subject, library.subject_class):
                    relevant |= library.relevant
                comes_back = any(
                    noun in nouns_of(name, sources.classes[name]) for name in library.others
                )
                if relevant.sum() < _FEWEST_SHOWN or comes_back:
                    continue
                often = len(shown[noun]) >= COMMON * len(sources.distractors)
                kind = f"'my <{'common' if often else 'rare'} noun>', {where}"
                cases.append((kind, _case(sources, f"my {noun}", relevant, place)))
            yield AskedLibrary(library, tuple(cases))
    for place, subject in enumerate(names):
        rng = np.random.default_rng((seed, place, 17))
        library = draw_shape(sources, subject, Shape(photos=0), rng)
        nothing = np.zeros_like(library.relevant)
        asked = [
            ("'my <no photo shows it>'", _case(sources, f"my {word}", nothing, place))
            for word in ABSENT
        ]
        if library.relevant.any():
            text = f"my {library.subject_class}"
            asked.append(("'my X', one photo of each X", _case(sources, text, library.relevant,
                                                               place)))  # fmt: skip
        yield AskedLibrary(library, tuple(asked))


def draw_shape(
    sources: Sources, subject: str, shape: Shape, rng: np.random.Generator
) -> PersonalLibrary:
    """A library of a shape around a subject; one photo of every other subject of its class is
    there, too. Where nothing of the class comes back, those single photos are `relevant`."""
    wanted = sources.classes[subject]
    others = [name for name in sorted(sources.subjects) if name != subject]
    foreign = [name for name in others if sources.classes[name] != wanted]
    akin = [name for name in others if sources.classes[name] == wanted]
    own = sources.subjects[subject]
    kept = len(own) if shape.photos is None else shape.photos
    right = [own[rng.permutation(len(own))[:kept]]] if kept else []
    twins = akin[:1] if shape.same else []
    right += [sources.subjects[name] for name in twins]
    singles = [name for name in (*akin, *([] if kept else [subject])) if name not in twins]
    single = [_some(sources.subjects[name], 1, rng) for name in singles]
    chosen = rng.choice(foreign, min(shape.others, len(foreign)), replace=False)
    wrong = [sources.subjects[str(name)] for name in chosen]
    rows, anything = _anything(sources, shape.anything, rng)
    if kept:
        wrong += single
    else:
        right += single
    if shape.burst:
        wrong.append(_burst(sources, singles, rng))
    if shape.copies:
        wrong.append(_near(anything[: len(anything) // 3], rng))
    vectors = np.concatenate([*right, *wrong, anything])
    days = _dates(shape, len(vectors), rng)
    if shape.burst:
        burst = np.arange(sum(map(len, (*right, *wrong))) - _BURST, len(vectors) - len(anything))
        days[burst] = days[burst[0]]
    order = rng.permutation(len(vectors))
    relevant = np.arange(len(vectors)) < sum(map(len, right))
    distractor = np.concatenate([np.full(len(vectors) - len(anything), -1), rows])
    return PersonalLibrary(
        subject, wanted, vectors[order], days[order], relevant[order], distractor[order],
        tuple(map(str, chosen)),
    )  # fmt: skip


def _case(sources: Sources, text: str, relevant: np.ndarray, user: int) -> Case:
    rows = np.stack([sources.texts[variant] for variant in query_variants(text)])
    return Case(text, rows, relevant, user)


def _photos_by_noun(sources: Sources) -> dict[str, IntArray]:
    named = ((str(row), text) for row, text in
             zip(sources.caption_of.tolist(), sources.caption_texts, strict=True))  # fmt: skip
    return {
        noun: np.array(sorted(map(int, rows)), dtype=np.int64)
        for noun, rows in photos_by_noun(named).items()
    }


def _anything(
    sources: Sources, count: int, rng: np.random.Generator
) -> tuple[IntArray, FloatArray]:
    """Photos of anything and their rows, -1 of those that have no captions; made ones last."""
    rows = rng.permutation(len(sources.distractors))[:count]
    vectors = sources.distractors[rows]
    further = rng.permutation(len(sources.more))[: count - len(rows)]
    if len(further):
        vectors = np.concatenate([vectors, sources.more[further]])
    missing = count - len(vectors)
    if missing > 0:
        vectors = np.concatenate([vectors, made_photos(vectors, missing, rng)])
    return np.concatenate([rows, np.full(len(vectors) - len(rows), -1)]), vectors


def _burst(sources: Sources, singles: list[str], rng: np.random.Generator) -> FloatArray:
    """One moment, taken six times: of a single of the class where there is one."""
    of = sources.subjects[singles[0]] if singles else sources.distractors
    return _near(np.repeat(_some(of, 1, rng), _BURST, axis=0), rng)


def _near(vectors: FloatArray, rng: np.random.Generator) -> FloatArray:
    noise = rng.standard_normal(vectors.shape) / np.sqrt(vectors.shape[1])
    return _unit(vectors + _COPY_NOISE * noise)


def _some(vectors: FloatArray, count: int, rng: np.random.Generator) -> FloatArray:
    return vectors[rng.choice(len(vectors), min(count, len(vectors)), replace=False)]


def _unit(vectors: FloatArray) -> FloatArray:
    unit: FloatArray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit.astype(np.float32)


def _dates(shape: Shape, count: int, rng: np.random.Generator) -> IntArray:
    days = _FIRST_DAY + rng.permutation(max(_DAYS, count))[:count].astype(np.int64)
    if shape.dates == "one":
        days[:] = _FIRST_DAY
    elif shape.dates == "none":
        days[:] = -1
    elif shape.dates == "wrong":
        days[rng.random(count) < 0.5] = _FIRST_DAY
    return days


def _plural(word: str) -> str:
    if word.endswith("glasses"):
        return word
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")
