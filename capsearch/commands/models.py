"""`capsearch models`: the encoders that can be used, what each costs, and how they come and go."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from capsearch.commands import engine
from capsearch.commands.options import JsonObject, add_json, add_library, print_json
from capsearch.commands.progress import (
    download_progress,
    megabytes,
    say_waiting,
    stopped_by_signal,
)
from capsearch.encoders.registry import EncoderInfo, available_encoders
from capsearch.library.facade import Library
from capsearch.library.models import (
    Installation,
    import_model,
    install_model,
    plan_installation,
    remove_model,
    terminal_bar,
)
from capsearch.settings import Settings, default_library
from capsearch.transfer import DownloadStopped

_LEGEND = """\
Quality by how often a caption finds its photo first (MSCOCO): good from 35%, high from 45%.
Speed by the work for one photo: medium from 20 billion operations, slow from 60. `--json` has the
figures. Any other open_clip model works too: ARCH/TAG, hf-hub:ORG/MODEL, local-dir:FOLDER."""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command and its parts; without any of them it lists."""
    parser = commands.add_parser("models", help="list encoders, and let them come and go")
    add_json(parser)
    parser.set_defaults(run=run_list)
    parts = parser.add_subparsers(title="what to do (default: list)", metavar="WHAT")
    _add_part(parts, "list", "the encoders, and which are on this machine").set_defaults(
        run=run_list
    )
    _add_install(_add_part(parts, "install", "download a model, or go on with that"))
    _add_import(_add_part(parts, "import", "take in a model from a file or folder, offline"))
    _add_remove(_add_part(parts, "remove", "delete a model from this machine"))
    _add_forget(_add_part(parts, "forget", "drop the vectors that another encoder made"))
    engine.add_parser(parts)


def _add_part(
    parts: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, what: str
) -> argparse.ArgumentParser:
    part = parts.add_parser(name, help=what)
    add_json(part, given_before=True)
    return part


def _add_install(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="as `capsearch models` names it")
    parser.set_defaults(run=run_install)


def _add_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path", type=Path, metavar="PATH",
        help="a folder with a model for open_clip, a .zip or .tar of one, or a weights file",
    )  # fmt: skip
    parser.add_argument(
        "--as", dest="published", metavar="NAME", help="the listed model that a weights file is of"
    )
    parser.set_defaults(run=run_import)


def _add_remove(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="as `capsearch models` names it")
    parser.add_argument("--yes", action="store_true", help="even if the library needs it")
    add_library(parser)
    parser.set_defaults(run=run_remove)


def _add_forget(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="one that the library is not searched by")
    add_library(parser)
    parser.set_defaults(run=run_forget)


def run_list(options: argparse.Namespace) -> int:
    """Print every encoder known by name."""
    encoders = available_encoders()
    if options.json:
        print_json({"encoders": [_as_object(info) for info in encoders]})
    else:
        print("\n".join(_as_line(info) for info in encoders))
        print(_LEGEND)
    return 0


def run_install(options: argparse.Namespace) -> int:
    """Download what a model needs, after saying what that means; Ctrl-C pauses it."""
    installation = plan_installation(options.name)
    name, files = installation.info.name, installation.plan.files
    print(_installing(installation), file=sys.stderr, flush=True)
    with stopped_by_signal() as stop, download_progress(name) as show:
        if not install_model(installation, show, stop):
            raise DownloadStopped
    if options.json:
        print_json(
            {
                "installed": name,
                "bytes": installation.plan.total_bytes,
                "already": not files,
                "licence": installation.info.licence,
                "research_only": installation.info.research_only,
            }
        )
    elif files:
        print(
            f"Installed {name}. `capsearch index --encoder {name}` has your photos encoded by it."
        )
    return 0


def _installing(installation: Installation) -> str:
    info, plan = installation.info, installation.plan
    if not plan.files:
        return f"{info.name} is installed already."
    arrived = plan.arrived_bytes
    known = f", {megabytes(arrived)} of which are here" if arrived else ""
    licence = f"Its licence: {info.licence or 'not known here, see its page on the hub'}"
    only = ", for research only" if info.research_only else ""
    return (
        f"{info.name} takes {megabytes(plan.total_bytes)}{known}, in {installation.folder}. "
        f"{licence}{only}."
    )


def run_import(options: argparse.Namespace) -> int:
    """Take in a model from this machine's disks."""
    with terminal_bar(options.path.name) as show:
        info = import_model(options.path, options.published, show)
    if options.json:
        print_json({"imported": info.name, "bytes": info.size_bytes})
    else:
        print(f"Imported {info.name}. `capsearch index --encoder {info.name}` uses it.")
    return 0


def run_remove(options: argparse.Namespace) -> int:
    """Delete a model's files."""
    with Library(options.library or default_library(), settings=Settings.load()) as library:
        info, freed = remove_model(library, options.name, anyway=options.yes)
    shared = info.kind != "imported"
    if options.json:
        print_json({"removed": info.name, "bytes": freed})
    else:
        print(
            f"Removed {info.name}: {megabytes(freed)} are free again."
            + (" Other programs that share the hub's cache have lost it, too." if shared else "")
        )
    return 0


def run_forget(options: argparse.Namespace) -> int:
    """Drop the vectors of an encoder."""
    path = options.library or default_library()
    with Library(path, settings=Settings.load()) as library:
        photos = library.drop_encoder(options.name, say_waiting)
    if options.json:
        print_json({"forgotten": options.name, "photos": photos})
    else:
        print(f"Forgot what '{options.name}' made of {photos:,} photos in {path}.")
    return 0


def _as_object(info: EncoderInfo) -> JsonObject:
    return {**asdict(info), "quality": info.quality, "speed": info.speed}


def _as_line(info: EncoderInfo) -> str:
    size = megabytes(info.size_bytes) if info.size_bytes else ""
    here = "installed" if info.installed else "download"
    classes = f"{info.quality or '-':5s} {info.speed or '-':7s}"
    licence = f"{info.licence} (RESEARCH ONLY)" if info.research_only else info.licence
    return f"{info.name:42s} {here:10s} {size:>9s}  {classes} {licence:24s} {info.note}".rstrip()
