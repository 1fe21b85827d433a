"""The rule of near copies by one criterion, from two of three parts of the labelled pairs.

`least`: half of a percent of the photos of Flickr8k have fewer changes in their hash. All else:
the rule that finds most copies, each kind counting alike, of those whose precision is at least 99%
by the lower end of its 95% interval, in each of the two parts; of the rules that find as many but
for one standard error (Breiman et al., 1984, "Classification and Regression Trees", 3.4.3) the one
with fewest wrong pairs, then fewest bits, then the greatest likeness. `near`, which needs no
vectors, by copies of whole photos; then `far` and `like` by all copies of photos, then `poor_far`
and `poor_like` by pages of text and blank pictures. All without dates, for many photos have none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from math import log, sqrt

import numpy as np
import numpy.typing as npt

from capsearch.lab.bootstrap import Interval
from capsearch.lab.near_copies.pairs import CHOOSE, FIT, PHOTOS, Labelled, Pairs
from capsearch.search.near_copies import ANY_DAY, RULE, CopyRule, changes, tells_little

PRECISION = 0.99
ANY_DAYS = ANY_DAY[1] - ANY_DAY[0]
"""Between two photos: so many that their dates rule nothing out."""
_USELESS = 0.5
_MOVED = ("cut by 5%", "next in a burst")
_Z = 1.959964
Kinds = Mapping[tuple[str, str], Pairs]


def taken(pairs: Pairs, rule: CopyRule) -> npt.NDArray[np.bool_]:
    """Which of the pairs the rule takes for copies, (m,)."""
    little = tells_little(pairs.hashes.reshape(-1, 2), rule).reshape(-1, 2)
    telling, poor = ~little.any(axis=1), little.all(axis=1)
    bits, near_days = pairs.bits, pairs.days <= rule.days
    less_near = (bits <= rule.far) & (pairs.alike >= rule.like) & near_days
    seen = (bits <= rule.near) | less_near
    fitting = pairs.apart <= log(rule.shape) + 1e-9
    same = (bits <= rule.poor_far) & (pairs.alike >= rule.poor_like) & pairs.equal & near_days
    found: npt.NDArray[np.bool_] = (telling & seen & fitting) | (poor & same)
    return found


def share(right: int, count: int) -> Interval:
    """`right` of `count`, with the 95% interval of Wilson (1927)."""
    if not count:
        return Interval(0.0, 0.0, 1.0)
    found, weight = right / count, _Z**2 / count
    middle = (found + weight / 2) / (1 + weight)
    reach = _Z / (1 + weight) * sqrt(found * (1 - found) / count + weight / 4 / count)
    return Interval(found, middle - reach, middle + reach)


def fit_rule(labelled: Labelled) -> CopyRule:
    """The rule by the criterion above, from the parts to fit and to choose by."""
    counted = changes(labelled.hashes[np.isin(labelled.parts, (FIT, CHOOSE))])
    start = replace(RULE, least=int(np.percentile(counted, _USELESS)), days=ANY_DAYS)
    copies, different = _parted(labelled, photos=True)
    whole = [
        {kind: pairs for kind, pairs in kinds.items() if kind[1] not in _MOVED} for kinds in copies
    ]
    alone = [replace(start, near=near, far=near) for near in range(0, 23, 2)]
    near = _best(alone, whole, different).near
    rules = [
        replace(start, near=near, far=far, like=like / 100)
        for far, like in product(range(near, 33, 2), range(30, 100, 5))
    ]
    rule = _best(rules, copies, different)
    poor = [
        replace(rule, poor_far=far, poor_like=like / 1000)
        for far, like in product(range(9), (900, 950, 960, 970, 980, 985, 990, 995))
    ]
    best = _best(poor, *(_poor(rule, each) for each in _parted(labelled, photos=False)))
    return replace(best, days=RULE.days)


def _parted(labelled: Labelled, *, photos: bool) -> tuple[Sequence[Kinds], Sequence[Kinds]]:
    """Pairs of copies and different pictures, each in the part to fit by and the one to choose by;
    of photos, or of all else."""

    def of(kinds: Kinds, part: int) -> Kinds:
        chosen = {kind: pairs for kind, pairs in kinds.items() if (kind[0] == PHOTOS) == photos}
        return {kind: pairs.of(pairs.parts == part) for kind, pairs in chosen.items()}

    copies = [of(labelled.copies, part) for part in (FIT, CHOOSE)]
    different = [of(labelled.different, part) for part in (FIT, CHOOSE)]
    return copies, different


def _poor(rule: CopyRule, parts: Sequence[Kinds]) -> Sequence[Kinds]:
    """The pairs that both tell little."""

    def of(pairs: Pairs) -> Pairs:
        little = tells_little(pairs.hashes.reshape(-1, 2), rule).reshape(-1, 2)
        return pairs.of(little[:, 0] & little[:, 1])

    return [{kind: of(pairs) for kind, pairs in kinds.items()} for kinds in parts]


def _best(
    rules: Sequence[CopyRule], copies: Sequence[Kinds], different: Sequence[Kinds]
) -> CopyRule:
    measured: list[tuple[float, float, int, CopyRule]] = []
    for rule in rules:
        right = [[taken(pairs, rule) for pairs in kinds.values() if len(pairs)] for kinds in copies]
        wrong = [
            sum(int(taken(pairs, rule).sum()) for pairs in kinds.values()) for kinds in different
        ]
        found = [sum(int(kind.sum()) for kind in part) for part in right]
        low = min(share(good, good + bad).low for good, bad in zip(found, wrong, strict=True))
        recall = float(np.mean([kind.mean() for part in right for kind in part]))
        measured.append((low, recall, sum(wrong), rule))
    good = [each for each in measured if each[0] >= PRECISION]
    if not good:
        # Of rules that are never good enough, the most precise.
        return max(measured, key=lambda each: (each[0], each[1]))[3]
    best = max(recall for _, recall, _, _ in good)
    pictures = sum(max(len(pairs) for pairs in kinds.values()) for kinds in copies)
    error = sqrt(best * (1 - best) / pictures)
    alike = [(wrong, rule) for _, recall, wrong, rule in good if recall >= best - error]
    return min(alike, key=lambda each: (each[0], *_strictness(each[1])))[1]


def _strictness(rule: CopyRule) -> tuple[float, ...]:
    return rule.far, rule.near, -rule.like, rule.poor_far, -rule.poor_like
