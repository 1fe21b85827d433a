"""Is a library whole, and what to do where it is not? Slow checks that no other use needs."""

from dataclasses import dataclass, replace
from pathlib import Path

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.integrity import find_problems
from capsearch.catalog.records import Counts, Failure, Folder
from capsearch.catalog.repair import Repair, repair
from capsearch.errors import CapsearchError
from capsearch.indexing.drives import look_at_drives
from capsearch.library.encoder_choice import active_encoder, count_waiting, wanted_encoder
from capsearch.search import index_notice

__all__ = ["Health", "Repair", "examine_library", "index_notice", "repair"]


@dataclass(frozen=True)
class Health:
    """What a library says of itself: None and () where there is none or it cannot be read.

    `folders` are online or not as they can be reached now. Of the files `cut_off` only a part is
    there, which is shown and found. `encoder` is the name of the one that searches it; a
    `wanted_encoder` takes over when it has seen `waiting` photos, `waiting_away` of them on drives
    that are away. `problems` are sentences for people.
    """

    counts: Counts | None = None
    folders: tuple[Folder, ...] = ()
    failures: tuple[Failure, ...] = ()
    cut_off: tuple[str, ...] = ()
    encoder: str | None = None
    wanted_encoder: str | None = None
    waiting: int = 0
    waiting_away: int = 0
    problems: tuple[str, ...] = ()


def examine_library(library: Path) -> Health:
    """Look at a library without changing it."""
    if not library.exists():
        return Health()
    try:
        with Catalog.open(library, read_only=True) as catalog:
            unreached = look_at_drives(catalog).away
            active = active_encoder(catalog)
            wanted = wanted_encoder(catalog)
            waiting, away = count_waiting(catalog, wanted) if wanted else (0, 0)
            return Health(
                counts=catalog.counts(),
                folders=tuple(
                    replace(folder, online=folder.path not in unreached)
                    for folder in catalog.folders()
                ),
                failures=catalog.failure_list(),
                cut_off=catalog.cut_off_files(),
                encoder=active.name if active else None,
                wanted_encoder=wanted,
                waiting=waiting,
                waiting_away=away,
                problems=find_problems(catalog),
            )
    except CapsearchError as error:
        return Health(problems=(str(error),))
