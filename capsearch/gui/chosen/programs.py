"""Programs that can open photos, as the system names them.

On Linux by the files of freedesktop.org: `mimeinfo.cache` (shared MIME-info and desktop entry
specifications) lists programs by kind of file, and a program's desktop entry says how to start it.
"""

import configparser
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

_ONE_FILE, _SOME_FILES = ("%f", "%u"), ("%F", "%U")
_OTHER_CODES = re.compile(r"%[a-zA-Z]")
_MOST_STARTED = 10


@dataclass(frozen=True)
class Program:
    """A program by its name; `command` has the desktop entry's codes where files go."""

    name: str
    command: tuple[str, ...]

    def takes(self, photos: int) -> bool:
        """Whether so many photos can be given to it at once, or it be started for each."""
        return photos <= _MOST_STARTED or any(code in self.command for code in _SOME_FILES)

    def commands(self, paths: Sequence[str]) -> list[list[str]]:
        """What is to be started to open these files."""
        if any(code in self.command for code in _SOME_FILES):
            return [_filled(self.command, paths)]
        return [_filled(self.command, [path]) for path in paths]


def way_to_choose() -> Literal["menu", "dialog", "application", ""]:
    """How a program is chosen here: of a menu, in the system's own dialog, as an application in the
    file dialog; "" where there is no way."""
    if sys.platform == "win32":
        return "dialog"
    return "application" if sys.platform == "darwin" else "menu"


def programs_for(kinds: Iterable[str], language: str = "") -> list[Program]:
    """The programs, by name, that open files of all these MIME types."""
    folders = _application_folders()
    wanted = list(dict.fromkeys(kinds))
    lists = [dict.fromkeys(_entries_of(kind, folders)) for kind in wanted]
    if not lists:
        return []
    common = [entry for entry in lists[0] if all(entry in each for each in lists)]
    found = (_read_entry(entry, folders, language) for entry in common)
    programs = {program.name: program for program in found if program is not None}
    return sorted(programs.values(), key=lambda program: program.name.casefold())


def ask_windows(path: str) -> list[str]:
    """The command that opens the dialog "Open with" of Windows."""
    return ["rundll32.exe", "shell32.dll,OpenAs_RunDLL", path]


def open_by_application(application: str, paths: Sequence[str]) -> list[str]:
    """The command that opens files with an application of macOS."""
    return ["open", "-a", application, *paths]


def _application_folders() -> list[Path]:
    """Where desktop entries lie, the user's own first (XDG base directory specification)."""
    home = os.environ.get("XDG_DATA_HOME") or Path("~/.local/share").expanduser()
    others = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [Path(folder) / "applications" for folder in (home, *others.split(":")) if folder]


def _entries_of(kind: str, folders: Sequence[Path]) -> list[str]:
    found: list[str] = []
    for folder in folders:
        cache = _read_sections(folder / "mimeinfo.cache").get("MIME Cache", {})
        found += [entry for entry in cache.get(kind, "").split(";") if entry]
    return found


def _read_entry(entry: str, folders: Sequence[Path], language: str) -> Program | None:
    """None for one that is not there, is hidden, or cannot be started by files."""
    # "kde-gwenview.desktop" may lie as kde/gwenview.desktop.
    names = (entry, entry.replace("-", "/", 1))
    places = (folder / name for folder in folders for name in names)
    path = next((place for place in places if place.is_file()), None)
    values = {} if path is None else _read_sections(path).get("Desktop Entry", {})
    hidden = any(values.get(key) == "true" for key in ("NoDisplay", "Hidden", "Terminal"))
    try:
        command = tuple(shlex.split(values.get("Exec", "")))
    except ValueError:
        return None
    takes_files = any(code in command for code in (*_ONE_FILE, *_SOME_FILES))
    if hidden or not takes_files or shutil.which(command[0]) is None:
        return None
    name = values.get(f"Name[{language}]") or values.get("Name") or Path(command[0]).name
    return Program(name, command)


def _read_sections(path: Path) -> dict[str, dict[str, str]]:
    """A file of sections; nothing of one that cannot be read."""
    parser = configparser.RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign] # keys have capitals
    try:
        parser.read(path, encoding="utf-8")
    except (OSError, UnicodeError, configparser.Error):
        return {}
    return {name: dict(parser[name]) for name in parser.sections()}


def _filled(command: Sequence[str], paths: Sequence[str]) -> list[str]:
    made: list[str] = []
    for word in command:
        if word in (*_ONE_FILE, *_SOME_FILES):
            made += paths
        elif not _OTHER_CODES.fullmatch(word):
            made.append(word.replace("%%", "%"))
    return made
