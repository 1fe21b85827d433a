"""`capsearch models engine`: PyTorch, which CLIP models run on, where the app came without it."""

import argparse
import sys
from importlib import metadata

from capsearch.addon.activate import torch_is_here
from capsearch.addon.choose import choose_variant
from capsearch.addon.installed import InstalledAddon, addon_folder, find_installed, installed_addons
from capsearch.addon.lock import KINDS, AddonLock, Variant, bundled_lock
from capsearch.commands.options import JsonObject, add_json, print_json
from capsearch.commands.progress import download_progress, megabytes, stopped_by_signal
from capsearch.errors import CapsearchError

_INSTALL = "capsearch models engine install"


def add_parser(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command and its parts; without any of them it says what is here."""
    parser = parts.add_parser("engine", help="PyTorch, which all models but the starter need")
    add_json(parser, given_before=True)
    parser.set_defaults(run=run_status)
    steps = parser.add_subparsers(title="what to do (default: say what is here)", metavar="WHAT")
    install = steps.add_parser("install", help="fetch it into CapSearch's folder, or go on with it")
    install.add_argument(
        "--variant",
        choices=KINDS,
        metavar="KIND",
        help="cpu, cuda or mps (default: what this machine has)",
    )
    install.add_argument(
        "--index",
        metavar="URL",
        help="a package index to ask first (default: PIP_INDEX_URL, else the public ones)",
    )
    add_json(install, given_before=True)
    install.set_defaults(run=run_install)
    remove = steps.add_parser("remove", help="delete it from CapSearch's folder")
    add_json(remove, given_before=True)
    remove.set_defaults(run=run_remove)


def run_status(options: argparse.Namespace) -> int:
    """Say which PyTorch there is, or what fetching one means."""
    lock = bundled_lock()
    addon = find_installed(lock) if lock is not None else None
    if options.json:
        offered = choose_variant(lock) if lock is not None else None
        print_json(
            {
                "engine": {
                    "usable": torch_is_here(),
                    "installed": _addon_as_object(addon) if addon is not None else None,
                    "offered": _variant_as_object(offered) if offered is not None else None,
                }
            }
        )
    else:
        print(engine_in_words(lock))
    return 0


def run_install(options: argparse.Namespace) -> int:
    """Fetch it, after saying what that means; Ctrl-C pauses it."""
    # With the network's libraries, which no other command has to load.
    from capsearch.addon.install import bytes_missing, install  # noqa: PLC0415

    lock = bundled_lock()
    if lock is None:
        raise CapsearchError(
            "This CapSearch was installed by pip, and has its PyTorch from there.",
            "Run `pip install torch open_clip_torch` where it is missing.",
        )
    before = find_installed(lock)
    variant = choose_variant(lock, options.variant or (before.kind if before else None))
    if before is None or before.digest != variant.digest:
        print(_installing(variant, bytes_missing(variant)), file=sys.stderr, flush=True)
    with stopped_by_signal() as stop, download_progress("PyTorch") as show:
        addon = install(variant, show, stop, options.index)
    if options.json:
        print_json({"installed": _addon_as_object(addon), "already": addon == before})
    else:
        print(_addon_in_words(addon))
    return 0


def run_remove(options: argparse.Namespace) -> int:
    """Delete it."""
    from capsearch.addon.install import remove  # noqa: PLC0415

    freed = remove()
    if options.json:
        print_json({"removed": freed > 0, "bytes": freed})
    elif freed:
        print(f"Removed PyTorch: {megabytes(freed)} are free again.")
    else:
        print(f"There is no PyTorch in {addon_folder()}.")
    return 0


def engine_in_words(lock: AddonLock | None) -> str:
    """Which PyTorch there is, where it lies, or how it comes."""
    addon = find_installed(lock) if lock is not None else None
    if addon is not None:
        return _addon_in_words(addon)
    if torch_is_here():
        return f"PyTorch {metadata.version('torch')}, installed beside CapSearch."
    if lock is None:
        return "No PyTorch; `pip install torch open_clip_torch` brings it."
    variant = choose_variant(lock)
    old = " for this version of CapSearch" if installed_addons() else ""
    return (
        f"No PyTorch{old}; `{_INSTALL}` downloads {megabytes(variant.download_bytes)} "
        f"({variant.kind}), {megabytes(variant.installed_bytes)} on the disk."
    )


def _installing(variant: Variant, missing: int) -> str:
    arrived = variant.download_bytes - missing
    known = f", {megabytes(arrived)} of which are here" if arrived else ""
    return (
        f"PyTorch {variant.torch_version} ({variant.kind}) takes "
        f"{megabytes(variant.download_bytes)} to download{known}, and "
        f"{megabytes(variant.installed_bytes)} in {addon_folder()}."
    )


def _addon_in_words(addon: InstalledAddon) -> str:
    size = megabytes(addon.size_bytes)
    return f"PyTorch {addon.version} ({addon.kind}), {size} in {addon.folder}."


def _addon_as_object(addon: InstalledAddon) -> JsonObject:
    return {
        "variant": addon.kind,
        "version": addon.version,
        "bytes": addon.size_bytes,
        "folder": str(addon.folder),
    }


def _variant_as_object(variant: Variant) -> JsonObject:
    return {
        "variant": variant.kind,
        "version": variant.torch_version,
        "download_bytes": variant.download_bytes,
        "installed_bytes": variant.installed_bytes,
    }
