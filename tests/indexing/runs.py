"""One run of the tiny encoder over some folders."""

import os
from pathlib import Path

from tiny_encoder import TinyEncoder

from capsearch.catalog.catalog import Catalog
from capsearch.indexing.report import IndexReport
from capsearch.indexing.run import index_changes, index_folders
from capsearch.indexing.scope import Scope


def index(catalog: Catalog, *folders: Path, **options) -> IndexReport:
    encoder = options.pop("encoder", TinyEncoder())
    options.setdefault("workers", 1)
    return index_folders(catalog, encoder, [os.fspath(folder) for folder in folders], **options)


def failed(report: IndexReport) -> list[str]:
    return [Path(failure.path).name for failure in report.failed]


def index_scopes(catalog: Catalog, *scopes: Scope, **options) -> IndexReport:
    return index_changes(catalog, TinyEncoder(), scopes, workers=1, **options)


def files(catalog: Catalog, folder: Path, state: str = "present") -> list[str]:
    places = catalog.places_under(os.fspath(folder), "")
    return sorted(
        os.path.relpath(path, folder) for path, place in places.items() if place.state == state
    )
