"""The library's folders: which there are, and how the user changes them."""

import os
from collections.abc import Callable, Sequence

from capsearch.catalog.catalog import Catalog
from capsearch.errors import CapsearchError
from capsearch.indexing.folders import check_folders, printable, take_over
from capsearch.library.values import AddedFolder, Folder, HeldFolder, Removal
from capsearch.paths import lies_in


def held_folders(catalog: Catalog) -> tuple[HeldFolder, ...]:
    """List the folders with their photos counted, by path."""
    with catalog.snapshot():
        photos = catalog.photos_by_folder()
        return tuple(HeldFolder(folder, photos[folder.path]) for folder in catalog.folders())


def known_folder(catalog: Catalog, folder: str) -> Folder:
    """Find one of the library's folders by its name, absolute or not.

    Raises:
        CapsearchError: it is none of them.
    """
    path = os.path.abspath(folder)
    folders = catalog.folders()
    for known in folders:
        if known.path == path:
            return known
    names = ", ".join(printable(known.path) for known in folders)
    raise CapsearchError(
        f"{printable(path)} is no folder of this library.",
        f"Its folders are: {names}." if names else "It has none yet.",
    )


def add_folders(catalog: Catalog, folders: Sequence[str]) -> tuple[AddedFolder, ...]:
    """Take folders into the library; all, or none.

    Raises:
        CapsearchError: one of them cannot be looked into.
    """
    check_folders(catalog, folders)
    added = []
    with catalog.transaction():
        for path in dict.fromkeys(os.path.abspath(folder) for folder in folders):
            others = [known.path for known in catalog.folders() if known.path != path]
            added.append(
                AddedFolder(
                    path=path,
                    new=len(others) == len(catalog.folders()),
                    inside=tuple(other for other in others if lies_in(path, other)),
                    below=tuple(other for other in others if lies_in(other, path)),
                )
            )
            catalog.add_folder(path)
    return tuple(added)


def remove_folder(
    catalog: Catalog, folder: str, waiting: Callable[[], None] | None = None
) -> Removal:
    """Take a folder out of the library, and say what went.

    Raises:
        CapsearchError: it is not in the library, an index run is going on.
    """
    with catalog.indexing_lock(waiting), catalog.transaction():
        path = known_folder(catalog, folder).path
        removal = catalog.count_removal(path)
        catalog.remove_folder(path)
    return removal


def relocate_folder(
    catalog: Catalog, old: str, new: str, waiting: Callable[[], None] | None = None
) -> HeldFolder:
    """Take over for `new` all that is known of `old`, and say what it holds.

    Raises:
        CapsearchError: `old` is not in the library, `new` does not hold its files, an index run
            is going on.
    """
    with catalog.indexing_lock(waiting):
        path = os.path.abspath(new)
        take_over(catalog, known_folder(catalog, old).path, path)
    return next(held for held in held_folders(catalog) if held.folder.path == path)
