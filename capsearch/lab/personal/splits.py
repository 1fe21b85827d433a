"""Which half of the subjects something is chosen on, which it is reported on, and what else they
may be called."""

import csv
from collections.abc import Mapping
from itertools import count
from pathlib import Path

HALVES = ("a", "b")
_FILE = Path(__file__).with_name("splits.tsv")


def halves(classes: Mapping[str, str]) -> dict[str, str]:
    """Subject -> 'a' or 'b', from subject -> class.

    The development subjects are listed in `splits.tsv`; any others (a user's own) are dealt by
    turns in the order of class and name. Subjects of one class are in both halves.
    """
    listed = {row["subject"]: row["half"] for row in _listed()}
    turn = count()
    return {
        subject: listed[subject] if subject in listed else HALVES[next(turn) % 2]
        for subject in sorted(classes, key=lambda name: (classes[name], name))
    }


def nouns_of(subject: str, subject_class: str) -> set[str]:
    """Nouns of the vocabulary that name a subject, too ('puppy' a dog), by looking at its photos;
    of a subject that is not listed the words of its class."""
    for row in _listed():
        if row["subject"] == subject:
            return {subject_class, *row["nouns"].split()}
    return {subject_class, *subject_class.split()}


def _listed() -> list[dict[str, str]]:
    with _FILE.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))
