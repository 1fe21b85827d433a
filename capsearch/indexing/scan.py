"""What lies on the disk now, folder by folder; nothing is opened."""

import os
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from capsearch.catalog.records import Stamp
from capsearch.indexing.report import ProgressMeter
from capsearch.indexing.scope import Scope
from capsearch.paths import lies_in
from capsearch.photos.groups import is_beside_name
from capsearch.photos.walk import FoundFile, WalkProblem, is_photo_name, walk


@dataclass
class Scan:
    """What was found in `scopes`: the files that matter (photos and what may go with them) by
    folder and name, and the files and folders that could not be looked at, with the reason.
    The files at `in_cloud` are among the folders' and must not be opened; one that only a stub
    stands for has `NO_STAMP`."""

    scopes: tuple[Scope, ...]
    unsettled: frozenset[str] = frozenset()
    folders: defaultdict[str, dict[str, Stamp]] = field(default_factory=lambda: defaultdict(dict))
    problems: dict[str, str] = field(default_factory=dict)
    in_cloud: set[str] = field(default_factory=set)
    complete: bool = True


def look(
    scopes: Iterable[Scope],
    patterns: Mapping[str, Sequence[str]],
    meter: ProgressMeter,
    stop: threading.Event,
    unsettled: frozenset[str] = frozenset(),
) -> Scan:
    """Walk the scopes, each from those of the library's folders that it lies in.

    `patterns`: what is left out, by the library's folders. `unsettled` files, still being
    written, are not judged.
    """
    scan = Scan(tuple(scopes), unsettled)
    for scope in scan.scopes:
        above = [root for root in patterns if lies_in(scope.folder, root)]
        for root in [scope.folder] if scope.folder in above and scope.deep else above:
            for item in walk(root, patterns[root], start=scope.folder, deep=scope.deep):
                if stop.is_set():
                    scan.complete = False
                    return scan
                _note(scan, item, meter)
    return scan


def _note(scan: Scan, item: FoundFile | WalkProblem, meter: ProgressMeter) -> None:
    folder, name = os.path.split(item.path)
    if isinstance(item, WalkProblem):
        if is_photo_name(name) or Path(item.path).is_dir():
            scan.problems[item.path] = item.reason
    elif is_photo_name(name) or is_beside_name(name):
        if item.in_cloud:
            scan.in_cloud.add(item.path)
        else:  # a stub lies beside its file for a moment, and comes first
            scan.in_cloud.discard(item.path)
        scan.folders[folder][name] = Stamp(item.size, item.mtime_ns)
        if is_photo_name(name):
            meter.step()
