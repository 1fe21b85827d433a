"""A person at the window, in a process of its own that loads nothing but what the window needs."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from capsearch.benchmark.aside import Tell
from capsearch.benchmark.shown_window import ShownWindow, memory_in_use
from capsearch.settings import Settings

_SCROLL_PIXELS = 90
_WORDS = ("kids", "playing", "football", "on", "a", "beach", "at", "sunset", "with", "two", "dogs")


@dataclass(frozen=True)
class Work:
    """What is done in one window; `fresh` is a folder of photos that its library has not seen."""

    keystrokes: int
    scrolls: int
    fresh: Path
    seed: int


@dataclass(frozen=True)
class Found:
    """What one window showed: milliseconds, and bytes of memory.

    Attributes:
        first: of the first search, typed as soon as photos were shown.
        painted: of each keystroke until its results were painted.
        pictures: the same until those in sight had their pictures.
        beside: as `painted`, while photos were indexed.
        scrolls: of painting each step of scrolling.
        longest: the longest that events had to wait.
        close: of closing.
        memory: of the window's process.
        memory_of_all: the same with the processes that it has started.
    """

    first: float
    painted: Sequence[float]
    pictures: Sequence[float]
    beside: Sequence[float]
    scrolls: Sequence[float]
    longest: float
    close: float
    memory: int
    memory_of_all: int


def use_window(tell: Tell, library: Path, settings: Settings, work: Work) -> None:
    """Search, search while photos are indexed, scroll and close; tell what was `Found`."""
    shown = ShownWindow(library, settings, watch=False)
    window, random = shown.window, np.random.default_rng(work.seed)
    search, browser = window.library.search, window.browser
    shown.until_pictures()

    def press() -> tuple[float, float]:
        words = f"{' '.join(random.choice(_WORDS, 3))} {random.integers(1 << 40)}"
        search.setText(words)
        painted = shown.until(lambda: browser.question.text == words and browser.idle)
        return painted, painted + (shown.until_pictures() if window.model.rowCount() else 0.0)

    first, _ = press()
    alone = [press() for _ in range(work.keystrokes)]
    beside: list[float] = []
    indexer = shown.bridge.client.indexer
    shown.bridge.client.index([os.fspath(work.fresh)])
    pause = window.library.status.pause_button
    shown.until(lambda: pause.isVisible() or not indexer.running)
    while indexer.running and len(beside) < work.keystrokes:
        beside.append(press()[0])
    indexer.stop()
    shown.until(lambda: not indexer.running)
    search.start_over()
    shown.until(lambda: browser.by_date and browser.idle)
    shown.until_pictures()
    scrolls = [shown.scroll_to(_SCROLL_PIXELS * step) for step in range(work.scrolls)]
    memory, of_all = memory_in_use()
    longest = max(shown.blocks)
    close = shown.close()
    painted, pictures = zip(*alone, strict=True)
    tell(Found(first, painted, pictures, beside, scrolls, longest, close, memory, of_all))
