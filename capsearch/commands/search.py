"""`capsearch search QUERY`: the photos that fit the words best."""

import argparse
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from capsearch.commands.index import report_as_text as index_report_as_text
from capsearch.commands.options import (
    add_encoder,
    add_json,
    add_library,
    open_library,
    positive,
    print_json,
)
from capsearch.commands.progress import stopped_by_signal, terminal_progress
from capsearch.commands.question import (
    add_question,
    check_filters,
    question_text,
    speaks_german,
)
from capsearch.errors import LibraryBusyError
from capsearch.library.facade import Library
from capsearch.library.models import bring_model
from capsearch.library.values import (
    Answer,
    Change,
    Effect,
    Filters,
    Milliseconds,
    Part,
    PhotoFacts,
    Question,
    TextReason,
    UnknownWord,
)
from capsearch.paths import lies_in, moved_with
from capsearch.settings import STRENGTHS
from capsearch.text import length_text

if TYPE_CHECKING:
    from capsearch.library.values import ScoreParts

_LONGEST_REASON = 60  # characters
_EFFECTS = {
    "same": "Your own photos change nothing here: everybody would get this order.",
    "unsure": "CapSearch is not sure which of yours is meant; see `capsearch learned`.",
    "unlearned": "CapSearch has not learned yet what comes back in your photos.",
}
Moved = tuple[tuple[str, str], ...]
"""Folders that were found again elsewhere: (old, new)."""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser("search", help="find photos by words")
    add_question(parser)
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
    parser.add_argument(
        "--strength",
        choices=tuple(STRENGTHS),
        help="how far your own photos move results (default: the settings')",
    )
    parser.add_argument(
        "--no-stack", action="store_true", help="list each near copy (see `capsearch copies`)"
    )
    parser.add_argument("--explain", action="store_true", help="show the parts of each score")
    add_library(parser)
    add_encoder(parser)
    add_json(parser)
    parser.set_defaults(run=run)


@dataclass(frozen=True)
class FoundPhoto:
    """One photo as it is printed: its best place, its other places, its local date (ISO 8601).

    `score` is None where nothing is looked for. `said` is where the photo's own texts say what is
    asked: "keyword", and which. `offline`: all its places are on drives that are away now.
    `cut_off`: the file ends too early, and only a part of the photo is there. `seconds` is the
    length of a video, None for a photo. `stacked`: of how many near copies it is the one that is
    listed, 0 where there are none. `parts` say what the score is made of, where that was asked for.
    """

    rank: int
    path: str
    score: float | None
    said: TextReason | None
    date: str | None
    places: tuple[str, ...]
    offline: bool
    cut_off: bool
    seconds: float | None
    stacked: int
    parts: "ScoreParts | None"


@dataclass(frozen=True)
class SearchReport:
    """What is printed of an answer, best photo first; those after the first `relevant` ones are
    less similar.

    `understood` are the parts of the query, `looks` what is left for the encoder, `changes` words
    that were read as others, `unknown` those that the encoder does not know.
    """

    query: str
    understood: tuple[Part, ...]
    looks: tuple[str, ...]
    changes: tuple[Change, ...]
    unknown: tuple[UnknownWord, ...]
    encoder: str
    personalized: bool
    effect: Effect
    relevant: int
    results: tuple[FoundPhoto, ...]
    milliseconds: Milliseconds


def run(options: argparse.Namespace) -> int:
    """Search, indexing first where `--photos` asks for it; 1 if nothing is found."""
    folder = None if options.photos is None else os.path.abspath(options.photos)
    with open_library(options) as library:
        moved = library.notice_drives()
        if folder is not None:
            folder = moved_with(folder, moved)
            moved = _bring_up_to_date(library, folder, options.encoder, quiet=options.json)
            folder = moved_with(folder, moved)
        question = Question(
            question_text(options),
            filters=Filters(folders=() if folder is None else (folder,)),
            german=speaks_german(),
            personalize=False if options.no_personalize else None,
            strength=options.strength,
            stacked=not options.no_stack,
            count=options.count,
            described=options.count,
            explained=options.explain,
        )
        answer = library.answer(question)
        check_filters(options, answer)
        report = report_of(answer, folder)
    if options.json:
        print_json(asdict(report))
    else:
        print(report_as_text(report))
    return 0 if report.results else 1


def _bring_up_to_date(library: Library, folder: str, encoder: str | None, *, quiet: bool) -> Moved:
    """Index the folder; which of the library's folders were found again elsewhere.

    One that the library knows need not wait for another run that goes on.
    """
    known = any(lies_in(folder, held.folder.path) for held in library.folders())
    try:
        with stopped_by_signal() as stop:
            bring_model(encoder, stop)
            with terminal_progress() as bar:
                report = library.index([folder], progress=bar, stop=stop, wait=not known)
    except LibraryBusyError:
        print(
            "Another CapSearch is indexing into this library; these are the photos of "
            f"{folder} that it holds so far.",
            file=sys.stderr,
        )
        return ()
    if stop.is_set():
        raise KeyboardInterrupt
    if not quiet and (report.encoded or report.failed):
        print(index_report_as_text(report) + "\n")
    return report.moved


def report_of(answer: Answer, folder: str | None = None) -> SearchReport:
    """Lay out an answer; of a photo's places those in `folder` come first."""
    facts = {known.id: known for known in answer.facts}
    parts = {explained.photo: explained.parts for explained in answer.explanations}
    found = zip(answer.ids.tolist(), answer.scores.tolist(), strict=True)
    return SearchReport(
        query=answer.question.text,
        understood=answer.understood.parts,
        looks=answer.understood.looks,
        changes=answer.changes,
        unknown=answer.unknown,
        encoder=answer.encoder,
        personalized=answer.personalized,
        effect=answer.effect,
        relevant=answer.relevant,
        results=tuple(
            _found(
                rank,
                facts[photo],
                None if answer.days is not None else score,
                answer.said.get(photo),
                parts.get(photo),
                folder,
            )
            for rank, (photo, score) in enumerate(found, start=1)
            if photo in facts
        ),
        milliseconds=answer.milliseconds,
    )


def _found(
    rank: int,
    facts: PhotoFacts,
    score: float | None,
    said: TextReason | None,
    parts: "ScoreParts | None",
    folder: str | None,
) -> FoundPhoto:
    places = facts.paths
    if folder is not None:
        places = tuple(sorted(places, key=lambda path: not lies_in(path, folder)))
    date = facts.taken.text if facts.taken else None
    return FoundPhoto(
        rank=rank,
        path=places[0],
        score=score,
        said=said,
        date=date,
        places=places[1:],
        offline=facts.offline,
        cut_off=facts.cut_off,
        seconds=facts.seconds,
        stacked=facts.stacked,
        parts=parts,
    )


def report_as_text(report: SearchReport) -> str:
    """Results for people: what was understood, then rank, score, day, path and reason of each."""
    lines = _understood_as_text(report)
    if not report.results:
        return "\n".join([*lines, "Nothing found."])
    for found in report.results:
        day = (found.date or "")[:10]
        score = "      " if found.score is None else f"{found.score:6.3f}"
        marks = ("  (offline)" if found.offline else "") + ("  (cut off)" if found.cut_off else "")
        marks += "" if found.seconds is None else f"  (video, {length_text(found.seconds)})"
        marks += f"  (one of {found.stacked} near copies)" if found.stacked else ""
        said = (
            "" if found.said is None else f"  ({found.said.field}: {_shortened(found.said.value)})"
        )
        lines.append(f"{found.rank:4d}  {score}  {day:10s}  {found.path}{marks}{said}")
        if found.parts is not None:
            lines.append(_parts_as_text(found.parts))
    took = f"{report.milliseconds.total:.0f} ms"
    if report.results[0].score is None:
        return "\n".join([*lines, f"Newest first, in {took}."])
    lines += [_EFFECTS[report.effect]] if report.effect in _EFFECTS else []
    whose = "Your" if report.personalized else "Generic"
    rest = ""
    if not report.relevant:
        rest = " None of them clearly shows it."
    elif report.relevant < len(report.results):
        rest = f" Those after the first {report.relevant} are less similar."
    lines.append(f"{whose} results by {report.encoder} in {took}.{rest}")
    return "\n".join(lines)


def _understood_as_text(report: SearchReport) -> list[str]:
    lines = []
    if report.understood:
        parts = [
            f"{'not ' if part.negated else ''}{'' if part.field == 'looks' else part.field + ' '}"
            f"{part.label}"
            for part in report.understood
        ]
        parts += [f"looks like '{look}'" for look in report.looks]
        lines.append(f"Understood: {'; '.join(parts)}.")
    lines += [f"'{change.typed}' is read as '{change.read}'." for change in report.changes]
    for word in report.unknown:
        offer = f" Did you mean '{word.nearest}'?" if word.nearest else ""
        lines.append(f"CapSearch does not know the word '{word.word}'.{offer}")
    if report.unknown and not any(word.nearest for word in report.unknown):
        lines.append(
            f"The encoder '{report.encoder}' knows everyday English; `capsearch models` lists "
            "those that understand more."
        )
    return lines


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_REASON else text[: _LONGEST_REASON - 3] + "..."


def _parts_as_text(parts: "ScoreParts") -> str:
    return (
        f"      clip {parts.clip:+.3f} (rank {parts.clip_rank}), hub {parts.hub:+.3f}, "
        f"recurrence {parts.recurrence:+.3f}, warp {parts.warp:+.3f}"
    )
