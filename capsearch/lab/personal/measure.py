"""Run every method on every library and put intervals around the figures."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from capsearch.encoders.base import FloatArray
from capsearch.lab.bootstrap import Interval, interval_over_users
from capsearch.lab.personal.libraries import (
    PersonalLibrary,
    Sources,
    draw_libraries,
)
from capsearch.lab.personal.methods import (
    Method,
    Query,
    methods_for,
    personal_query,
)
from capsearch.lab.personal.splits import HALVES, halves
from capsearch.personalize.weights import CapWeights

CUT_OFFS = (1, 5, 10)
_CAPTION_METHODS = ("clip", "nnn", "distribution_normalisation", "cap", "cap_shuffled")
_COMPARED = ("clip", "nnn", "gated_recurrence", "cap_shuffled", "cap_random")


@dataclass(frozen=True)
class PersonalReport:
    """Figures per method, paired differences of CAP to others, and how many users it harms.

    methods: method -> figure (`map`, `mrr`, `recall_at_1`, ...) -> interval.
    differences: other method -> figure -> interval of CAP minus it.
    harmed: share of subjects that CAP answers worse than CLIP, over their libraries.
    halves: CAP's mean average precision on each half of the subjects (`splits`).
    """

    encoder: str
    weights: str
    subjects: int
    libraries: int
    gallery: float
    caption_queries: int
    methods: Mapping[str, Mapping[str, Interval]]
    differences: Mapping[str, Mapping[str, Interval]]
    harmed: float
    by_subject: Mapping[str, float]
    halves: Mapping[str, float]

    def as_json(self) -> dict[str, object]:
        """The report as `--json` prints it."""
        return {
            "encoder": self.encoder,
            "weights": self.weights,
            "subjects": self.subjects,
            "libraries": self.libraries,
            "mean_gallery": self.gallery,
            "caption_queries": self.caption_queries,
            "methods": {name: _flat(figures) for name, figures in self.methods.items()},
            "cap_minus": {name: _flat(figures) for name, figures in self.differences.items()},
            "users_harmed": self.harmed,
            "cap_map_by_subject": dict(self.by_subject),
            "cap_map_by_half": dict(self.halves),
        }

    def as_text(self) -> str:
        """The report as a table."""
        figures = list(self.methods["clip"])
        lines = [
            f"{self.encoder}: {self.subjects} subjects, {self.libraries} libraries of about "
            f"{self.gallery:.0f} photos, {self.caption_queries:,} caption queries",
            f"{'':30}" + "".join(f"{name:>26}" for name in figures),
        ]
        for name, measured in self.methods.items():
            lines.append(f"{name:30}" + "".join(_cell(measured.get(key)) for key in figures))
        lines.append("CAP minus")
        for name, measured in self.differences.items():
            lines.append(f"  {name:28}" + "".join(_cell(measured.get(key)) for key in figures))
        halves = ", ".join(f"{half}: {value:.3f}" for half, value in self.halves.items())
        lines.append(f"mAP of CAP on each half of the subjects: {halves}")
        lines.append(f"subjects answered worse than by CLIP: {self.harmed:.1%}")
        return "\n".join(lines)


def _flat(figures: Mapping[str, Interval]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, interval in figures.items():
        flat[name] = interval.mean
        flat[f"{name}_interval"] = [interval.low, interval.high]
    return flat


def _cell(interval: Interval | None) -> str:
    if interval is None:
        return f"{'':26}"
    return f"{interval.mean:10.3f} [{interval.low:.3f}, {interval.high:.3f}]"


def measure(
    sources: Sources,
    weights: CapWeights,
    *,
    draws: int = 5,
    distractor_count: int = 300,
    seed: int = 0,
    ablations: bool = False,
) -> PersonalReport:
    """Evaluate on `draws` libraries per subject; see `draw_libraries` for what is in them."""
    libraries = list(draw_libraries(sources, draws, distractor_count, seed))
    figures: dict[str, dict[str, list[FloatArray]]] = defaultdict(lambda: defaultdict(list))
    personal_users: list[int] = []
    caption_users: list[int] = []
    names = sorted(sources.subjects)
    for number, library in enumerate(libraries):
        rng = np.random.default_rng((seed, number, 7))
        other = _another_user(libraries, library, rng)
        methods = methods_for(library, other, sources, weights, rng, ablations)
        user = names.index(library.subject)
        personal_users.append(user)
        query = personal_query(sources, library.subject_class)
        for name, method in methods.items():
            ranks = _ranks(method([query])[0], library.relevant)
            precision = np.arange(1, len(ranks) + 1) / ranks
            figures[name]["map"].append(np.array([precision.mean()]))
            figures[name]["mrr"].append(np.array([1.0 / ranks[0]]))
        asked = np.flatnonzero(np.isin(sources.caption_of, library.distractor))
        caption_users.extend([user] * len(asked))
        for name in _CAPTION_METHODS if len(asked) else ():
            ranks = _caption_ranks(methods[name], library, sources, asked)
            for k in CUT_OFFS:
                figures[name][f"recall_at_{k}"].append((ranks <= k).astype(np.float32))
    users = {"map": np.array(personal_users), "mrr": np.array(personal_users)}
    users |= {f"recall_at_{k}": np.array(caption_users) for k in CUT_OFFS}
    joined = {
        name: {key: np.concatenate(values) for key, values in measured.items()}
        for name, measured in figures.items()
    }
    gain = _by_subject(joined["cap"]["map"] - joined["clip"]["map"], users["map"])
    own = _by_subject(joined["cap"]["map"], users["map"])
    return PersonalReport(
        encoder=sources.encoder,
        weights=weights.identity,
        subjects=len(names),
        libraries=len(libraries),
        gallery=float(np.mean([len(library.vectors) for library in libraries])),
        caption_queries=len(caption_users),
        methods={name: _intervals(measured, users) for name, measured in joined.items()},
        differences={
            name: _intervals(
                {key: joined["cap"][key] - values for key, values in joined[name].items()
                 if key in joined["cap"]},
                users,
            )
            for name in _COMPARED
        },
        harmed=float((gain < 0).mean()),
        by_subject=dict(zip(names, own.tolist(), strict=True)),
        halves=_by_half(dict(zip(names, own.tolist(), strict=True)), sources.classes),
    )  # fmt: skip


def _by_half(by_subject: Mapping[str, float], classes: Mapping[str, str]) -> dict[str, float]:
    half_of = halves(classes)
    parts = {half: [by_subject[name] for name in by_subject if half_of[name] == half]
             for half in HALVES}  # fmt: skip
    return {half: float(np.mean(values)) for half, values in parts.items() if values}


def _intervals(
    measured: Mapping[str, FloatArray], users: Mapping[str, npt.NDArray[np.int64]]
) -> dict[str, Interval]:
    return {key: interval_over_users(values, users[key]) for key, values in measured.items()}


def _by_subject(
    values: npt.NDArray[np.floating], users: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    return np.bincount(users, weights=values) / np.bincount(users)


def _another_user(
    libraries: Sequence[PersonalLibrary], own: PersonalLibrary, rng: np.random.Generator
) -> PersonalLibrary:
    others = [library for library in libraries if library.subject_class != own.subject_class]
    return others[int(rng.integers(len(others)))] if others else own


def _ranks(scores: FloatArray, relevant: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Places, from 1, of the relevant photos; a tie counts against them."""
    wanted = np.sort(scores[relevant])[::-1]
    above = np.array([int((scores[~relevant] >= score).sum()) for score in wanted])
    return above + np.arange(1, len(wanted) + 1)


def _caption_ranks(
    method: Method, library: PersonalLibrary, sources: Sources, asked: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Places, from 1, of the photos that the captions `asked` describe; ties count against them."""
    place = {int(row): number for number, row in enumerate(library.distractor) if row >= 0}
    queries = [
        Query(sources.caption_texts[row], sources.captions[row][None], sources.captions[row])
        for row in asked
    ]
    target = np.array([place[int(row)] for row in sources.caption_of[asked]])
    scores = method(queries)
    own = np.take_along_axis(scores, target[:, None], axis=1)
    ranks: npt.NDArray[np.int64] = (scores >= own).sum(axis=1)
    return ranks
