"""How good the rule of near copies is on the part of the data that nothing was chosen by."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from capsearch.encoders.registry import load_encoder
from capsearch.lab.bootstrap import Interval, interval_over_users
from capsearch.lab.near_copies.fit import fit_rule, share, taken
from capsearch.lab.near_copies.pairs import REPORT, Labelled, Pairs, label
from capsearch.search.near_copies import RULE, CopyRule, tells_little

_LISTED = 12


def fit_and_report(data: Path, seed: int) -> None:
    """Print the fitted rule, and how good it and the product's are."""
    labelled = label(data, load_encoder("starter", "cpu"), seed)
    fitted = fit_rule(labelled)
    print(f"fitted: {fitted}")
    print(f"{'the same as' if fitted == RULE else 'NOT'} the product's: {RULE}")
    for rule in dict.fromkeys((fitted, RULE)):
        print(rule)
        for of in dict.fromkeys(of for of, _ in labelled.copies):
            _report(labelled, of, rule)


def _report(labelled: Labelled, of: str, rule: CopyRule) -> None:
    print(f"  {of}, of the part to report on")
    found = 0
    for kind, pairs in _of(labelled.copies, of).items():
        right = taken(pairs, rule)
        found += int(right.sum())
        little = tells_little(pairs.hashes[:, 0], rule).mean()
        recall = interval_over_users(right.astype(np.float64), pairs.owners)
        told = f"of {len(right)}; {little:.0%} tell little"
        print(f"    {kind:28s} recall {_told(recall)} {told}")
    wrong = 0
    for kind, pairs in _of(labelled.different, of).items():
        mistaken = pairs.of(taken(pairs, rule))
        wrong += len(mistaken)
        listed = sorted(zip(mistaken.bits.tolist(), mistaken.alike.tolist(), strict=True))
        shown = ", ".join(f"{bits} bits {alike:.2f}" for bits, alike in listed[:_LISTED])
        compared = int(labelled.compared[of, kind][REPORT])
        print(f"    {kind:28s} {len(mistaken)} wrong of {compared:,} pairs; {shown or 'none'}")
    print(f"    precision {_told(share(found, found + wrong))}")


def _of(kinds: Mapping[tuple[str, str], Pairs], of: str) -> dict[str, Pairs]:
    return {
        kind: pairs.of(pairs.parts == REPORT) for (what, kind), pairs in kinds.items() if what == of
    }


def _told(interval: Interval) -> str:
    return f"{interval.mean:.3f} ({interval.low:.3f}-{interval.high:.3f})"
