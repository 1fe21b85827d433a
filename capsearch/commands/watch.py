"""`capsearch watch [DIR...]`: keep the library up to date for as long as the command runs."""

import argparse
import contextlib
import queue
import sys
import threading
import time
from dataclasses import asdict

from capsearch.commands.options import add_encoder, add_json, add_library, open_library, print_json
from capsearch.commands.progress import stopped_by_signal, terminal_progress
from capsearch.errors import CapsearchError
from capsearch.library.facade import Library
from capsearch.library.following import Changes, LibraryFollower
from capsearch.library.models import bring_model
from capsearch.library.values import IndexReport

_STOP_SECONDS = 0.3
# Without a change until profile and index, which small changes leave out of date, are made anew.
_CALM_SECONDS = 3.0
# Until what could not be done is tried again, without another change.
_AGAIN_SECONDS = 10.0


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "watch", help="keep the library up to date while this runs; Ctrl-C ends it"
    )
    parser.add_argument(
        "folders", nargs="*", metavar="DIR", help="folders to add to the library first"
    )
    add_library(parser)
    add_encoder(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Say what comes and goes, a line for each run that found something, until stopped."""
    with open_library(options) as library, stopped_by_signal() as stop:
        if options.folders:
            library.add_folders(options.folders)
        _require_folders(library)
        bring_model(options.encoder, stop)
        inbox = _Inbox()
        with LibraryFollower(library.path, inbox):
            _say(f"Watching {_folders_in_words(library)}. Ctrl-C ends it.")
            _follow(library, inbox, stop, as_json=options.json)
    raise KeyboardInterrupt


class _Inbox:
    """Holds what the follower tells until there is time for it."""

    def __init__(self) -> None:
        self.changes: queue.Queue[Changes] = queue.Queue()

    def files_changed(self, changes: Changes) -> None:
        self.changes.put(changes)

    def library_changed(self) -> None:
        """Another program's work needs none of ours."""

    def notice(self, sentence: str) -> None:
        _say(sentence)


def _follow(library: Library, inbox: _Inbox, stop: threading.Event, *, as_json: bool) -> None:
    library.encoder.encode_texts([""])  # what cannot be loaded is said now, not at the first photo
    behind_since: float | None = None
    waiting: list[Changes] = []
    again_at, told = 0.0, ""
    while not stop.is_set():
        try:
            waiting.append(inbox.changes.get(timeout=_STOP_SECONDS))
        except queue.Empty:
            if behind_since is not None and time.monotonic() - behind_since > _CALM_SECONDS:
                behind_since = None
                with contextlib.suppress(CapsearchError):  # a full disk: the next run says so
                    library.prepare(stop)
            if not waiting or time.monotonic() < again_at:
                continue
        try:
            with terminal_progress() as bar:
                report = library.index_changes(
                    [scope for changes in waiting for scope in changes.scopes],
                    unsettled=waiting[-1].unsettled,
                    progress=bar,
                    stop=stop,
                )
        except CapsearchError as error:  # a full disk, say; nobody will tell of these changes again
            if str(error) != told:
                _say(f"capsearch: {error}")
            again_at, told = time.monotonic() + _AGAIN_SECONDS, str(error)
            continue
        waiting.clear()
        told = ""
        _tell(report, as_json=as_json)
        behind_since = time.monotonic()


def _tell(report: IndexReport, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(report), indent=None)
    elif words := _in_words(report):
        print(f"{time.strftime('%H:%M:%S')}  {words}")
    sys.stdout.flush()
    if report.notice:
        _say(report.notice)


def _in_words(report: IndexReport) -> str:
    """What a run did, '' where it found nothing to do."""
    parts = [
        f"{count:,} {words}"
        for count, words in (
            (report.new, "new"),
            (report.edited, "changed"),
            (report.gone, "gone"),
        )
        if count
    ]
    parts += [f"{old} is at {new} now" for old, new in report.moved]
    return ", ".join(parts)


def _require_folders(library: Library) -> None:
    if not library.path.exists() or not library.state().folders:
        raise CapsearchError(
            f"The library {library.path} has no folders to watch.",
            "Name one: `capsearch watch DIR`.",
        )


def _folders_in_words(library: Library) -> str:
    paths = [folder.path for folder in library.state().folders]
    return paths[0] if len(paths) == 1 else f"{len(paths)} folders"


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
