"""How good the rule of near copies is on the part of the data that nothing was chosen by."""

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from capsearch.encoders.registry import load_encoder
from capsearch.lab.bootstrap import Interval, interval_over_users
from capsearch.lab.near_copies.fit import ANY_DAYS, fit_rule, share, taken
from capsearch.lab.near_copies.kept_labels import keep, kept
from capsearch.lab.near_copies.pairs import REPORT, Labelled, Pairs, label
from capsearch.search.near_copies import RULE, CopyRule, tells_little

_LISTED = 12


def fit_and_report(data: Path, seed: int, cache: Path | None = None) -> None:
    """Print the fitted rule, and how good it and the product's are. The pairs are those in the
    file `cache` where it is there, and are kept in it where it is not.

    Raises:
        ValueError: what is in `cache` is something else.
    """
    begun = time.perf_counter()
    if cache is not None and cache.exists():
        labelled = kept(cache)
    else:
        labelled = label(data, load_encoder("starter", "cpu"), seed)
        if cache is not None:
            keep(labelled, cache)
    print(f"labelled after {time.perf_counter() - begun:.0f} s", flush=True)
    fitted = fit_rule(labelled)
    print(f"fitted after {time.perf_counter() - begun:.0f} s: {fitted}")
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
        dateless = int(taken(pairs, replace(rule, days=ANY_DAYS)).sum())
        told = f"{len(mistaken)} wrong ({dateless} if no date were known) of {compared:,} pairs"
        print(f"    {kind:28s} {told}; {shown or 'none'}")
    print(f"    precision {_told(share(found, found + wrong))}")


def _of(kinds: Mapping[tuple[str, str], Pairs], of: str) -> dict[str, Pairs]:
    return {
        kind: pairs.of(pairs.parts == REPORT) for (what, kind), pairs in kinds.items() if what == of
    }


def _told(interval: Interval) -> str:
    return f"{interval.mean:.3f} ({interval.low:.3f}-{interval.high:.3f})"
