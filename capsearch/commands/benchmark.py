"""`capsearch benchmark`: how fast this machine is, in one run on the same work."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from capsearch.benchmark.indexing import IndexingSpeed, measure_indexing
from capsearch.commands.options import add_encoder, add_json, positive, print_json
from capsearch.encoders.registry import load_encoder
from capsearch.settings import Settings


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command and its parts."""
    parser = commands.add_parser("benchmark", help="measure speed on this machine")
    kinds = parser.add_subparsers(title="what to measure", metavar="WHAT", required=True)
    indexing = kinds.add_parser("indexing", help="decode alone, encode alone, and end to end")
    indexing.add_argument("--photos", type=Path, required=True, metavar="DIR")
    indexing.add_argument("--count", type=positive, default=1000, metavar="N")
    indexing.add_argument("--rounds", type=positive, default=3, metavar="N")
    add_encoder(indexing)
    add_json(indexing)
    indexing.set_defaults(run=run_indexing)


def run_indexing(options: argparse.Namespace) -> int:
    """Measure indexing and print photos per second."""
    settings = Settings.load()
    encoder = load_encoder(
        options.encoder or settings.encoder, device=options.device or settings.device
    )
    speed = measure_indexing(encoder, options.photos, options.count, options.rounds, _say)
    if options.json:
        print_json(asdict(speed))
    else:
        print(_as_text(speed))
    return 0


def _say(step: str) -> None:
    if sys.stderr.isatty():
        print(step, file=sys.stderr)


def _as_text(speed: IndexingSpeed) -> str:
    return (
        f"{speed.encoder} on {speed.device}, {speed.photos:,} photos, {speed.workers} decoders, "
        f"median of {speed.rounds}\n"
        f"decode alone  {speed.decode:8.1f} photos/s\n"
        f"encode alone  {speed.encode:8.1f} photos/s\n"
        f"end to end    {speed.end_to_end:8.1f} photos/s: {speed.ratio:.0%} of {speed.bottleneck} "
        f"alone, {speed.ceiling:.0%} of what both can reach on shared cores"
    )
