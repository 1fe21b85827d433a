"""`capsearch evaluate personal`: does the collection help, and whom does it harm."""

import argparse
import json
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options of `capsearch evaluate personal`."""
    parser.add_argument(
        "--subjects",
        type=Path,
        required=True,
        metavar="DIR",
        help="one folder of photos per subject, and classes.csv (subject,class)",
    )
    parser.add_argument(
        "--distractors", type=Path, required=True, metavar="DIR", help="a folder of other photos"
    )
    parser.add_argument(
        "--captions", type=Path, metavar="CSV", help="image,caption of distractor photos"
    )
    parser.add_argument(
        "--only", type=Path, metavar="FILE", help="keep only the distractors this file lists"
    )
    parser.add_argument("--distractor-count", type=int, default=300, metavar="N")
    parser.add_argument("--draws", type=int, default=5, metavar="N", help="libraries per subject")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--encoder", default="starter", metavar="NAME")
    parser.add_argument("--device", default="auto", metavar="NAME")
    parser.add_argument(
        "--weights", type=Path, metavar="FILE", help="CAP weights (default: the bundled ones)"
    )
    parser.add_argument(
        "--ablations", action="store_true", help="also each head alone and collection sizes"
    )
    parser.add_argument(
        "--modality-gap",
        type=float,
        default=0.0,
        metavar="SIZE",
        help="move photos and texts apart by offsets this long (default: 0, not at all)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Measure and print; returns the exit code.

    Raises:
        CapsearchError: a folder or file is missing or holds too little.
    """
    from capsearch.encoders.registry import load_encoder  # noqa: PLC0415
    from capsearch.personalize.evaluate.libraries import (  # noqa: PLC0415
        encode_sources,
        with_modality_gap,
    )
    from capsearch.personalize.evaluate.measure import measure  # noqa: PLC0415
    from capsearch.personalize.weights import load_weights  # noqa: PLC0415

    weights = load_weights(args.weights)
    if weights.notice:
        sys.stderr.write(f"{weights.notice}\n")
    encoder = load_encoder(args.encoder, device=args.device)
    sources = encode_sources(encoder, args.subjects, args.distractors, args.captions, args.only)
    report = measure(
        with_modality_gap(sources, args.modality_gap, args.seed),
        weights,
        draws=args.draws,
        distractor_count=args.distractor_count,
        seed=args.seed,
        ablations=args.ablations,
    )
    text = json.dumps(report.as_json(), indent=2) if args.json else report.as_text()
    sys.stdout.write(f"{text}\n")
    return 0
