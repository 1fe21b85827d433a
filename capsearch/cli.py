"""The `capsearch` command: what a user types, what is printed, how it ends.

Exit codes: 0 done, 1 nothing found, 2 something the user can mend, 70 a bug, 130 stopped.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from capsearch import __version__
from capsearch.crash_log import keep_crash
from capsearch.errors import CapsearchError
from capsearch.settings import default_library
from capsearch.transfer import DownloadStopped

EXIT_USER_ERROR = 2
EXIT_BUG = 70
EXIT_STOPPED = 130


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence and where to look, instead of printing its usage."""

    def error(self, message: str) -> NoReturn:
        sentence = message[:1].upper() + message[1:]
        self.exit(EXIT_USER_ERROR, f"capsearch: {sentence}. See `{self.prog} --help`.\n")


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; each command sets `run`, none opens the window."""
    from capsearch.commands import (  # noqa: PLC0415 - all that they need, the window does not
        benchmark,
        copies,
        doctor,
        evaluate,
        folders,
        index,
        learned,
        models,
        search,
        train,
        watch,
    )

    parser = _Parser(
        prog="capsearch",
        description="Search your own photos by words. Without a command, the window opens. "
        "Nothing leaves this machine.",
    )
    parser.add_argument("--version", action="version", version=f"capsearch {__version__}")
    parser.set_defaults(run=_open_window)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for command in (
        index, watch, folders, search, learned, copies, evaluate, benchmark, models, doctor, train
    ):  # fmt: skip
        command.add_parser(commands)
    return parser


def _open_window(_: argparse.Namespace | None = None) -> int:
    from capsearch.gui.launch import main as open_window  # noqa: PLC0415 - Qt only for the window

    code = open_window(default_library())
    # At once: what still waits for a drive that is gone would keep this process, and with it the
    # name by which the next start looks for a window, alive.
    sys.stdout.flush()
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _let_any_path_be_printed()
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        code = _run(given)
        sys.stdout.flush()
    except CapsearchError as error:
        _say(f"capsearch: {error}")
        return EXIT_USER_ERROR
    except DownloadStopped:
        _say("Paused. What has arrived is kept: the same command goes on with it.")
        return EXIT_STOPPED
    except KeyboardInterrupt:
        _say("Stopped. What was done is kept.")
        return EXIT_STOPPED
    except BrokenPipeError:
        # The reader (`| head`) has gone; Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - a bug is kept for a report, never thrown at the user
        _say(_bug_sentence(error))
        return EXIT_BUG
    return code


def _run(given: Sequence[str]) -> int:
    if not given:  # a double-click, which nothing should hold up
        return _open_window()
    from capsearch.commands.question import let_exclusions_be_words  # noqa: PLC0415 - see above

    options = build_parser().parse_args(let_exclusions_be_words(given))
    code: int = options.run(options)
    return code


def _bug_sentence(error: Exception) -> str:
    kept = keep_crash(error)
    where = f"Its details are in {kept}; please report it." if kept else "Please report it."
    return f"capsearch: this is a bug in CapSearch ({type(error).__name__}: {error}). {where}"


def _let_any_path_be_printed() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="surrogateescape" if os.name == "posix" else "replace")


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)
