"""Which photos are chosen, in a grid or in the preview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from capsearch.gui.grid.photo_model import PhotoModel
from capsearch.library.values import PhotoFacts


@dataclass(frozen=True)
class Chosen:
    """Photos by their ids, in the order shown; what is known of some of them already, and how well
    they fit the question, where there is one."""

    ids: tuple[int, ...] = ()
    known: Mapping[int, PhotoFacts] = field(default_factory=dict)
    scores: Mapping[int, float] = field(default_factory=dict)


def chosen_of(model: PhotoModel, rows: Sequence[int]) -> Chosen:
    """The photos of these rows."""
    ids = tuple(model.id_at(row) for row in rows)
    known = {photo: facts for photo in ids if (facts := model.known(photo)) is not None}
    scores = {photo: score for photo in ids if (score := model.score_of(photo)) is not None}
    return Chosen(ids, known, scores)
