"""`capsearch train`: make the bundled weights again."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from capsearch.settings import data_dir


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command and its parts."""
    parser = commands.add_parser("train", help="train the bundled networks again")
    kinds = parser.add_subparsers(title="what to train", metavar="WHAT", required=True)
    _add_starter(kinds.add_parser("starter", help="the bundled starter encoder"))
    _add_cap(kinds.add_parser("cap", help="the collection-aware personalisation network"))


def _add_starter(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help="the Flickr8k folder")
    parser.add_argument("--output", type=Path, required=True, help="where the encoder is put")
    parser.add_argument(
        "--cache", type=Path, help="kept results of finished phases (default: in the data folder)"
    )
    parser.add_argument("--quick", action="store_true", help="a few steps only, to try the command")
    parser.add_argument("--seed", type=int, default=0)
    parser.set_defaults(run=run_starter)


def _add_cap(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--photos", type=Path, metavar="DIR",
        help="captioned photos users are simulated from: images/, captions.csv (image,caption), "
        "dev.txt",
    )  # fmt: skip
    parser.add_argument(
        "--subjects", type=Path, metavar="DIR",
        help="recurring subjects, for the closing report only: never trained on",
    )  # fmt: skip
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="default: OUTPUT/.cache")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--users", type=int, default=900, metavar="N", help="simulated users")
    parser.add_argument("--epochs", type=int, default=4, metavar="N")
    parser.add_argument("--folds", type=int, default=3, metavar="N")
    parser.add_argument("--device", default="auto", metavar="NAME", help="auto, cpu, cuda, cuda:N")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument(
        "--without", action="append", default=[], metavar="LOSS",
        choices=("misranked", "said", "abstain", "recurring"),
        help="leave a loss out, to measure what it is worth",
    )  # fmt: skip
    parser.add_argument(
        "--influencers", type=Path, metavar="DIR",
        help="train on real users instead: shards made by `python -m capsearch.lab.cap.shards`",
    )  # fmt: skip
    parser.set_defaults(run=run_cap)


def run_starter(options: argparse.Namespace) -> int:
    """Train and export the starter encoder.

    Raises:
        CapsearchError: a package for training or the data is missing.
    """
    with _packages_explained():
        from capsearch.lab.starter.pipeline import train_starter  # noqa: PLC0415
    cache = options.cache or data_dir() / "training" / "starter"
    train_starter(options.data, options.output, cache, quick=options.quick, seed=options.seed)
    return 0


def run_cap(options: argparse.Namespace) -> int:
    """Train, choose the gain, write the weights of the CAP network.

    Raises:
        CapsearchError: a package for training or the data is missing.
    """
    with _packages_explained():
        from capsearch.lab.cap.pipeline import train_cap  # noqa: PLC0415
    train_cap(options)
    return 0


@contextmanager
def _packages_explained() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        from capsearch.lab.backbones.packages import missing_package  # noqa: PLC0415

        raise missing_package(error.name) from error
