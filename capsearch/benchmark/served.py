"""A library asked by words, in a process of its own, as the app's engine does."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil

from capsearch.benchmark.aside import LostError, Tell, aside, ask_aside
from capsearch.benchmark.run import Run
from capsearch.encoders.registry import load_encoder
from capsearch.library.facade import Library
from capsearch.library.values import Question

_WINDOWFUL = Question().count
_PERSONAL, _GENERIC = "personalised", "generic"
# A million photos are learned from in minutes.
_PATIENCE_SECONDS = 3600.0


@dataclass
class _Served:
    """What the asking process found: seconds, and bytes of memory."""

    opened: float = 0.0
    first: float = 0.0
    answers: dict[str, list[list[float]]] = field(default_factory=dict)
    encoding: list[float] = field(default_factory=list)
    memory: int = 0


def ask_library(run: Run, library: Path, texts: Sequence[str], size: int, *, busy: bool) -> None:
    """Put figures of opening, learning and answering into the report.

    `texts` are shared out evenly over the rounds; `busy`: ask once more while photos are encoded.
    """
    rounds = [list(texts[turn :: run.rounds]) for turn in range(run.rounds)]
    log = run.scratch / "asking.log"

    def ask(texts: Sequence[Sequence[str]]) -> _Served:
        arguments = library, run.encoder, run.device, texts
        found: _Served = ask_aside(_serve, *arguments, log=log, seconds=_PATIENCE_SECONDS)
        return found

    beside: _Served | None = None
    try:
        arguments = library, run.encoder, run.device
        # In a process of its own, as in the app: what it needs is not what searching needs.
        learned: float = ask_aside(_learn, *arguments, log=log, seconds=_PATIENCE_SECONDS)
        served = ask(rounds)
        if busy:
            loading = run.scratch / "encoding.log"
            with aside(_encode_for_ever, run.encoder, run.device, log=loading) as encoding:
                encoding.hear(_PATIENCE_SECONDS)
                beside = ask(rounds[:1])
    except LostError as reason:
        run.lacks(f"A library of {size:,} photos could not be asked: {reason}.")
        return

    def add(what: str, way: str, unit: str, values: Sequence[float]) -> None:
        run.add("answers", what, way, unit, values, size=size, better="less")

    for way, answers in served.answers.items():
        for name, percent in (("median", 50), ("95%", 95), ("99%", 99)):
            values = [1000 * float(np.percentile(each, percent)) for each in answers]
            add(f"words to {_WINDOWFUL} ranked photos, {name}", way, "ms", values)
    add("of it, encoding the words", "CapSearch", "ms", served.encoding)
    if beside is not None:
        values = [1000 * float(np.median(each)) for each in beside.answers[_PERSONAL]]
        way = f"{_PERSONAL}, while photos are encoded"
        add(f"words to {_WINDOWFUL} ranked photos, median", way, "ms", values)
    add("learned from the collection, once", "CapSearch", "s", [learned])
    add("opened, ready to search", "CapSearch", "s", [served.opened])
    add("first answer after opening", "CapSearch", "ms", [1000 * served.first])
    add("memory while searching", "CapSearch", "MB", [served.memory / 1e6])


def _learn(tell: Tell, library: Path, encoder: str, device: str | None) -> None:
    with Library(library, encoder=encoder, device=device, resident=True) as opened:
        opened.encoder.encode_texts(["loaded before the clock starts"])
        start = time.perf_counter()
        opened.prepare()
        tell(time.perf_counter() - start)


def _serve(
    tell: Tell,
    library: Path,
    encoder: str,
    device: str | None,
    rounds: Sequence[Sequence[str]],
) -> None:
    found = _Served(answers={_PERSONAL: [], _GENERIC: []})
    with Library(library, encoder=encoder, device=device, resident=True) as opened:
        opened.encoder.encode_texts(["loaded before the clock starts"])
        start = time.perf_counter()
        opened.warm()
        found.opened = time.perf_counter() - start
        start = time.perf_counter()
        opened.answer(Question(rounds[0][0], personalize=True))
        found.first = time.perf_counter() - start
        for texts in rounds:
            words: list[float] = []
            for way in (_PERSONAL, _GENERIC):
                seconds = []
                for text in texts:
                    start = time.perf_counter()
                    answer = opened.answer(Question(text, personalize=way == _PERSONAL))
                    seconds.append(time.perf_counter() - start)
                    words.append(answer.milliseconds.encode)
                found.answers[way].append(seconds)
            found.encoding.append(float(np.median(words)))
        found.memory = psutil.Process().memory_info().rss
    tell(found)


def _encode_for_ever(tell: Tell, name: str, device: str | None) -> None:
    encoder = load_encoder(name, device=device or "auto")
    size = encoder.input_spec.size
    shape = (encoder.batch_size, size, size, 3)
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    tell(None)
    while True:
        encoder.encode_images(pixels)
