"""`capsearch folders`: which folders the library has, and how they come and go."""

import argparse
import os
import sys
import time
from dataclasses import asdict

from capsearch.commands.options import add_json, add_library, print_json
from capsearch.commands.progress import say_waiting
from capsearch.errors import CapsearchError
from capsearch.library.facade import Library
from capsearch.library.values import AddedFolder, HeldFolder, Removal
from capsearch.paths import lies_in
from capsearch.settings import Settings, default_library


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command and its parts."""
    parser = commands.add_parser(
        "folders", help="list, add, remove or rename the library's folders"
    )
    parts = parser.add_subparsers(title="what to do", metavar="WHAT", required=True)
    _add_list(parts.add_parser("list", help="the folders, and how many photos they hold"))
    _add_add(
        parts.add_parser(
            "add",
            help="take folders into the library",
            description="Take folders into the library. What other programs keep in them (waste "
            "bins, snapshots, previews) is left out; to have such a folder too, add it by itself.",
        )
    )
    _add_remove(parts.add_parser("remove", help="take a folder out; no file is touched"))
    _add_exclude(parts.add_parser("exclude", help="leave files out of a folder"))
    _add_rename(
        parts.add_parser("rename", help="say that a folder was renamed or moved on the disk")
    )


def _add_list(parser: argparse.ArgumentParser) -> None:
    add_library(parser)
    add_json(parser)
    parser.set_defaults(run=run_list)


def _add_add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folders", nargs="+", metavar="DIR")
    add_library(parser)
    add_json(parser)
    parser.set_defaults(run=run_add)


def _add_remove(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR")
    parser.add_argument("--yes", action="store_true", help="do not ask first")
    add_library(parser)
    add_json(parser)
    parser.set_defaults(run=run_remove)


def _add_exclude(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR")
    parser.add_argument(
        "patterns", nargs="+", metavar="GLOB",
        help="a name, or a path below DIR, such as '*.tmp' or 'private/*'",
    )  # fmt: skip
    parser.add_argument("--undo", action="store_true", help="take these patterns back")
    add_library(parser)
    add_json(parser)
    parser.set_defaults(run=run_exclude)


def _add_rename(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", metavar="OLD", help="as `capsearch folders list` names it")
    parser.add_argument("new", metavar="NEW", help="where it is now")
    add_library(parser)
    add_json(parser)
    parser.set_defaults(run=run_rename)


def run_list(options: argparse.Namespace) -> int:
    """Print the folders."""
    with _open(options) as library:
        folders = library.folders()
    if options.json:
        print_json({"folders": [_as_object(held) for held in folders]})
    elif folders:
        print("\n".join(_as_text(held) for held in folders))
    else:
        print("There are no folders yet. Add one with `capsearch folders add DIR`.")
    return 0


def run_add(options: argparse.Namespace) -> int:
    """Take folders into the library."""
    with _open(options) as library:
        added = library.add_folders(options.folders)
    if options.json:
        print_json({"added": [asdict(each) for each in added]})
    else:
        print("\n".join(_added_as_text(each) for each in added))
        whose = "its" if len(added) == 1 else "their"
        print(f"`capsearch index` encodes {whose} photos; an open window does so by itself.")
    return 0


def run_remove(options: argparse.Namespace) -> int:
    """Take a folder out of the library, after a question on a terminal."""
    with _open(options) as library:
        if not options.yes and not _agrees(library.removal(options.folder)):
            print("Nothing was changed.", file=sys.stderr)
            return 0
        removal = library.remove_folder(options.folder, say_waiting)
    if options.json:
        print_json({"removed": options.folder, **asdict(removal)})
    else:
        print(f"Removed {options.folder}: {removal_as_text(removal)}")
    return 0


def run_exclude(options: argparse.Namespace) -> int:
    """Add patterns to those of a folder, or take them back."""
    with _open(options) as library:
        before = library.exclusions(options.folder)
        if options.undo:
            _require_all(options.patterns, before)
            patterns = tuple(each for each in before if each not in options.patterns)
        else:
            patterns = tuple(dict.fromkeys((*before, *options.patterns)))
        library.set_exclusions(options.folder, patterns)
        held = library.folders()
    if options.json:
        print_json({"folder": options.folder, "exclude": patterns})
        return 0
    print(f"Left out of {options.folder}: {', '.join(patterns) or 'nothing'}.")
    if not options.undo:
        path = os.path.abspath(options.folder)
        for other in (each.folder.path for each in held if each.folder.path != path):
            if lies_in(path, other):
                print(f"{other} holds this folder too; leave them out of that one as well.")
    does = "brings their photos back" if options.undo else "lets go of their photos"
    print(f"`capsearch index` {does}; an open window does so by itself.")
    return 0


def run_rename(options: argparse.Namespace) -> int:
    """Take over what is known of a folder at its new place."""
    with _open(options) as library:
        held = library.relocate_folder(options.old, options.new, say_waiting)
    if options.json:
        print_json({"old": options.old, **_as_object(held)})
    else:
        print(f"{options.old} is {held.folder.path} now, with {held.photos:,} photos.")
    return 0


def removal_as_text(removal: Removal) -> str:
    """What goes and what stays, in one sentence."""
    if removal.leaving == 0:
        others = f"its {removal.staying:,} photos stay, because other folders hold them too"
        return f"{others if removal.staying else 'it holds no photos'}; no file is touched."
    stay = f"{removal.staying:,} others stay, because other folders hold them too; "
    return (
        f"{removal.leaving:,} photos leave the library; {stay if removal.staying else ''}"
        "no file is touched; vectors are kept for 30 days, so that adding it again encodes nothing."
    )


def _agrees(removal: Removal) -> bool:
    if not sys.stdin.isatty():
        raise CapsearchError(
            f"Without a terminal nobody can be asked: {removal_as_text(removal)}",
            "Add --yes to remove it.",
        )
    print(f"{removal_as_text(removal)}\nRemove it? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _require_all(patterns: list[str], known: tuple[str, ...]) -> None:
    unknown = ", ".join(f"'{pattern}'" for pattern in patterns if pattern not in known)
    if unknown:
        there = ", ".join(f"'{pattern}'" for pattern in known) or "none"
        raise CapsearchError(f"Not among its patterns: {unknown}.", f"There are: {there}.")


def _open(options: argparse.Namespace) -> Library:
    return Library(options.library or default_library(), settings=Settings.load())


def _as_object(held: HeldFolder) -> dict[str, object]:
    folder = held.folder
    return {
        "path": folder.path,
        "photos": held.photos,
        "online": folder.online,
        "exclude": folder.exclude,
        "scanned_at": folder.scanned_at,
    }


def _as_text(held: HeldFolder) -> str:
    folder = held.folder
    offline = "" if folder.online else " (offline)"
    at = time.localtime(folder.scanned_at)
    looked = f"last look {time.strftime('%Y-%m-%d %H:%M', at)}" if folder.scanned_at else "new"
    left_out = f"; leaves out {', '.join(folder.exclude)}" if folder.exclude else ""
    return f"{folder.path}{offline}: {held.photos:,} photos, {looked}{left_out}"


def _added_as_text(added: AddedFolder) -> str:
    if not added.new:
        return f"{added.path} is in the library already."
    lines = [f"Added {added.path}."]
    lines += [f"It lies in {other}, which is in the library too." for other in added.inside]
    lines += [f"{other}, which lies in it, stays a folder of its own." for other in added.below]
    return " ".join(lines)
