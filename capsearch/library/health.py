"""Is a library whole, and what to do where it is not? Slow checks that no other use needs."""

from dataclasses import dataclass
from pathlib import Path

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.integrity import find_problems
from capsearch.catalog.records import Counts, Failure
from capsearch.catalog.repair import Repair, repair
from capsearch.errors import CapsearchError
from capsearch.library.encoder_choice import active_encoder
from capsearch.search import index_notice

__all__ = ["Health", "Repair", "examine_library", "index_notice", "repair"]


@dataclass(frozen=True)
class Health:
    """What a library says of itself: None and () where there is none or it cannot be read.

    `encoder` is the name of the one that searches it; `problems` are sentences for people.
    """

    counts: Counts | None = None
    failures: tuple[Failure, ...] = ()
    encoder: str | None = None
    problems: tuple[str, ...] = ()


def examine_library(library: Path) -> Health:
    """Look at a library without changing it."""
    if not library.exists():
        return Health()
    try:
        with Catalog.open(library, read_only=True) as catalog:
            active = active_encoder(catalog)
            return Health(
                counts=catalog.counts(),
                failures=catalog.failure_list(),
                encoder=active.name if active else None,
                problems=find_problems(catalog),
            )
    except CapsearchError as error:
        return Health(problems=(str(error),))
