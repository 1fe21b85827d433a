"""`capsearch index [DIR...]`: look through folders and encode what is new."""

import argparse
from dataclasses import asdict

from capsearch.commands.options import add_encoder, add_json, add_library, open_library, print_json
from capsearch.commands.progress import stopped_by_signal, terminal_progress
from capsearch.errors import CapsearchError
from capsearch.library.facade import Library
from capsearch.library.models import bring_model
from capsearch.library.values import IndexReport

_FAILURES_SHOWN = 10


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser("index", help="add folders of photos, or bring them up to date")
    parser.add_argument(
        "folders", nargs="*", metavar="DIR", help="without any, all folders of the library"
    )
    parser.add_argument(
        "--exclude",
        action="append",
        default=[],
        metavar="GLOB",
        help="leave out files and folders of this name or path, now and in later runs; may be "
        "repeated (`capsearch folders exclude --undo` takes it back)",
    )
    parser.add_argument("--retry", action="store_true", help="try failed files again")
    add_library(parser)
    add_encoder(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Index and print what was done; failed files do not make the command fail."""
    with open_library(options) as library, stopped_by_signal() as stop:
        folders = options.folders or _all_folders(library)
        bring_model(options.encoder, stop)
        with terminal_progress() as bar:
            report = library.index(
                folders, exclude=options.exclude, retry=options.retry, progress=bar, stop=stop
            )
    if options.json:
        print_json(asdict(report))
    else:
        print(report_as_text(report))
    if stop.is_set():
        raise KeyboardInterrupt
    return 0


def _all_folders(library: Library) -> list[str]:
    folders = [held.folder.path for held in library.folders()]
    if not folders:
        raise CapsearchError(
            f"The library {library.path} has no folders yet.", "Name one: `capsearch index DIR`."
        )
    return folders


def report_as_text(report: IndexReport) -> str:
    """The report for people: one line, then the first failures."""
    away = f"{report.in_cloud:,} only in the cloud, " if report.in_cloud else ""
    lines = [
        f"{report.photos:,} photos: {report.encoded:,} encoded, {report.unchanged:,} unchanged, "
        f"{len(report.failed) - report.in_cloud:,} failed, {away}in {report.seconds:.1f} s "
        f"({report.photos_per_second:.0f} photos/s, {report.encoder} on {report.device})."
    ]
    lines += [f"  {failure.path}: {failure.reason}" for failure in report.failed[:_FAILURES_SHOWN]]
    hidden = len(report.failed) - _FAILURES_SHOWN
    if hidden > 0:
        lines.append(f"  ... and {hidden:,} more; `capsearch doctor` lists them all.")
    switch = switch_in_words(report.wanted_encoder, report.waiting, report.waiting_away)
    lines += [words for words in (switch, report.notice) if words]
    return "\n".join(lines)


def switch_in_words(wanted: str | None, waiting: int, waiting_away: int) -> str:
    """What an encoder that is to take over waits for; '' where none is."""
    if wanted is None:
        return ""
    away = f", {waiting_away:,} of them on drives that are away" if waiting_away else ""
    return f"The encoder '{wanted}' takes over when it has seen {waiting:,} more photos{away}."
