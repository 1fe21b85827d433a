"""`capsearch models`: the encoders that can be used, and what each costs."""

import argparse
from dataclasses import asdict

from capsearch.commands.options import add_json, print_json
from capsearch.encoders.registry import EncoderInfo, available_encoders


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser("models", help="list the encoders and which are on this machine")
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print every encoder known by name."""
    encoders = available_encoders()
    if options.json:
        print_json({"encoders": [asdict(info) for info in encoders]})
    else:
        print("\n".join(_as_line(info) for info in encoders))
        print("Any other open_clip model works too: ARCH/TAG, hf-hub:ORG/MODEL, local-dir:FOLDER.")
    return 0


def _as_line(info: EncoderInfo) -> str:
    size = f"{info.size_bytes / 1e6:,.0f} MB" if info.size_bytes else ""
    here = "installed" if info.installed else "download"
    return f"{info.name:42s} {here:10s} {size:>9s}  {info.licence or '':24s} {info.note}"
