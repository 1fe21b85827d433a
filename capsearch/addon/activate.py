"""PyTorch for this process: beside Python as pip puts it, or the add-on in CapSearch's folder."""

import importlib
import os
import sys
from importlib.util import find_spec

from capsearch.addon.choose import choose_variant
from capsearch.addon.installed import addon_folder, find_installed, installed_addons
from capsearch.addon.lock import LOCK_FILE, bundled_lock
from capsearch.errors import CapsearchError
from capsearch.resources import find_resource

_MODULES = ("torch", "open_clip")
_STARTER_WORKS = "or use `--encoder starter`, which needs none."


def torch_is_here() -> bool:
    """Whether PyTorch and open_clip can be imported, by way of the add-on too. Imports neither.

    To be asked in each process before either is imported; without an add-on it costs a look at one
    folder.

    Raises:
        CapsearchError: the list of the add-on's files is damaged.
    """
    return _found() or (_activate() and _found())


def require_torch() -> None:
    """As `torch_is_here`, but nothing else will do.

    Raises:
        CapsearchError: there is no PyTorch here; the next step says how it comes.
    """
    if torch_is_here():
        return
    lock = bundled_lock()
    if lock is None:
        raise CapsearchError(
            "CLIP models need PyTorch and open_clip, which are not installed here.",
            f"Run `pip install torch open_clip_torch`, {_STARTER_WORKS}",
        )
    size = f"{choose_variant(lock).download_bytes / 1e6:,.0f} MB"
    why = "which is not here yet"
    if installed_addons():
        why = "and the one that is here belongs to another version of CapSearch"
    raise CapsearchError(
        f"CLIP models need PyTorch, {why} (download {size}).",
        f"Run `capsearch models engine install`, {_STARTER_WORKS}",
    )


def comes_by_pip() -> bool:
    """Whether what models need beside CapSearch is installed by pip here, not by this app."""
    return find_resource(LOCK_FILE) is None


def _found() -> bool:
    return all(name in sys.modules or find_spec(name) is not None for name in _MODULES)


def _activate() -> bool:
    """Put the add-on of this app on Python's path, last: what the app has itself goes first."""
    if not addon_folder().is_dir():
        return False
    lock = bundled_lock()
    addon = find_installed(lock) if lock is not None else None
    if addon is None:
        return False
    modules = os.fspath(addon.modules)
    if modules not in sys.path:
        sys.path.append(modules)
        importlib.invalidate_caches()
    return True
