"""`python -m capsearch.lab.near_copies`: fit and measure the rule of near copies on `--data`, or
measure how long a made library of `--photos` takes."""

import argparse
from pathlib import Path

from capsearch.lab.near_copies.report import fit_and_report
from capsearch.lab.near_copies.speed import measure

_FEWEST = 100


def main() -> None:
    """Do the one or the other."""
    parser = argparse.ArgumentParser(
        prog="python -m capsearch.lab.near_copies", description=__doc__
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--data", type=Path, metavar="DIR", help="the test photos")
    what.add_argument("--photos", type=int, metavar="N", help=f"at least {_FEWEST}")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--cache",
        type=Path,
        metavar="FILE",
        help="with --data: keep the labelled pairs there, and take them from there the next time; "
        "delete it when the photos, the seed, the hash or the encoder are others",
    )
    options = parser.parse_args()
    if options.photos is not None and options.photos < _FEWEST:
        parser.error(f"--photos takes {_FEWEST} or more.")
    if options.data is not None and not (options.data / "flickr8k/images").is_dir():
        parser.error(f"There are no photos of Flickr8k in {options.data}.")
    if options.photos is not None:
        measure(options.photos)
    else:
        try:
            fit_and_report(options.data, options.seed, options.cache)
        except ValueError as error:
            parser.error(f"{error}")


if __name__ == "__main__":
    main()
