"""Which half of the subjects something is chosen on, and which it is reported on."""

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
    with _FILE.open(newline="", encoding="utf-8") as file:
        listed = {row["subject"]: row["half"] for row in csv.DictReader(file, delimiter="\t")}
    turn = count()
    return {
        subject: listed[subject] if subject in listed else HALVES[next(turn) % 2]
        for subject in sorted(classes, key=lambda name: (classes[name], name))
    }
