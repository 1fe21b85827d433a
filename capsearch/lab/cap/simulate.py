"""Simulated users: libraries with recurring subjects, made from the embeddings of captioned photos.

A recurring subject is a set of photos of one noun that are far more alike than photos of that noun
usually are, spread over distinct days. Three kinds are made, from loose to tight: neighbour
cliques of real photos; photos of a noun pulled towards one of them; and both mixed. Pulled ones
also get a direction of their own, since a real subject is like no other thing. Beside it live
what must not be taken for it: other photos of the noun, other recurring subjects, a burst (the
same scene on one day only), and themes (many photos of one topic).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from capsearch.encoders.base import FloatArray
from capsearch.lab.cap.made_photos import made_photos
from capsearch.personalize.neighbours import IntArray

BoolArray = npt.NDArray[np.bool_]
SpaceChange = Callable[[FloatArray, bool], FloatArray]
_FIRST_DAY = 737_000
_DAYS = 3_000
_NEAR_DUPLICATE = 0.95
_LOOSEST_CLIQUE = 0.5
_PULL = (0.7, 0.93)
_UNEVEN = 0.06
CAPTION_UNDERSPECIFIED = 0.17
"""What `read_intent` says of a caption of six telling words."""


@dataclass(frozen=True)
class EmbeddingSpace:
    """Held-out embeddings of captioned photos in one space.

    photos: `(n, dim)` unit rows; captions: `(m, dim)`, caption i describes `photo_of_caption[i]`.
    nouns: noun -> rows of the photos that show it. texts: query text -> `(dim,)`.
    """

    name: str
    photos: FloatArray
    captions: FloatArray
    photo_of_caption: IntArray
    nouns: Mapping[str, IntArray]
    texts: Mapping[str, FloatArray]
    bank: FloatArray


@dataclass(frozen=True)
class Queries:
    """q queries of one kind over a library of n photos.

    vectors, bare: `(q, dim)` the text and the text without 'my' (equal where not possessive).
    relevant: `(q, n)`. ignored: `(q, n)` photos that are neither right nor wrong.
    intent: `(q, 2)` possessive, underspecified.
    """

    kind: str
    vectors: FloatArray
    bare: FloatArray
    relevant: BoolArray
    ignored: BoolArray
    intent: FloatArray


@dataclass(frozen=True)
class Episode:
    """A simulated user's library of n photos and the queries to try on it; `days` -1 where not
    known. recurs `(n,)`: photos of subjects that come back, None where nobody knows."""

    vectors: FloatArray
    days: IntArray
    people: tuple[tuple[str, ...], ...]
    queries: tuple[Queries, ...]
    bank: FloatArray
    recurs: BoolArray | None = None


@dataclass(frozen=True)
class SimulationSettings:
    """Ranges that simulated users are drawn from.

    apart: length of the direction of its own that a pulled subject gets, beside vectors of length
    1. nobody: share of users of whom nothing comes back. absent: nouns asked for in vain.
    named: how much of a subject's query says what its photo's caption says, since real classes
    ('teapot') name fewer photos than the nouns that captions have in common ('man').
    """

    library: tuple[int, int] = (60, 360)
    subject: tuple[int, int] = (3, 9)
    other_subjects: tuple[int, int] = (0, 5)
    singles: tuple[int, int] = (1, 8)
    apart: tuple[float, float] = (0.3, 1.5)
    nobody: float = 0.35
    absent: int = 4
    named: tuple[float, float] = (0.0, 0.4)
    captions: int = 12
    space_noise: bool = True


DEFAULT_SIMULATION = SimulationSettings()


@dataclass
class _Library:
    vectors: list[FloatArray]
    days: list[int]
    subject: list[str]
    rows: list[int]
    heart: dict[str, int]

    def add(
        self, vectors: FloatArray, days: Iterable[int], subject: str, rows: Iterable[int]
    ) -> None:
        self.vectors.extend(vectors)
        self.days.extend(int(day) for day in days)
        self.subject.extend([subject] * len(vectors))
        self.rows.extend(int(row) for row in rows)


def simulate_user(
    space: EmbeddingSpace,
    nouns: Sequence[str],
    rng: np.random.Generator,
    settings: SimulationSettings = DEFAULT_SIMULATION,
) -> Episode:
    """Draw one user; `nouns` are those that recurring subjects may be of."""
    low, high = settings.library
    size = int(np.exp(rng.uniform(np.log(low), np.log(high))))
    usable = [noun for noun in nouns if len(space.nouns.get(noun, ())) >= 4]
    count = 1 + int(rng.integers(settings.other_subjects[0], settings.other_subjects[1] + 1))
    often = np.sqrt([len(space.nouns[noun]) for noun in usable])
    drawn = rng.choice(usable, min(count, len(usable)), replace=False, p=often / often.sum())
    chosen = [str(noun) for noun in drawn]
    library = _Library([], [], [], [], {})
    used: set[int] = set()
    nobody = rng.random() < settings.nobody
    for noun in () if nobody else chosen:
        _add_subject(library, space, noun, used, rng, settings)
    target = chosen[0]
    singles = _draw(space.nouns[target], used, int(rng.integers(*settings.singles)), rng)
    library.add(space.photos[singles], _days(rng, len(singles)), f"one {target}", singles)
    left = [noun for noun in usable if nobody or noun not in chosen] or [target]
    drawn = rng.choice(left, min(settings.absent, len(left)), replace=False)
    absent = [str(noun) for noun in drawn]
    if rng.random() < 0.5:
        _add_burst(library, space, target if rng.random() < 0.5 else absent[0], used, rng)
    _add_distractors(library, space, size, used, rng)
    return _episode(space, library, chosen, absent, used, rng, settings)


def _add_subject(
    library: _Library,
    space: EmbeddingSpace,
    noun: str,
    used: set[int],
    rng: np.random.Generator,
    settings: SimulationSettings,
) -> None:
    number = int(rng.integers(settings.subject[0], settings.subject[1] + 1))
    rows = np.array([row for row in space.nouns[noun] if row not in used], dtype=np.int64)
    if len(rows) < 4:
        return
    seed = int(rng.choice(rows))
    alike = space.photos[rows] @ space.photos[seed]
    near = rows[np.argsort(-alike, kind="stable")]
    kind = rng.random()
    clique = np.concatenate([[seed], near[space.photos[near] @ space.photos[seed] < 0.999]])
    clique = clique[:number]
    is_clique = kind < 0.35 and _tightness(space.photos[clique]) > _LOOSEST_CLIQUE
    if is_clique:
        members, vectors = clique, space.photos[clique]
    else:
        pool = rows if kind < 0.8 else np.arange(len(space.photos))
        members = rng.choice(pool, number, replace=len(pool) < number)
        vectors = _pulled(space.photos[members], space.photos[seed], rng)
        vectors = _set_apart(vectors, rng.uniform(*settings.apart), rng)
    library.heart[noun] = seed
    used.update(int(row) for row in (*members, seed))
    if is_clique:
        closest = space.photos @ vectors.mean(axis=0)
        within = float(np.median(vectors @ vectors.mean(axis=0)))
        used.update(np.flatnonzero(closest > within).tolist())
    else:
        used.update(near[:3].tolist())
    rows_known = members.tolist() if is_clique else [-1] * len(vectors)
    library.add(vectors, _days(rng, len(vectors)), f"my {noun}", rows_known)


def _tightness(vectors: FloatArray) -> float:
    """Mean likeness of different photos of a set."""
    alike = vectors @ vectors.T
    return float(alike[np.triu_indices(len(vectors), 1)].mean()) if len(vectors) > 1 else 0.0


def _pulled(vectors: FloatArray, seed: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Move photos towards `seed` until their likeness to it is a subject's, each its own way."""
    level = rng.uniform(*_PULL)
    wanted = np.clip(level + rng.normal(0.0, _UNEVEN, len(vectors)), 0.35, 0.96)
    aside = vectors - (vectors @ seed)[:, None] * seed
    aside /= np.maximum(np.linalg.norm(aside, axis=1, keepdims=True), 1e-6)
    pulled = wanted[:, None] * seed + np.sqrt(1.0 - wanted[:, None] ** 2) * aside
    result: FloatArray = pulled.astype(np.float32)
    return result


def _set_apart(vectors: FloatArray, length: float, rng: np.random.Generator) -> FloatArray:
    """Move photos of one subject into a direction that nothing else has."""
    own = rng.standard_normal(vectors.shape[1])
    moved = vectors + length * (own / np.linalg.norm(own)).astype(np.float32)
    unit: FloatArray = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    return unit.astype(np.float32)


def _add_burst(
    library: _Library, space: EmbeddingSpace, noun: str, used: set[int], rng: np.random.Generator
) -> None:
    free = _draw(space.nouns[noun], used, 1, rng)
    if len(free) == 0:
        return
    number = int(rng.integers(3, 9))
    others = rng.choice(len(space.photos), number)
    vectors = _pulled(space.photos[others], space.photos[free[0]], rng)
    day = int(_days(rng, 1)[0])
    library.add(vectors, [day] * number, f"burst {noun}", [-1] * number)


def _add_distractors(
    library: _Library, space: EmbeddingSpace, size: int, used: set[int], rng: np.random.Generator
) -> None:
    free = np.array([row for row in range(len(space.photos)) if row not in used], dtype=np.int64)
    themes = rng.choice(free, int(rng.integers(3, 9)))
    share = rng.choice([0.0, 0.0, 0.3, 0.6])
    pull = np.exp(12.0 * (space.photos[free] @ space.photos[themes].T)) @ rng.dirichlet(
        np.full(len(themes), 0.3)
    )
    chance = (1.0 - share) / len(free) + share * pull / pull.sum()
    rows = rng.choice(free, min(size, len(free)), replace=False, p=chance / chance.sum())
    vectors = space.photos[rows]
    if size > len(free):
        vectors = np.concatenate([vectors, made_photos(vectors, size - len(free), rng)])
    number = len(vectors)
    days = _days(rng, number, number if rng.random() < 0.6 else max(1, number // 6))
    library.add(vectors, days, "", [*rows.tolist(), *[-1] * (number - len(rows))])


def _days(rng: np.random.Generator, count: int, distinct: int | None = None) -> IntArray:
    if distinct is None or distinct >= count:
        return _FIRST_DAY + rng.choice(max(_DAYS, count), count, replace=False)
    return _FIRST_DAY + rng.choice(rng.choice(_DAYS, min(distinct, _DAYS), replace=False), count)


def _draw(rows: IntArray, used: set[int], count: int, rng: np.random.Generator) -> IntArray:
    free = np.array([row for row in rows if int(row) not in used], dtype=np.int64)
    chosen = rng.choice(free, min(count, len(free)), replace=False)
    used.update(chosen.tolist())
    return np.asarray(chosen, dtype=np.int64)


def _episode(
    space: EmbeddingSpace,
    library: _Library,
    chosen: Sequence[str],
    absent: Sequence[str],
    used: set[int],
    rng: np.random.Generator,
    settings: SimulationSettings,
) -> Episode:
    vectors = np.stack(library.vectors).astype(np.float32)
    days = np.array(library.days, dtype=np.int64)
    days = _as_dated(days, rng)
    rows = np.array(library.rows)
    subject = np.array(library.subject)
    present = [noun for noun in chosen if (subject == f"my {noun}").any()]
    caption_rows = np.flatnonzero(np.isin(space.photo_of_caption, rows[rows >= 0]))
    caption_rows = rng.choice(
        caption_rows, min(settings.captions, len(caption_rows)), replace=False
    )
    telling = {
        noun: _telling(space, library.heart[noun], rng.uniform(*settings.named), rng)
        for noun in present
    }
    change: SpaceChange = _unchanged
    if settings.space_noise:
        change = _Change(vectors.shape[1], rng)
    queries = (
        *([_personal(space, present, subject, vectors, change, telling)] if present else []),
        _captions(space, caption_rows, rows, change),
        _abstaining(space, absent, len(rows), change),
    )
    named = _people(subject, present, rng)
    recurs = np.isin(subject, [f"my {noun}" for noun in present])
    bank = change(space.bank, False)
    return Episode(change(vectors, True), days, named, queries, bank, recurs)


def _as_dated(days: IntArray, rng: np.random.Generator) -> IntArray:
    """As cameras and copies leave dates: mostly right, else none, or a part or all on one day."""
    kind = rng.random()
    if kind < 0.15:
        return np.full_like(days, -1)
    share = 1.0 if kind < 0.22 else 0.5 if kind < 0.3 else 0.0
    return np.where(rng.random(len(days)) < share, days[0], days)


def _people(
    subject: npt.NDArray[np.str_], present: Sequence[str], rng: np.random.Generator
) -> tuple[tuple[str, ...], ...]:
    """Names as metadata has them, sometimes: the recurring subject's own, and passers-by's."""
    named = rng.random() < 0.1
    names: list[tuple[str, ...]] = []
    for label in subject.tolist():
        if named and label.startswith("my ") and rng.random() < 0.8:
            names.append((label,))
        elif named and rng.random() < 0.05:
            names.append((f"someone {rng.integers(40)}",))
        else:
            names.append(())
    return tuple(names)


POSSESSIVES = ("my {}", "our {}", "a photo of my {}")
_BARE = "a photo of a {}"


def query_texts(nouns: Iterable[str]) -> tuple[str, ...]:
    """Every text that simulated users may type about these nouns."""
    ways = (*POSSESSIVES, "{}", _BARE)
    return tuple(way.format(noun) for noun in nouns for way in ways)


def _telling(
    space: EmbeddingSpace, heart: int, share: float, rng: np.random.Generator
) -> Callable[[FloatArray], FloatArray]:
    """Mixes `share` of a caption of the photo `heart` into a text."""
    captions = np.flatnonzero(space.photo_of_caption == heart)
    caption = space.captions[rng.choice(captions)] if len(captions) else None

    def mixed(text: FloatArray) -> FloatArray:
        if caption is None:
            return text
        both: FloatArray = (1.0 - share) * text + share * caption
        return (both / np.linalg.norm(both)).astype(np.float32)

    return mixed


def _personal(
    space: EmbeddingSpace,
    present: Sequence[str],
    subject: npt.NDArray[np.str_],
    vectors: FloatArray,
    change: SpaceChange,
    telling: Mapping[str, Callable[[FloatArray], FloatArray]],
) -> Queries:
    texts = [(way.format(noun), noun) for noun in present for way in POSSESSIVES]
    relevant = np.stack([subject == f"my {noun}" for _, noun in texts])
    twin = np.stack([(vectors @ vectors[own].T > _NEAR_DUPLICATE).any(1) for own in relevant])
    twin &= ~relevant
    return Queries(
        "personal",
        change(np.stack([telling[noun](space.texts[text]) for text, noun in texts]), False),
        change(
            np.stack([telling[noun](space.texts[_BARE.format(noun)]) for _, noun in texts]), False
        ),
        relevant,
        twin,
        np.tile(np.array([1.0, 1.0], dtype=np.float32), (len(texts), 1)),
    )


def _captions(
    space: EmbeddingSpace, chosen: IntArray, rows: IntArray, change: SpaceChange
) -> Queries:
    vectors = change(space.captions[chosen], False)
    relevant = space.photo_of_caption[chosen][:, None] == rows[None, :]
    intent = np.tile(np.array([0.0, CAPTION_UNDERSPECIFIED], dtype=np.float32), (len(chosen), 1))
    return Queries("caption", vectors, vectors, relevant, np.zeros_like(relevant), intent)


def _abstaining(
    space: EmbeddingSpace, nouns: Sequence[str], number: int, change: SpaceChange
) -> Queries:
    """'my noun' where no such subject recurs: what is wanted is CLIP's own order."""
    vectors = change(np.stack([space.texts[f"my {noun}"] for noun in nouns]), False)
    bare = change(np.stack([space.texts[_BARE.format(noun)] for noun in nouns]), False)
    nothing = np.zeros((len(nouns), number), dtype=bool)
    return Queries("abstain", vectors, bare, nothing, nothing, np.ones((len(nouns), 2), np.float32))


class _Change:
    """A random modality gap and anisotropy, so that no weight learns one encoder's geometry."""

    def __init__(self, dim: int, rng: np.random.Generator) -> None:
        self._stretch = np.exp(rng.normal(0.0, rng.choice([0.0, 0.3]), dim)).astype(np.float32)
        gap = rng.choice([0.0, 0.0, 0.5, 1.0])
        direction = rng.standard_normal((2, dim))
        direction /= np.linalg.norm(direction, axis=1, keepdims=True)
        self._shift = (gap * direction).astype(np.float32)

    def __call__(self, vectors: FloatArray, is_photo: bool) -> FloatArray:
        """Move `(n, dim)` unit rows; photos and texts shift apart."""
        moved = vectors * self._stretch + self._shift[0 if is_photo else 1]
        unit: FloatArray = moved / np.linalg.norm(moved, axis=1, keepdims=True)
        return unit


def _unchanged(vectors: FloatArray, is_photo: bool) -> FloatArray:
    return vectors
