"""Options that several commands share, and the library they lead to."""

import argparse
import json
import sys
from pathlib import Path

from capsearch.library.facade import Library
from capsearch.settings import Settings, default_library

JsonObject = dict[str, object]


def add_library(parser: argparse.ArgumentParser, *, given_before: bool = False) -> None:
    """`--library FILE`; in a part of a command that may have been `given_before` it, that counts
    too."""
    parser.add_argument(
        "--library",
        type=Path,
        default=argparse.SUPPRESS if given_before else None,
        metavar="FILE",
        help="the library to use (default: your own, see `capsearch doctor`)",
    )


def add_encoder(parser: argparse.ArgumentParser) -> None:
    """`--encoder NAME` and `--device NAME`."""
    parser.add_argument(
        "--encoder",
        metavar="NAME",
        help="'starter', ARCH/TAG of open_clip, hf-hub:ORG/MODEL, local-dir:FOLDER or "
        "ARCH@CHECKPOINT (default: the library's, else 'starter'); see `capsearch models`",
    )
    parser.add_argument("--device", metavar="NAME", help="auto, cpu, cuda, cuda:N or mps")


def add_json(parser: argparse.ArgumentParser, *, given_before: bool = False) -> None:
    """`--json`; in a part of a command that may have been `given_before` it, that counts too."""
    default = argparse.SUPPRESS if given_before else False
    parser.add_argument(
        "--json", action="store_true", default=default, help="print one JSON object"
    )


def open_library(options: argparse.Namespace) -> Library:
    """The library that `--library` names, with what `--encoder` and `--device` ask for."""
    return Library(
        options.library or default_library(),
        encoder=options.encoder,
        device=options.device,
        settings=Settings.load(),
    )


def print_json(content: JsonObject, *, indent: int | None = 2) -> None:
    """One object on standard output, on one line without `indent`; names that are no valid text
    are escaped."""
    json.dump(content, sys.stdout, indent=indent)
    print()


def positive(text: str) -> int:
    """A whole number from 1 up, for argparse."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 1 up, such as 20")
    return number
