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


class Stacks:
    """The stacks of one library, read again when it has changed; one thread uses it."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._mark: object = None
        self._members = self._bests = np.empty(0, np.int64)

    def shown(self, ids: IdArray) -> BoolArray:
        """Which of the photos (n,) of a list stand for themselves or their stack; bool (n,)."""
        return np.isin(ids, self.standing(ids).shown)

    @property
    def any(self) -> bool:
        """Whether there are near copies at all."""
        self._read()
        return len(self._members) > 0

    def standing(self, ids: IdArray, said: IdArray | None = None) -> Standing:
        """Each stack once, where the first of it stands: its best photo, if that is listed. One
        whose own texts say what is asked (those of `said`) stands before a best one that does not.
        """
        self._read()
        best = ids
        if len(self._members):
            at = np.minimum(np.searchsorted(self._members, ids), len(self._members) - 1)
            best = np.where(self._members[at] == ids, self._bests[at], ids)
        _, firsts = np.unique(best, return_index=True)
        places = np.sort(firsts)
        has_best = np.isin(best[places], ids)
        if said is not None:
            has_best &= np.isin(best[places], said) | ~np.isin(ids[places], said)
        return Standing(places, np.where(has_best, best[places], ids[places]))

    def _read(self) -> None:
        mark = self._catalog.change_mark()
        if mark != self._mark:
            self._members, self._bests = self._catalog.stacks()
            self._mark = mark
