"""`capsearch search QUERY`: the photos that fit the words best."""

import argparse
from dataclasses import asdict
from pathlib import Path

from capsearch.commands.index import report_as_text
from capsearch.commands.options import (
    add_encoder,
    add_json,
    add_library,
    open_engine,
    positive,
    print_json,
)
from capsearch.commands.progress import stopped_by_signal, terminal_progress
from capsearch.library.facade import Engine, SearchResponse
from capsearch.personalize import ScoreParts


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser("search", help="find photos by words")
    parser.add_argument("query", metavar="QUERY", help="for example: 'a dog running on the beach'")
    parser.add_argument(
        "--photos",
        type=Path,
        metavar="DIR",
        help="search this folder only; it is indexed, or brought up to date, first",
    )
    parser.add_argument(
        "-n", dest="count", type=positive, default=20, metavar="N", help="how many (default 20)"
    )
    parser.add_argument(
        "--no-personalize", action="store_true", help="rank as the encoder alone would"
    )
    parser.add_argument("--explain", action="store_true", help="show the parts of each score")
    add_library(parser)
    add_encoder(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Search, indexing first where `--photos` asks for it; 1 if nothing is found."""
    with open_engine(options) as engine:
        if options.photos is not None:
            _bring_up_to_date(engine, options.photos, quiet=options.json)
        response = engine.search(
            options.query,
            options.count,
            personalize=False if options.no_personalize else None,
            within=options.photos,
            explain=options.explain,
        )
    if options.json:
        print_json(asdict(response))
    else:
        print(response_as_text(response))
    return 0 if response.results else 1


def _bring_up_to_date(engine: Engine, folder: Path, *, quiet: bool) -> None:
    with stopped_by_signal() as stop, terminal_progress() as bar:
        report = engine.index([str(folder)], progress=bar, stop=stop)
    if stop.is_set():
        raise KeyboardInterrupt
    if not quiet and (report.encoded or report.failed):
        print(report_as_text(report) + "\n")


def response_as_text(response: SearchResponse) -> str:
    """Results for people: rank, score, day, path."""
    if not response.results:
        return "Nothing found."
    lines = []
    for result in response.results:
        day = (result.date or "")[:10]
        lines.append(f"{result.rank:4d}  {result.score:6.3f}  {day:10s}  {result.path}")
        if result.parts is not None:
            lines.append(_parts_as_text(result.parts))
    took = response.milliseconds
    lines.append(
        f"{'Your' if response.personalized else 'Generic'} results by {response.encoder} in "
        f"{took.total:.0f} ms."
    )
    return "\n".join(lines)


def _parts_as_text(parts: ScoreParts) -> str:
    return (
        f"      clip {parts.clip:+.3f} (rank {parts.clip_rank}), hub {parts.hub:+.3f}, "
        f"recurrence {parts.recurrence:+.3f}, warp {parts.warp:+.3f}"
    )
