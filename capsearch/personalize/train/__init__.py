"""Episodes and training of the CAP network: `capsearch train cap`. Only this part needs torch."""

import argparse
from pathlib import Path

from capsearch.errors import CapsearchError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options of `capsearch train cap`."""
    parser.add_argument(
        "--photos", type=Path, required=True, metavar="DIR",
        help="captioned photos: images/, captions.csv (image,caption), dev.txt",
    )  # fmt: skip
    parser.add_argument(
        "--subjects", type=Path, metavar="DIR",
        help="recurring subjects, for the closing report only: never trained on",
    )  # fmt: skip
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="default: OUTPUT/.cache")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--users", type=int, default=400, metavar="N", help="simulated users")
    parser.add_argument("--epochs", type=int, default=4, metavar="N")
    parser.add_argument("--folds", type=int, default=3, metavar="N")
    parser.add_argument("--device", default="auto", metavar="NAME", help="auto, cpu, cuda, cuda:N")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument(
        "--without", action="append", default=[], metavar="LOSS",
        choices=("no_regret", "kept_order", "abstain", "norm", "recurring"),
        help="leave a loss out, to measure what it is worth",
    )  # fmt: skip
    parser.add_argument(
        "--influencers", type=Path, metavar="DIR",
        help="shards of real users made by `python -m capsearch.personalize.train.shards`",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Train, choose the gain, write the weights; returns the exit code.

    Raises:
        CapsearchError: a package for training or the data is missing.
    """
    try:
        from capsearch.personalize.train.pipeline import train_cap  # noqa: PLC0415
    except ImportError as error:
        raise CapsearchError(
            f"Training needs packages that are not installed ({error.name}).",
            "Install them with `pip install 'capsearch[train]'`.",
        ) from error
    train_cap(args)
    return 0
