"""`python -m capsearch.lab.subjects measure --data DIR`: how well what comes back is found, and
what names and corrections do to answers; `fit` chooses the numbers of both."""

import argparse
from pathlib import Path

from capsearch.encoders.starter import load_starter
from capsearch.errors import CapsearchError
from capsearch.lab.personal.libraries import Sources, encode_sources, find_sources
from capsearch.lab.subjects.contexts import read_contexts
from capsearch.lab.subjects.fit import fit
from capsearch.lab.subjects.libraries import RememberingEncoder
from capsearch.lab.subjects.measure import measure
from capsearch.personalize.weights import load_weights

_DRAWS = 2


def main() -> None:
    """Do what is asked."""
    parser = argparse.ArgumentParser(prog="python -m capsearch.lab.subjects", description=__doc__)
    parser.add_argument("what", choices=("fit", "measure"))
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the test photos")
    parser.add_argument("--draws", type=int, default=_DRAWS, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    subjects, others = options.data / "subjects", options.data / "flickr8k"
    encoder = RememberingEncoder(load_starter())
    try:
        files = find_sources(subjects, others / "images", others / "dev.txt").subjects
        sources = encode_sources(
            encoder, subjects, others / "images", others / "captions.csv", others / "dev.txt"
        )
        contexts = read_contexts(
            {name: [path.name for path in paths] for name, paths in files.items()}
        )
        _require_all(sources, {name: len(paths) for name, paths in files.items()})
        if options.what == "fit":
            fit(sources, encoder, load_weights(), options.draws, options.seed, print)
        else:
            measure(sources, encoder, contexts, options.draws, options.seed, print)
    except (CapsearchError, ValueError) as error:
        parser.error(f"{error}")


def _require_all(sources: Sources, photos: dict[str, int]) -> None:
    for name, count in photos.items():
        if len(sources.subjects.get(name, ())) != count:
            raise ValueError(f"Not all photos of {name} can be read.")


if __name__ == "__main__":
    main()
