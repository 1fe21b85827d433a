"""Trains the bundled starter encoder: `capsearch train starter`."""

import argparse
from pathlib import Path

from capsearch.errors import CapsearchError
from capsearch.settings import data_dir


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options of `capsearch train starter`."""
    parser.add_argument("--data", type=Path, required=True, help="the Flickr8k folder")
    parser.add_argument("--output", type=Path, required=True, help="where the encoder is put")
    parser.add_argument(
        "--cache", type=Path, help="kept results of finished phases (default: in the data folder)"
    )
    parser.add_argument("--quick", action="store_true", help="a few steps only, to try the command")
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> int:
    """Train and export; returns the exit code.

    Raises:
        CapsearchError: a package for training or the data is missing.
    """
    try:
        from capsearch.encoders.train_starter.pipeline import train_starter  # noqa: PLC0415
    except ImportError as error:
        raise CapsearchError(
            f"Training needs packages that are not installed ({error.name}).",
            "Install them with `pip install 'capsearch[train]'`.",
        ) from error
    cache = args.cache if args.cache is not None else data_dir() / "training" / "starter"
    train_starter(args.data, args.output, cache, quick=args.quick, seed=args.seed)
    return 0
