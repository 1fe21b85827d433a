"""`capsearch evaluate`: quality over labelled photos, with intervals."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from capsearch.commands.options import add_encoder, add_json, print_json
from capsearch.settings import Settings

if TYPE_CHECKING:
    from capsearch.lab.retrieval import RetrievalReport


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command and its parts."""
    parser = commands.add_parser("evaluate", help="measure quality on labelled photos")
    kinds = parser.add_subparsers(title="what to measure", metavar="WHAT", required=True)
    _add_retrieval(kinds.add_parser("retrieval", help="find each captioned photo by its captions"))
    _add_personal(kinds.add_parser("personal", help="find a library's own subjects by 'my ...'"))
    _add_relevance(
        kinds.add_parser("relevance", help="show what is there, nothing else, and not the excluded")
    )


def _add_retrieval(parser: argparse.ArgumentParser) -> None:
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


def _add_personal(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--subjects", type=Path, required=True, metavar="DIR",
        help="one folder of photos per subject, and classes.csv (subject,class)",
    )  # fmt: skip
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
        "--modality-gap", type=float, default=0.0, metavar="SIZE",
        help="move photos and texts apart by offsets this long (default: 0, not at all)",
    )  # fmt: skip
    parser.add_argument(
        "--no-kinds", action="store_true", help="leave out the table of harder libraries"
    )
    add_json(parser)
    parser.set_defaults(run=run_personal)


def _add_relevance(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR",
        help="captioned photos: images/, captions.csv (image,caption), SPLIT.txt",
    )  # fmt: skip
    parser.add_argument("--split", default="dev", metavar="NAME")
    parser.add_argument("--encoder", default="starter", metavar="NAME")
    parser.add_argument("--device", default="auto", metavar="NAME")
    add_json(parser)
    parser.set_defaults(run=run_relevance)


def run_retrieval(options: argparse.Namespace) -> int:
    """Measure text to photo retrieval and print recall with its intervals."""
    from capsearch.encoders.registry import load_encoder  # noqa: PLC0415
    from capsearch.lab.captions import read_captions  # noqa: PLC0415
    from capsearch.lab.retrieval import evaluate_retrieval  # noqa: PLC0415

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


def run_personal(options: argparse.Namespace) -> int:
    """Measure personalisation and print it.

    Raises:
        CapsearchError: a folder or file is missing or holds too little.
    """
    from capsearch.encoders.registry import load_encoder  # noqa: PLC0415
    from capsearch.lab.personal.kind_figures import measure_kinds  # noqa: PLC0415
    from capsearch.lab.personal.kinds import with_kind_texts  # noqa: PLC0415
    from capsearch.lab.personal.libraries import (  # noqa: PLC0415
        encode_sources,
        with_modality_gap,
    )
    from capsearch.lab.personal.measure import measure  # noqa: PLC0415
    from capsearch.personalize.weights import load_weights  # noqa: PLC0415

    weights = load_weights(options.weights)
    if weights.notice:
        print(weights.notice, file=sys.stderr)
    encoder = load_encoder(options.encoder, device=options.device)
    sources = encode_sources(
        encoder, options.subjects, options.distractors, options.captions, options.only,
        more=not options.no_kinds,
    )  # fmt: skip
    if not options.no_kinds:
        sources = with_kind_texts(sources, encoder)
    sources = with_modality_gap(sources, options.modality_gap, options.seed)
    report = measure(
        sources,
        weights,
        draws=options.draws,
        distractor_count=options.distractor_count,
        seed=options.seed,
        ablations=options.ablations,
    )
    kinds = None if options.no_kinds else measure_kinds(sources, weights, seed=options.seed)
    if options.json:
        print_json({**report.as_json(), **(kinds.as_json() if kinds else {})})
    else:
        print("\n".join(part.as_text() for part in (report, kinds) if part is not None))
    return 0


def run_relevance(options: argparse.Namespace) -> int:
    """Measure the border of relevance and exclusion, and print both.

    Raises:
        CapsearchError: a file is missing or holds too little.
    """
    from capsearch.encoders.registry import load_encoder  # noqa: PLC0415
    from capsearch.lab.border.cases import query_texts  # noqa: PLC0415
    from capsearch.lab.border.exclusions import exclusion_texts  # noqa: PLC0415
    from capsearch.lab.border.measure import measure_relevance  # noqa: PLC0415
    from capsearch.lab.border.spaces import encoded_photos  # noqa: PLC0415

    encoder = load_encoder(options.encoder, device=options.device)
    texts = (*query_texts(), *exclusion_texts())
    photos = encoded_photos(encoder, options.data, options.split, texts)
    report = measure_relevance(photos, encoder.name)
    if options.json:
        print_json(report.as_json())
    else:
        print(report.as_text())
    return 0


def _as_text(report: "RetrievalReport") -> str:
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
