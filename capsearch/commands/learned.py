"""`capsearch learned`: what comes back in the photos, to be named, put together or ignored."""

import argparse
from collections.abc import Callable
from pathlib import Path

from capsearch.commands.options import add_json, add_library, positive, print_json
from capsearch.errors import CapsearchError
from capsearch.library.facade import Library
from capsearch.library.values import (
    AddPhotos,
    Ignore,
    Learned,
    LearnedSubject,
    Lesson,
    Merge,
    Name,
    TakeOut,
    Unlearn,
)
from capsearch.settings import Settings, default_library

_Act = Callable[[Library, argparse.Namespace], str]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "learned",
        help="what CapSearch has learned: see it, name it, correct it",
        description="List what comes back in the photos, and what was named. The other commands "
        "take the numbers of that list, or names. Photos are never touched.",
    )
    add_library(parser)
    add_json(parser)
    parser.set_defaults(run=run, act=None)
    acts = parser.add_subparsers(title="corrections", metavar="CORRECTION")

    def act(name: str, do: _Act, help_text: str) -> argparse.ArgumentParser:
        made = acts.add_parser(name, help=help_text, description=help_text)
        add_library(made, given_before=True)
        made.set_defaults(act=do)
        return made

    naming = act("name", _name, "give it a name that finds it; what has one name is one")
    naming.add_argument("which", metavar="NUMBER")
    naming.add_argument("name", metavar="NAME")
    naming.add_argument(
        "--called", default="", metavar="WORDS", help="what it is with 'my' before: dog"
    )
    merging = act("merge", _merge, "say that these are one and the same")
    merging.add_argument("which", metavar="NUMBER", nargs="+")
    for name, more, help_text in (
        ("add", True, "say that these photos show it, too"),
        ("out", False, "say that these photos do not show it"),
    ):
        photos = act(name, _photos_of(added=more), help_text)
        photos.add_argument("which", metavar="NUMBER")
        photos.add_argument("photos", metavar="PHOTO", nargs="+")
    for name, ignored, help_text in (
        ("ignore", True, "never prefer it"),
        ("prefer", False, "prefer it again"),
    ):
        made = act(name, _ignored(ignored=ignored), help_text)
        made.add_argument("which", metavar="NUMBER")
    forgetting = act("forget", _forget, "forget what was said of it, or of everything")
    forgetting.add_argument("which", metavar="NUMBER", nargs="?")
    forgetting.add_argument("--all", action="store_true", help="everything, for good")
    act("undo", _undo, "take the last correction back")
    act("export", _export, "write all that was said to a file").add_argument("file", type=Path)
    act("import", _import, "take over such a file").add_argument("file", type=Path)


def run(options: argparse.Namespace) -> int:
    """List what was learned, or correct it."""
    with Library(options.library or default_library(), settings=Settings.load()) as library:
        if options.act is not None:
            print(options.act(library, options))
            return 0
        learned = library.learned()
    if options.json:
        print_json({"notice": learned.notice, "subjects": _as_objects(learned)})
    else:
        print(learned_as_text(learned))
    return 0 if learned.subjects else 1


def learned_as_text(learned: Learned) -> str:
    """One line for each subject, then the people."""
    lines = [
        f"{number:4d}  {_title(subject):30s}  {_about(subject)}"
        for number, subject in enumerate(learned.subjects, start=1)
    ]
    if not lines:
        lines = ["Nothing comes back in these photos, as far as CapSearch can tell."]
    if learned.notice:
        lines.append(learned.notice)
    if learned.people:
        people = ", ".join(f"{name} ({count})" for name, count in learned.people[:10])
        lines.append(f"People known by name: {people}.")
    return "\n".join(lines)


def _title(subject: LearnedSubject) -> str:
    title = subject.name or "(not named)"
    if subject.called:
        title += f", my {subject.called}"
    return f"{title}, ignored" if subject.ignored else title


def _about(subject: LearnedSubject) -> str:
    said = f"{len(subject.photos)} photos"
    if subject.likely:
        said += f", {subject.likely} of them by their looks"
    if subject.days > 1:
        said += f", on {subject.days} days from {subject.first} to {subject.last}"
    if subject.places:
        said += f", in {' and '.join(name for name, _ in subject.places)}"
    first = subject.facts[0].paths[0] if subject.facts else ""
    return f"{said}; such as {first}"


def _as_objects(learned: Learned) -> list[dict[str, object]]:
    return [
        {
            "number": number,
            "name": subject.name,
            "called": subject.called,
            "ignored": subject.ignored,
            "photos": len(subject.photos),
            "likely": subject.likely,
            "days": subject.days,
            "first": None if subject.first is None else subject.first.isoformat(),
            "last": None if subject.last is None else subject.last.isoformat(),
            "places": [name for name, _ in subject.places],
            "examples": [facts.paths[0] for facts in subject.facts],
        }
        for number, subject in enumerate(learned.subjects, start=1)
    ]


def _chosen(library: Library, which: str) -> LearnedSubject:
    """The subject of a number of the list, or of a name."""
    subjects = library.learned().subjects
    for subject in subjects:
        if subject.name and subject.name.casefold() == which.strip().casefold():
            return subject
    try:
        number = positive(which)
    except argparse.ArgumentTypeError:
        number = 0
    if not 0 < number <= len(subjects):
        raise CapsearchError(
            f"There is no '{which}' in what was learned.",
            "Give a name, or a number of the list that `capsearch learned` prints.",
        )
    return subjects[number - 1]


def _taught(library: Library, lesson: Lesson, words: str) -> str:
    library.teach(lesson)
    return _undoable(words)


def _name(library: Library, options: argparse.Namespace) -> str:
    subject = _chosen(library, options.which)
    lesson = Name(subject.ref, options.name, options.called)
    return _taught(library, lesson, f"'{options.name}' now finds {len(subject.photos)} photos.")


def _merge(library: Library, options: argparse.Namespace) -> str:
    subjects = [_chosen(library, which) for which in options.which]
    lesson = Merge(tuple(subject.ref for subject in subjects))
    return _taught(library, lesson, f"{len(subjects)} subjects are one now.")


def _photos_of(*, added: bool) -> _Act:
    def act(library: Library, options: argparse.Namespace) -> str:
        ref = _chosen(library, options.which).ref
        photos = library.photos_at(options.photos)
        lesson = AddPhotos(ref, photos) if added else TakeOut(ref, photos)
        what = "to it" if added else "out of it"
        return _taught(library, lesson, f"{len(photos)} photos were taken {what}.")

    return act


def _ignored(*, ignored: bool) -> _Act:
    def act(library: Library, options: argparse.Namespace) -> str:
        lesson = Ignore(_chosen(library, options.which).ref, ignored)
        words = "It is never preferred now." if ignored else "It is preferred again."
        return _taught(library, lesson, words)

    return act


def _forget(library: Library, options: argparse.Namespace) -> str:
    if options.all:
        library.forget_taught()
        return "Everything that was said was forgotten."
    if options.which is None:
        raise CapsearchError("It is not said what to forget.", "Give a number, a name, or --all.")
    key = _chosen(library, options.which).ref.key
    if key is None:
        raise CapsearchError(
            "Nothing was said of this one: CapSearch found it.",
            "`capsearch learned ignore` has it never preferred.",
        )
    return _taught(library, Unlearn(key), "What was said of it was forgotten.")


def _undo(library: Library, _: argparse.Namespace) -> str:
    return "Taken back." if library.unteach() else "There is nothing to take back."


def _export(library: Library, options: argparse.Namespace) -> str:
    number = library.export_taught(options.file)
    return f"{options.file} holds {number} things that were said."


def _import(library: Library, options: argparse.Namespace) -> str:
    number = library.import_taught(options.file)
    return _undoable(f"{number} things that were said were taken over.")


def _undoable(words: str) -> str:
    return f"{words} `capsearch learned undo` takes it back."
