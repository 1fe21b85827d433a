"""Where the development subjects stand, as was seen by looking at each photo: `contexts.tsv`."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

Contexts = Mapping[str, Mapping[str, frozenset[int]]]
"""Subject -> what its photos show beside it ('on grass') -> numbers of those photos, from 0."""


def read_contexts(photos: Mapping[str, Sequence[str]]) -> Contexts:
    """The table, for subjects with these photos (file names in their order).

    Only what plainly is so is in it, and only what some photo of the subject shows and another
    does not.

    Raises:
        ValueError: the table names a photo that a subject of it does not have, or a context that
            all of its photos show.
    """
    found: dict[str, dict[str, set[int]]] = {}
    text = Path(__file__).with_name("contexts.tsv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines(), delimiter="\t"):
        subject, _, name = row["photo"].partition("/")
        if subject not in photos:
            continue
        if name not in photos[subject]:
            raise ValueError(f"{row['photo']} is not there.")
        shown = found.setdefault(subject, {}).setdefault(row["context"], set())
        shown.add(photos[subject].index(name))
    for subject, contexts in found.items():
        for context, numbers in contexts.items():
            if len(numbers) == len(photos[subject]):
                raise ValueError(f"All photos of {subject} are '{context}'.")
    return {
        subject: {context: frozenset(numbers) for context, numbers in contexts.items()}
        for subject, contexts in found.items()
    }
