"""What an index run looks at."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """A folder to look at: all below it, or (not `deep`) only the files directly in it."""

    folder: str
    deep: bool = True
