"""Which photos pass filters, those among them that ask for what was named.

The catalog knows of which photos somebody has said what they show; which others look like it is
said by their vectors. Both pass.
"""

from dataclasses import replace

import numpy as np

from capsearch.catalog.id_sets import common, without
from capsearch.catalog.records import Condition, DayArray, Filters, IdArray
from capsearch.library.encoder_view import EncoderView
from capsearch.search import VectorMatrix


def named_subjects(filters: Filters) -> Condition | None:
    """The first condition that asks for what was named."""
    wanted = (each for each in filters.conditions if each.field == "subject" and not each.negated)
    return next(wanted, None)


def passing(view: EncoderView, matrix: VectorMatrix, filters: Filters) -> IdArray | None:
    """The ids, ascending, of the photos that pass; None where all do."""
    subjects = tuple(each for each in filters.conditions if each.field == "subject")
    if not subjects:
        return view.catalog.passing(filters)
    others = tuple(each for each in filters.conditions if each.field != "subject")
    left = view.catalog.passing(replace(filters, conditions=others))
    for condition in subjects:
        plain = Filters(conditions=(replace(condition, negated=False),))
        said = view.catalog.passing(plain)
        assert said is not None
        shown = np.union1d(said, view.subjects(matrix).showing(condition.values))
        if condition.negated:
            left = without(matrix.ids if left is None else left, shown)
        else:
            left = shown if left is None else common(left, shown)
    return left


def timeline(view: EncoderView, filters: Filters) -> tuple[IdArray, DayArray]:
    """The photos that pass by date, as the catalog lists them."""
    if all(each.field != "subject" for each in filters.conditions):
        return view.catalog.timeline(filters)
    ids, days = view.catalog.timeline(Filters())
    left = passing(view, view.searcher().matrix, filters)
    kept = np.ones(len(ids), np.bool_) if left is None else np.isin(ids, left)
    return ids[kept], days[kept]
