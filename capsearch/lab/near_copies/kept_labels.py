"""Labelled pairs in one file, so that a rule is fitted again without looking at the photos."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from capsearch.files import write_whole
from capsearch.lab.near_copies.pairs import Labelled, Pairs

Kind = tuple[str, str]
_BETWEEN = "/"


def keep(labelled: Labelled, path: Path) -> None:
    """Write them to `path`."""
    arrays = {"hashes": labelled.hashes, "parts": labelled.parts}
    for group in ("copies", "different"):
        for kind, pairs in getattr(labelled, group).items():
            arrays |= {
                _BETWEEN.join((group, *kind, name)): array for name, array in vars(pairs).items()
            }
    for kind, counts in labelled.compared.items():
        arrays[_BETWEEN.join(("compared", *kind, ""))] = counts
    with write_whole(path) as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def kept(path: Path) -> Labelled:
    """Read what `keep` wrote.

    Raises:
        ValueError: it is something else.
    """
    found: dict[str, dict[Kind, dict[str, npt.NDArray[Any]]]] = {
        "copies": {},
        "different": {},
        "compared": {},
    }
    try:
        with np.load(path) as arrays:
            for name in arrays.files:
                if _BETWEEN in name:
                    group, of, kind, array = name.split(_BETWEEN)
                    found[group].setdefault((of, kind), {})[array] = arrays[name]
            copies, different = (
                {kind: Pairs(**pairs) for kind, pairs in found[group].items()}
                for group in ("copies", "different")
            )
            compared = {kind: counts[""] for kind, counts in found["compared"].items()}
            return Labelled(copies, different, compared, arrays["hashes"], arrays["parts"])
    except (KeyError, TypeError, ValueError, EOFError, OSError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} holds no pairs of this version.") from error
