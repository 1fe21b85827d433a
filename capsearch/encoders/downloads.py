"""A whole model on this machine, with all that it needs to work offline: what is missing of it,
what that costs, and how it comes.

The weights come last. So where they are, the rest is, and a download that was cut off anywhere
goes on with what is missing.
"""

import json
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from capsearch.encoders.hub import (
    CONFIG_FILE,
    HubFile,
    cached_file,
    has_tokenizer,
    look_up,
    look_up_optional,
    models_folder,
    weight_files,
)
from capsearch.encoders.hub_cache import arrived_bytes, bring
from capsearch.encoders.names import EncoderName
from capsearch.encoders.published import published_weights, text_settings
from capsearch.errors import CapsearchError
from capsearch.machine import free_bytes
from capsearch.transfer import DownloadProgress, DownloadStopped, ProgressTeller

# Whatever kind of tokenizer a repository has; the names that say it is there come last.
_TOKENIZER_FILES = (
    "config.json", "vocab.json", "vocab.txt", "merges.txt", "spiece.model", "tokenizer.model",
    "sentencepiece.bpe.model", "added_tokens.json", "special_tokens_map.json",
    "tokenizer_config.json", "tokenizer.json",
)  # fmt: skip
# Of a model's configuration, which strangers write; without an owner where it is an old one.
_REPOSITORY = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)?")
_SPARE_BYTES = 200_000_000


@dataclass(frozen=True)
class DownloadPlan:
    """What a model lacks on this machine, in the order in which it comes; nothing where it is
    there."""

    model: str
    files: tuple[HubFile, ...]

    @property
    def total_bytes(self) -> int:
        """What the files take, with what has arrived of them."""
        return sum(file.size for file in self.files)

    @property
    def arrived_bytes(self) -> int:
        """What an earlier download, which was stopped or broke off, has brought of them."""
        return sum(arrived_bytes(file) for file in self.files)


@dataclass(frozen=True)
class ModelFiles:
    """Where a downloaded model lies; one that open_clip has the configuration of needs none."""

    weights: Path
    config: Path | None


def plan_download(name: EncoderName) -> DownloadPlan:
    """Find out what a published model lacks. Asks the hub unless it is whole.

    Raises:
        CapsearchError: the hub cannot be asked, does not have it, or describes no model.
    """
    repository, weights = _where(name)
    missing: list[HubFile] = []
    if not any(cached_file(repository, each) for each in weight_files(weights)):
        missing.append(look_up(repository, weight_files(weights), name.text))
    if name.kind == "hub" and cached_file(repository, CONFIG_FILE) is None:
        # Small, and it says what else is needed. No space for the weights is said before.
        _require_space(DownloadPlan(name.text, tuple(missing)))
        config = look_up(repository, (CONFIG_FILE,), name.text)
        download(DownloadPlan(name.text, (config,)))
    return DownloadPlan(name.text, (*_text_files(name), *missing))


def download(
    plan: DownloadPlan,
    progress: Callable[[DownloadProgress], None] = lambda progress: None,
    stop: threading.Event | None = None,
) -> bool:
    """Bring what is missing; whether it is there now, for `stop` ends it early. What has arrived
    is kept either way.

    Raises:
        CapsearchError: no space, no connection, a server that lies or refuses.
    """
    if not plan.files:
        return True
    _require_space(plan)
    meter = _Meter(plan, progress)
    try:
        for file in plan.files:
            bring(file, plan.model, meter.of(file), stop or threading.Event())
    except DownloadStopped:
        return False
    return True


def on_this_machine(name: EncoderName) -> ModelFiles:
    """Where the files of a published model are; what is missing is downloaded first, with a bar
    where a person is watching.

    Raises:
        CapsearchError: it is not here and cannot be had.
    """
    plan = plan_download(name)
    with terminal_bar(name.text) as show:
        download(plan, show)
    repository, weights = _where(name)
    found = [cached_file(repository, each) for each in weight_files(weights)]
    return ModelFiles(
        weights=next(path for path in found if path is not None),
        config=cached_file(repository, CONFIG_FILE) if name.kind == "hub" else None,
    )


@contextmanager
def terminal_bar(model: str) -> Iterator[Callable[[DownloadProgress], None]]:
    """A bar on standard error with rate and time left; nothing where it is no terminal."""
    if not sys.stderr.isatty():
        yield lambda progress: None
        return
    with tqdm(
        desc=model, unit="B", unit_scale=True, dynamic_ncols=True, file=sys.stderr, delay=0.2
    ) as bar:

        def show(progress: DownloadProgress) -> None:
            if bar.total is None:  # what an earlier download has brought makes no speed
                bar.total, bar.initial = progress.total_bytes, progress.done_bytes
            bar.n = progress.done_bytes
            bar.refresh()

        yield show


def _where(name: EncoderName) -> tuple[str, str]:
    return (name.repository, "") if name.kind == "hub" else published_weights(name)


def _text_files(name: EncoderName) -> list[HubFile]:
    """What reads words where that is not in open_clip: a tokenizer, the shape of a text tower."""
    settings = _text_settings(name)
    tokenizer = _repository_in(settings, "hf_tokenizer_name", name.text)
    tower = _repository_in(settings, "hf_model_name", name.text)
    missing: list[HubFile] = []
    if tokenizer and not has_tokenizer(tokenizer):
        found = (look_up_optional(tokenizer, (each,), name.text) for each in _TOKENIZER_FILES)
        missing = [file for file in found if file is not None]
    if tower and cached_file(tower, "config.json") is None:
        missing.append(look_up(tower, ("config.json",), name.text))
    return [file for file in missing if cached_file(file.repository, file.filename) is None]


def _text_settings(name: EncoderName) -> Mapping[str, Any]:
    if name.kind != "hub":
        return text_settings(name)
    path = cached_file(name.repository, CONFIG_FILE)
    assert path is not None
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))["model_cfg"]["text_cfg"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # no model, which who loads it will say
    return settings if isinstance(settings, Mapping) else {}


def _repository_in(settings: Mapping[str, Any], key: str, model: str) -> str:
    named = settings.get(key) or ""
    if named and not (isinstance(named, str) and _REPOSITORY.fullmatch(named)):
        raise CapsearchError(
            f"The configuration of {model} names {named!r}, which is nothing on the hub.",
            "Choose a model made for open_clip; `capsearch models` lists good ones.",
        )
    return str(named)


def _require_space(plan: DownloadPlan) -> None:
    folder = models_folder()
    free = free_bytes(folder)
    if free is None:
        raise CapsearchError(
            f"The drive of {folder}, where models are kept, is not there.",
            "Connect it, or set HF_HOME to another folder.",
        )
    needed = plan.total_bytes - plan.arrived_bytes
    if needed + _SPARE_BYTES > free:
        raise CapsearchError(
            f"The model {plan.model} needs {needed / 1e6:,.0f} MB, with "
            f"{_SPARE_BYTES / 1e6:.0f} MB to spare, and {folder} has {free / 1e6:,.0f} MB.",
            "Free some space, or set HF_HOME to a folder on a larger disk.",
            fault="room",
        )


class _Meter:
    """Tells the progress of a plan."""

    def __init__(self, plan: DownloadPlan, progress: Callable[[DownloadProgress], None]) -> None:
        self._done = {file: arrived_bytes(file) for file in plan.files}
        self._teller = ProgressTeller(plan.total_bytes, progress)

    def of(self, file: HubFile) -> Callable[[int], None]:
        def tell(done: int) -> None:
            self._done[file] = done
            together = sum(self._done.values())
            self._teller.tell(together, file.filename, whole=done >= file.size)

        return tell
