"""`python -m capsearch.lab.near_copies`: fit and measure the rule of near copies on `--data`, or
measure how long a made library of `--photos` takes."""

import argparse
from pathlib import Path

from capsearch.lab.near_copies.report import fit_and_report
from capsearch.lab.near_copies.speed import measure


def main() -> None:
    """Do the one or the other."""
    parser = argparse.ArgumentParser(
        prog="python -m capsearch.lab.near_copies", description=__doc__
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--data", type=Path, metavar="DIR", help="the test photos")
    what.add_argument("--photos", type=int, metavar="N", help="at least 100")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if options.photos is not None:
        measure(options.photos)
    else:
        fit_and_report(options.data, options.seed)


if __name__ == "__main__":
    main()
