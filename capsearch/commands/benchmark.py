"""`capsearch benchmark`: how good and how fast this is here, beside what one would use instead."""

import argparse
import datetime
import shlex
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from capsearch.commands.options import add_encoder, add_library, positive, print_json
from capsearch.errors import CapsearchError
from capsearch.library.facade import Library
from capsearch.settings import Settings, default_library

if TYPE_CHECKING:
    from capsearch.benchmark.labels import Labels
    from capsearch.benchmark.report import Report
    from capsearch.benchmark.run import Run

PARTS = {
    "indexing": "photos a second, by stage",
    "search": "words to ranked photos, at growing sizes",
    "window": "start, typing, scrolling, memory",
    "following": "new photos, and a look at what has not changed",
    "quality": "whether the right photos come first, and what personalisation changes",
}
_ROUNDS = 3
_TO_TERMINAL = Path("-")


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    told = "; ".join(f"{name}: {what}" for name, what in PARTS.items())
    parser = commands.add_parser(
        "benchmark",
        help="measure speed and quality on this machine",
        description="Measures speed and quality on this machine, on your photos and beside other "
        "programs where they are installed. Your library is only read.",
    )
    # argparse would judge an empty list by `choices`.
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"what to measure ({told})")
    parser.add_argument("--quick", action="store_true", help="in less than two minutes")
    parser.add_argument(
        "--photos", type=Path, action="append", metavar="DIR",
        help="measure on these photos and not on the library (where there is none: made ones)",
    )  # fmt: skip
    parser.add_argument(
        "--captions",
        type=Path,
        metavar="CSV",
        help="for quality: image,caption of photos directly in the one folder of --photos",
    )
    parser.add_argument(
        "--subjects",
        type=Path,
        metavar="DIR",
        help="for quality: a folder of photos per subject, and classes.csv (subject,class), to be "
        "found among --photos",
    )
    parser.add_argument(
        "--only", type=Path, metavar="FILE",
        help="for quality: only those of --photos that this file lists by line",
    )  # fmt: skip
    parser.add_argument("--rounds", type=positive, metavar="N", help="measure everything N times")
    parser.add_argument(
        "--json", type=Path, nargs="?", const=_TO_TERMINAL, metavar="FILE",
        help="write all figures as JSON (without FILE: print them instead of the table)",
    )  # fmt: skip
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="write one HTML page of tables and plots"
    )
    parser.add_argument(
        "--compare", type=Path, nargs=2, metavar=("A.json", "B.json"),
        help="measure nothing; say what changed between two files of --json, beyond noise",
    )  # fmt: skip
    add_library(parser)
    add_encoder(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Measure, show and save; what was measured before Ctrl-C is shown and saved too.

    Raises:
        CapsearchError: a part does not exist, there are no photos, a file cannot be written.
    """
    if options.compare is not None:
        return _compare(options)
    parts = _chosen(options.parts)
    _check_places(options)
    labels = _labels(options, parts)
    started = time.monotonic()
    stopped = False
    with tempfile.TemporaryDirectory(prefix="capsearch-benchmark-") as scratch:
        measuring = _begin(options, Path(scratch), labels)
        took: list[str] = []
        try:
            for part in parts:
                begun = time.monotonic()
                _measure(part, measuring)
                took.append(f"{part} {time.monotonic() - begun:.0f} s")
        except KeyboardInterrupt:
            stopped = True
            measuring.note("Stopped before all was measured.")
    if took:
        measuring.note(f"Measuring took: {', '.join(took)}.")
    measuring.report.seconds = time.monotonic() - started
    _give(measuring.report, options)
    if stopped:
        raise KeyboardInterrupt
    return 0


def _chosen(named: Sequence[str]) -> list[str]:
    for name in named:
        if name not in PARTS:
            raise CapsearchError(
                f"There is nothing called '{name}' to measure.", f"Name any of: {', '.join(PARTS)}."
            )
    return [part for part in PARTS if part in named] or list(PARTS)


def _check_places(options: argparse.Namespace) -> None:
    """Before anything is measured, which takes minutes."""
    for folder in options.photos or ():
        if not folder.is_dir():
            raise CapsearchError(
                f"There is no folder {folder}.", "Check the path given to --photos."
            )
    if options.library is not None and not options.library.is_file():
        raise CapsearchError(
            f"There is no library {options.library}.", "Check the path given to --library."
        )
    files = _files(options)
    named = [file.absolute() for file in (*files, *(options.compare or ()))]
    for file in files:
        if named.count(file.absolute()) > 1:
            raise CapsearchError(f"{file} is named twice.", "Give another file to write to.")
    for file in files:
        if not file.absolute().parent.is_dir() or file.is_dir():
            raise CapsearchError(
                f"{file} cannot be written.", "Name a file in a folder that exists."
            )


def _compare(options: argparse.Namespace) -> int:
    _check_nothing_is_measured(options)
    _check_places(options)
    from capsearch.benchmark.compare import compare, save_comparison  # noqa: PLC0415
    from capsearch.benchmark.compare_text import (  # noqa: PLC0415
        comparison_as_page,
        comparison_as_text,
    )
    from capsearch.benchmark.page import save_page  # noqa: PLC0415
    from capsearch.benchmark.report import load_report  # noqa: PLC0415

    comparison = compare(*map(load_report, options.compare))
    if options.json not in (None, _TO_TERMINAL):
        save_comparison(comparison, options.json)
    if options.report is not None:
        save_page(comparison_as_page(comparison, datetime.datetime.now()), options.report)
    if options.json == _TO_TERMINAL:
        print_json(comparison.as_json(), indent=1)
    else:
        print(comparison_as_text(comparison))
    return 0


def _check_nothing_is_measured(options: argparse.Namespace) -> None:
    names = (
        "quick", "photos", "captions", "subjects", "only", "rounds", "library", "encoder", "device",
    )  # fmt: skip
    given = [*options.parts, *(f"--{name}" for name in names if getattr(options, name))]
    if given:
        raise CapsearchError(
            "--compare reads two reports and measures nothing.", f"Leave out {', '.join(given)}."
        )


def _files(options: argparse.Namespace) -> list[Path]:
    named = (options.json, options.report)
    return [file for file in named if file is not None and file != _TO_TERMINAL]


def _labels(options: argparse.Namespace, parts: Sequence[str]) -> "Labels | None":
    """What is said of the photos; judged before anything is measured."""
    given = [name for name in ("captions", "subjects", "only") if getattr(options, name)]
    if not given:
        return None
    if "quality" not in parts:
        raise CapsearchError(
            f"--{given[0]} is for the part quality.", "Name that part too, or leave it out."
        )
    from capsearch.benchmark.labels import find_labels  # noqa: PLC0415

    return find_labels(options.photos or (), options.captions, options.subjects, options.only)


def _begin(options: argparse.Namespace, scratch: Path, labels: "Labels | None") -> "Run":
    from capsearch.benchmark.here import machine_facts, versions  # noqa: PLC0415
    from capsearch.benchmark.report import Report  # noqa: PLC0415
    from capsearch.benchmark.run import Run  # noqa: PLC0415

    settings = Settings.load()
    library, photos, encoder = options.library, options.photos, options.encoder
    if library is None and photos is None and default_library().exists():
        library = default_library()
    if library is not None:
        with Library(library, settings=settings) as opened:
            if photos is None:
                folders = (Path(held.folder.path) for held in opened.folders())
                photos = [folder for folder in folders if folder.is_dir()]
            encoder = encoder or opened.state().encoder
    encoder = encoder or settings.encoder
    rounds = options.rounds or _ROUNDS
    device = options.device or settings.device
    report = Report(
        command=shlex.join(["capsearch", *sys.argv[1:]]),
        machine=machine_facts(device),
        versions=versions(),
        work={
            "photos": "of your own folders" if photos else "made for the purpose",
            "encoder": encoder,
            "rounds": str(rounds),
        },
    )
    return Run(
        scratch=scratch,
        rounds=rounds,
        quick=options.quick,
        say=_say,
        encoder=encoder,
        device=device,
        photos=photos or [],
        library=library,
        labels=labels,
        report=report,
    )


def _measure(part: str, run: "Run") -> None:
    """Only here is loaded what the part needs."""
    if part == "indexing":
        from capsearch.benchmark.indexing import measure  # noqa: PLC0415
    elif part == "search":
        from capsearch.benchmark.search import measure  # noqa: PLC0415
    elif part == "window":
        from capsearch.benchmark.window import measure  # noqa: PLC0415
    elif part == "following":
        from capsearch.benchmark.following import measure  # noqa: PLC0415
    else:
        from capsearch.benchmark.quality import measure  # noqa: PLC0415
    measure(run)


def _give(report: "Report", options: argparse.Namespace) -> None:
    from capsearch.benchmark.report import save_report  # noqa: PLC0415
    from capsearch.benchmark.table import as_text  # noqa: PLC0415

    # First to the files: what reads the terminal may have gone.
    try:
        if options.json not in (None, _TO_TERMINAL):
            save_report(report, options.json)
        if options.report is not None:
            from capsearch.benchmark.page import as_page, save_page  # noqa: PLC0415

            save_page(as_page(report, datetime.datetime.now()), options.report)
    finally:
        if options.json == _TO_TERMINAL:
            print_json(report.as_json(), indent=1)
        else:
            print(as_text(report))


def _say(step: str) -> None:
    """What is being done, on one line of a terminal."""
    if sys.stderr.isatty():
        print(f"\r\033[K{step}", end="", file=sys.stderr, flush=True)
