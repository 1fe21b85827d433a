"""`capsearch evaluate`: quality over labelled photos, with intervals."""

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from capsearch.benchmark.retrieval import RetrievalReport, evaluate_retrieval, read_captions
from capsearch.commands.options import add_encoder, add_json, print_json
from capsearch.encoders.registry import load_encoder
from capsearch.personalize import evaluate as evaluate_personal
from capsearch.settings import Settings


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command and its parts."""
    parser = commands.add_parser("evaluate", help="measure quality on labelled photos")
    kinds = parser.add_subparsers(title="what to measure", metavar="WHAT", required=True)
    _add_retrieval(kinds)
    personal = kinds.add_parser("personal", help="find a library's own subjects by 'my ...'")
    evaluate_personal.add_arguments(personal)
    personal.set_defaults(run=evaluate_personal.run)


def _add_retrieval(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = kinds.add_parser("retrieval", help="find each captioned photo by its captions")
    parser.add_argument("--images", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--captions", type=Path, required=True, metavar="CSV", help="columns: image,caption"
    )
    parser.add_argument(
        "--only", type=Path, metavar="FILE", help="keep only the images this file lists by line"
    )
    add_encoder(parser)
    add_json(parser)
    parser.set_defaults(run=run_retrieval)


def run_retrieval(options: argparse.Namespace) -> int:
    """Measure text to photo retrieval and print recall with its intervals."""
    settings = Settings.load()
    captions = read_captions(options.captions, options.only)
    encoder = load_encoder(
        options.encoder or settings.encoder, device=options.device or settings.device
    )
    with tqdm(unit=" photos", disable=not sys.stderr.isatty(), file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        report = evaluate_retrieval(encoder, options.images, captions, show)
    if options.json:
        print_json(report.as_json())
    else:
        print(_as_text(report))
    return 0


def _as_text(report: RetrievalReport) -> str:
    lines = [f"{report.encoder}: {report.queries:,} captions, {report.gallery:,} photos"]
    if report.missing:
        lines.append(f"{report.missing:,} captioned photos could not be read and are left out")
    for k, share in report.recall.items():
        lines.append(
            f"recall at {k:2d}: {share.mean:6.1%}  "
            f"(95% interval {share.low:.1%} to {share.high:.1%})"
        )
    lines.append(f"median rank: {report.median_rank:g}")
    return "\n".join(lines)
