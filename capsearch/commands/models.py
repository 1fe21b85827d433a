"""`capsearch models`: the encoders that can be used, and what each costs."""

import argparse
from dataclasses import asdict

from capsearch.commands.options import add_json, add_library, print_json
from capsearch.commands.progress import say_waiting
from capsearch.encoders.registry import EncoderInfo, available_encoders
from capsearch.library.facade import Library
from capsearch.settings import Settings, default_library


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser("models", help="list the encoders and which are on this machine")
    parser.add_argument(
        "--forget",
        metavar="NAME",
        help="drop the vectors that another encoder made of this library",
    )
    add_library(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print every encoder known by name, or forget the vectors of one."""
    if options.forget is not None:
        return _forget(options)
    encoders = available_encoders()
    if options.json:
        print_json({"encoders": [asdict(info) for info in encoders]})
    else:
        print("\n".join(_as_line(info) for info in encoders))
        print("Any other open_clip model works too: ARCH/TAG, hf-hub:ORG/MODEL, local-dir:FOLDER.")
    return 0


def _forget(options: argparse.Namespace) -> int:
    path = options.library or default_library()
    with Library(path, settings=Settings.load()) as library:
        photos = library.drop_encoder(options.forget, say_waiting)
    if options.json:
        print_json({"forgotten": options.forget, "photos": photos})
    else:
        print(f"Forgot what '{options.forget}' made of {photos:,} photos in {path}.")
    return 0


def _as_line(info: EncoderInfo) -> str:
    size = f"{info.size_bytes / 1e6:,.0f} MB" if info.size_bytes else ""
    here = "installed" if info.installed else "download"
    return f"{info.name:42s} {here:10s} {size:>9s}  {info.licence or '':24s} {info.note}"
