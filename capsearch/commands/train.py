"""`capsearch train`: make the bundled weights again."""

import argparse

from capsearch.encoders import train_starter
from capsearch.personalize import train as train_cap


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command and its parts."""
    parser = commands.add_parser("train", help="train the bundled networks again")
    kinds = parser.add_subparsers(title="what to train", metavar="WHAT", required=True)
    starter = kinds.add_parser("starter", help="the bundled starter encoder")
    train_starter.add_arguments(starter)
    starter.set_defaults(run=train_starter.run)
    cap = kinds.add_parser("cap", help="the collection-aware personalisation network")
    train_cap.add_arguments(cap)
    cap.set_defaults(run=train_cap.run)
