"""Lists in which one photo stands for all its near copies."""

from dataclasses import dataclass

import numpy as np

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import IdArray
from capsearch.search.near_copies import BoolArray


@dataclass(frozen=True, eq=False)
class Standing:
    """Which photo stands for each of a list: where each stack first comes in it, and the photo
    that is shown there."""

    places: IdArray
    shown: IdArray


def standing(catalog: Catalog, ids: IdArray, said: IdArray | None = None) -> Standing:
    """Each stack once, where the first of it stands: its best photo, if that is listed. One whose
    own texts say what is asked (those of `said`) stands before a best one that does not."""
    members, bests = catalog.kept_stacks()
    best = ids
    if len(members):
        at = np.minimum(np.searchsorted(members, ids), len(members) - 1)
        best = np.where(members[at] == ids, bests[at], ids)
    _, firsts = np.unique(best, return_index=True)
    places = np.sort(firsts)
    has_best = np.isin(best[places], ids)
    if said is not None:
        has_best &= np.isin(best[places], said) | ~np.isin(ids[places], said)
    return Standing(places, np.where(has_best, best[places], ids[places]))


def shown_of(catalog: Catalog, ids: IdArray) -> BoolArray:
    """Which of the photos (n,) of a list stand for themselves or their stack; bool (n,)."""
    return np.isin(ids, standing(catalog, ids).shown)
