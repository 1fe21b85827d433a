"""A check of searches by what the user's files say of themselves: keywords, names, folders.

The words stay here: the report gets numbers of labels, never one of them.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

import numpy as np
import numpy.typing as npt

from capsearch.benchmark.by_looks import order_by_looks
from capsearch.benchmark.labels import MEAN_PRECISION
from capsearch.benchmark.means import FloatArray, add_mean
from capsearch.benchmark.report import Better
from capsearch.benchmark.run import Run
from capsearch.catalog.records import IdArray, PhotoFacts
from capsearch.library.encoder_view import EncoderView

Kind = Literal["keywords", "folder names", "names of people"]

FIRST = 10
_LEAST_PHOTOS, _LEAST_LABELS = 3, 5
_LABELS, _QUICK_LABELS = 100, 15
# Photos times labels ranked in a whole run, about a minute of searching.
_MOST_RANKED, _QUICK_MOST_RANKED = 10_000_000, 500_000
_FACTS_AT_ONCE = 5_000
_CAMERA_FOLDER = re.compile(
    r"dcim|\d{3}[a-z0-9_]{5}|camera( roll)?|(img|dsc[nf]?|pict)[\W\d_]*", re.IGNORECASE
)
_SAYS_NOTHING = frozenset((
    "photo", "photos", "picture", "pictures", "image", "images", "bild", "bilder", "foto", "fotos",
    "album", "albums", "new", "neu", "misc", "download", "downloads", "upload", "uploads", "import",
    "imports", "export", "exports", "tmp", "temp", "backup",
))  # fmt: skip
_MONTHS = frozenset((
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    "january", "february", "march", "april", "june", "july", "august", "september", "october",
    "november", "december", "januar", "februar", "m\u00e4rz", "mai", "juni", "juli", "oktober",
    "dezember", "okt", "dez",
))  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019.-][^\W\d_]+)*")
_LEAST_LETTERS = 3
_RANDOM, _GENERIC, _OWN = "random order", "generic", "personalised"


@dataclass(frozen=True)
class CarriedLabel:
    """Words to search by, and the rows, along the library's ids, of the photos that carry them."""

    query: str
    rows: npt.NDArray[np.int64]


def measure_carried_labels(run: Run, view: EncoderView) -> None:
    """Put into the report how well searches for the labels find the photos that carry them."""
    ids = view.searcher().matrix.ids
    most = (_QUICK_MOST_RANKED if run.quick else _MOST_RANKED) // len(ids)
    if most < _LEAST_LABELS:
        run.lacks(
            f"quality: the check by keywords, folders and names of {len(ids):,} photos takes long"
            + ("; without --quick it is done." if run.quick else ".")
        )
        return
    run.say("quality: reading keywords, folders and names")
    for kind, labels in gather_labels(view, ids).items():
        if len(labels) < _LEAST_LABELS:
            run.lacks(
                f"quality: the check by {kind} needs {_LEAST_LABELS} that {_LEAST_PHOTOS} or more "
                f"photos carry, and less than half of all; there are {len(labels)}."
            )
            continue
        run.say(f"quality: searching for {kind}")
        count = min(most, _QUICK_LABELS if run.quick else _LABELS)
        _check(run, view, kind, _drawn(labels, count))


def gather_labels(view: EncoderView, ids: IdArray) -> Mapping[Kind, list[CarriedLabel]]:
    """Every label that 3 or more of the photos `ids` and less than half of them carry."""
    carriers: dict[Kind, dict[str, set[int]]] = {
        "keywords": defaultdict(set),
        "folder names": defaultdict(set),
        "names of people": defaultdict(set),
    }
    roots = [PurePath(folder.path) for folder in view.catalog.folders()]
    row_of = {photo: row for row, photo in enumerate(ids.tolist())}
    for facts in _all_facts(view, ids):
        for kind, word in _words_of(facts, roots):
            carriers[kind][word].add(row_of[facts.id])
    return {
        kind: [
            CarriedLabel(_query(kind, word), np.array(sorted(rows), np.int64))
            for word, rows in sorted(found.items())
            if len(rows) >= _LEAST_PHOTOS and 2 * len(rows) < len(ids)
        ]
        for kind, found in carriers.items()
    }


def telling_words(name: str) -> str:
    """A keyword or a folder's name without numbers, in small letters; empty where it says nothing
    of what a photo shows: a date, a number, a camera's own name."""
    name = unicodedata.normalize("NFC", name).strip()
    if _CAMERA_FOLDER.fullmatch(name):
        return ""
    words = [word.lower() for word in _WORD.findall(name)]
    telling = [word for word in words if word not in _SAYS_NOTHING and word not in _MONTHS]
    if not any(len(word) >= _LEAST_LETTERS for word in telling):
        return ""
    return " ".join(word for word in words if word not in _MONTHS)


def average_precision(places: npt.NDArray[np.int64]) -> float:
    """Of wanted photos at these places, ascending from 1."""
    return float(np.mean(np.arange(1, len(places) + 1) / places))


def expected_precision(wanted: int, count: int) -> float:
    """The expected average precision of `wanted` photos among `count` in random order.

    A wanted photo at place i has i - 1 before it, of which (wanted - 1) / (count - 1) are wanted.
    """
    harmonic = float((1 / np.arange(1, count + 1)).sum())
    others = (wanted - 1) / (count - 1) if count > 1 else 0.0
    return (harmonic + others * (count - harmonic)) / count


def _all_facts(view: EncoderView, ids: IdArray) -> Iterator[PhotoFacts]:
    for start in range(0, len(ids), _FACTS_AT_ONCE):
        yield from view.catalog.facts(ids[start : start + _FACTS_AT_ONCE].tolist()).values()


def _words_of(facts: PhotoFacts, roots: Sequence[PurePath]) -> Iterator[tuple[Kind, str]]:
    for keyword in facts.keywords:
        if word := telling_words(keyword):
            yield "keywords", word
    for folder in _folders_of(facts, roots):
        if word := telling_words(folder):
            yield "folder names", word
    for person in facts.people:
        if name := " ".join(person.name.split()):
            yield "names of people", name


def _folders_of(facts: PhotoFacts, roots: Sequence[PurePath]) -> Iterator[str]:
    """Names of the folders that the photo lies in, from the library's own folder on."""
    for path in map(PurePath, facts.paths):
        for root in roots:
            if path.is_relative_to(root):
                yield root.name
                yield from path.relative_to(root).parts[:-1]


def _query(kind: Kind, word: str) -> str:
    return word if kind == "names of people" else f"a photo of {word}"


def _drawn(labels: Sequence[CarriedLabel], count: int) -> list[CarriedLabel]:
    if len(labels) <= count:
        return list(labels)
    rows = np.random.default_rng(0).choice(len(labels), count, replace=False)
    return [labels[row] for row in sorted(rows.tolist())]


def _check(run: Run, view: EncoderView, kind: Kind, labels: Sequence[CarriedLabel]) -> None:
    matrix = view.searcher().matrix
    count, ids = len(matrix), matrix.ids
    ways = (_OWN, _GENERIC) if view.profiles.profile(matrix) is not None else (_GENERIC,)
    wanted = np.array([len(label.rows) for label in labels])
    most = np.minimum(FIRST, wanted)
    precision: dict[str, FloatArray] = {}
    recall: dict[str, FloatArray] = {}
    for way in ways:
        found = [_places(view, label, ids, personalize=way == _OWN) for label in labels]
        precision[way] = np.array([average_precision(places) for places in found])
        recall[way] = np.array([np.count_nonzero(places <= FIRST) for places in found]) / most
    precision[_RANDOM] = np.array([expected_precision(each, count) for each in wanted.tolist()])
    recall[_RANDOM] = FIRST / count * wanted / most
    note = f"{len(labels)} labels"
    _add(run, f"{kind}, {MEAN_PRECISION}", precision, count, note)
    differences = {
        f"{one} minus {other}": precision[one] - precision[other]
        for one, other in ((_OWN, _RANDOM), (_GENERIC, _RANDOM), (_OWN, _GENERIC))
        if one in precision
    }
    _add(run, f"{kind}, {MEAN_PRECISION}, difference", differences, count, note)
    note += f", of at most {FIRST} photos each"
    _add(run, f"{kind}, recall at {FIRST}", recall, count, note)


def _places(
    view: EncoderView, label: CarriedLabel, ids: IdArray, *, personalize: bool
) -> npt.NDArray[np.int64]:
    """Places, ascending from 1, of the label's photos among all."""
    found = order_by_looks(view, label.query, len(ids), personalize=personalize)
    return np.flatnonzero(np.isin(found, ids[label.rows])) + 1


def _add(run: Run, what: str, ways: Mapping[str, FloatArray], size: int, note: str) -> None:
    for way, values in ways.items():
        better: Better = "more" if way in (_OWN, _GENERIC) else ""
        add_mean(run, what, way, "%", values, size=size, better=better, note=note)
