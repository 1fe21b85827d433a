"""Photos of which somebody has said what they show: found before a run, and measured by in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from capsearch.benchmark.report import Better
from capsearch.benchmark.run import Run
from capsearch.encoders.base import Encoder
from capsearch.errors import CapsearchError
from capsearch.lab.bootstrap import Interval
from capsearch.lab.captions import read_captions
from capsearch.lab.personal.libraries import encode_sources, find_sources
from capsearch.lab.personal.measure import PersonalReport, measure
from capsearch.lab.retrieval import CUT_OFFS, evaluate_retrieval
from capsearch.personalize import load_weights

PART = "quality"
MEAN_PRECISION = "mean average precision"

_QUICK_PHOTOS = 120
_DRAWS, _QUICK_DRAWS = 5, 1
_METHODS = {
    "cap": "CAP",
    "clip": "CLIP's order",
    "nnn": "hubness correction alone (NNN)",
    "cap_shuffled": "CAP, another user's collection",
}
_COMPARED = {
    "clip": "CAP minus CLIP's order",
    "cap_shuffled": "CAP minus CAP with another user's collection",
}


@dataclass(frozen=True)
class Labels:
    """What `capsearch evaluate` measures by; captions, subjects or both.

    Attributes:
        photos: the folder of the captioned photos, among which subjects are looked for.
        captions: a CSV of image,caption.
        subjects: one folder a subject, and classes.csv.
        only: a file that lists those of `photos` to keep.
        split: what the reader is told of that choice.
    """

    photos: Path
    captions: Path | None = None
    subjects: Path | None = None
    only: Path | None = None
    split: str = "all photos"


def find_labels(
    photos: Sequence[Path], captions: Path | None, subjects: Path | None, only: Path | None
) -> Labels:
    """The labels that were given, after a look at whether the files are there.

    Raises:
        CapsearchError: they do not fit together, or one of them is missing or empty.
    """
    if captions is None and subjects is None:
        raise CapsearchError(
            "--only chooses among labelled photos, and there are no labels.",
            "Add --captions or --subjects.",
        )
    if len(photos) != 1:
        raise CapsearchError(
            "--captions and --subjects need one folder of photos.", "Name one by --photos DIR."
        )
    (folder,) = photos
    if captions is not None and not _captioned(folder, captions, only):
        raise CapsearchError(
            f"None of the captioned photos lies in {folder}.", "Check --captions and --photos."
        )
    if subjects is not None:
        find_sources(subjects, folder, only)
    split = "all photos" if only is None else f"those of {only.name}"
    return Labels(folder, captions, subjects, only, split)


def measure_labels(run: Run, encoder: Encoder, labels: Labels) -> None:
    """What `capsearch evaluate retrieval` and `capsearch evaluate personal` measure; with
    `run.quick` over some of the photos.

    Raises:
        CapsearchError: a photo that is needed cannot be read.
    """
    if run.quick:
        labels = _some(run, labels)
    if labels.captions is not None:
        _measure_captions(run, encoder, labels)
    if labels.subjects is not None:
        _measure_subjects(run, encoder, labels, labels.subjects)


def _captioned(folder: Path, captions: Path, only: Path | None) -> list[str]:
    """Names of the photos that are there and have captions."""
    named = sorted(set(read_captions(captions, only).images))
    return [name for name in named if (folder / name).is_file()]


def _some(run: Run, labels: Labels) -> Labels:
    """The same with fewer photos, taken evenly."""
    if labels.captions is not None:
        names = _captioned(labels.photos, labels.captions, labels.only)
    else:
        assert labels.subjects is not None
        files = find_sources(labels.subjects, labels.photos, labels.only)
        names = [path.name for path in files.distractors]
    chosen = names[:: -(-len(names) // _QUICK_PHOTOS)]
    if len(chosen) == len(names):
        return labels
    only = run.scratch / "quality-only.txt"
    only.write_text("\n".join(chosen), encoding="utf-8", errors="surrogateescape")
    split = f"{len(chosen)} of {len(names):,}, {labels.split}"
    return replace(labels, only=only, split=split)


def _measure_captions(run: Run, encoder: Encoder, labels: Labels) -> None:
    assert labels.captions is not None
    captions = read_captions(labels.captions, labels.only)

    def show(done: int, total: int) -> None:
        run.say(f"quality: {done:,} of {total:,} captioned photos")

    report = evaluate_retrieval(encoder, labels.photos, captions, show)
    note = f"{report.queries:,} captions, {labels.split}"
    if report.missing:
        note += f", {report.missing:,} that could not be read left out"
    for k, share in report.recall.items():
        _add(run, f"captions, recall at {k}", "CLIP's order", share, size=report.gallery, note=note)
    run.add(
        PART, "captions, median rank of the photo", "CLIP's order", "", [report.median_rank],
        size=report.gallery, better="less", note=note,
    )  # fmt: skip


def _measure_subjects(run: Run, encoder: Encoder, labels: Labels, subjects: Path) -> None:
    weights = load_weights()
    if not weights.personalizes:
        run.lacks(f"Quality on subjects: {weights.notice}")
        return
    run.say("quality: encoding subjects and the photos around them")
    captions = None if run.quick else labels.captions
    sources = encode_sources(encoder, subjects, labels.photos, captions, labels.only)
    run.say("quality: asking for each subject in its libraries")
    report = measure(sources, weights, draws=_QUICK_DRAWS if run.quick else _DRAWS)
    _add_personal(run, report, labels.split)


def _add_personal(run: Run, report: PersonalReport, split: str) -> None:
    size = round(report.gallery)
    libraries = f"in {report.libraries} libraries, {split}"
    asked = f"{report.subjects} subjects {libraries}"
    rows = [("map", f"'my ...', {MEAN_PRECISION}", asked)]
    if report.caption_queries:
        captions = f"{report.caption_queries:,} queries {libraries}"
        rows += [
            (f"recall_at_{k}", f"captions in a personal library, recall at {k}", captions)
            for k in CUT_OFFS
        ]
    for figure, what, note in rows:
        for name, way in _METHODS.items():
            share = report.methods[name][figure]
            _add(run, what, way, share, size=size, note=note)
        for name, way in _COMPARED.items():
            share = report.differences[name][figure]
            _add(run, f"{what}, difference", way, share, size=size, note=note, better="")
    run.add(
        PART, "subjects answered worse than by CLIP's order", "CAP", "%", [report.harmed],
        size=size, better="less", note=asked,
    )  # fmt: skip


def _add(
    run: Run,
    what: str,
    way: str,
    share: Interval,
    *,
    size: int,
    note: str,
    better: Better = "more",
) -> None:
    run.add(
        PART, what, way, "%", [share.mean],
        size=size, better=better, low=share.low, high=share.high, note=note,
    )  # fmt: skip
