"""`capsearch doctor`: what this installation and this library are, and what is wrong with them."""

import argparse
import platform
import shlex
import sys
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from capsearch import __version__
from capsearch.addon.lock import bundled_lock
from capsearch.commands.engine import engine_in_words
from capsearch.commands.index import switch_in_words
from capsearch.commands.options import add_json, add_library, print_json
from capsearch.encoders.device import choose_device
from capsearch.encoders.registry import load_encoder
from capsearch.errors import CapsearchError
from capsearch.library.health import examine_library, index_notice, repair
from capsearch.machine import free_bytes
from capsearch.settings import HOME_VARIABLE, Settings, data_dir, default_library

_PACKAGES = ("torch", "open_clip_torch", "onnxruntime", "hnswlib", "pillow", "pi-heif", "rawpy")
_LITTLE_SPACE = 500_000_000  # bytes


@dataclass(frozen=True)
class Diagnosis:
    """Everything a helper would ask for first; `encoder` is the one that searches this library,
    or would; `engine` says which PyTorch there is; `switch` says what another encoder waits for
    that is to take over, '' for none; of the files `cut_off` a part is there; `problems` are
    sentences for people."""

    capsearch: str
    python: str
    system: str
    packages: dict[str, str]
    engine: str
    encoder: str
    switch: str
    device: str
    library: str
    counts: dict[str, object] | None
    folders: list[dict[str, object]]
    failed: list[dict[str, str]]
    cut_off: list[str]
    problems: list[str]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser("doctor", help="show what is installed and what is wrong")
    parser.add_argument(
        "--repair",
        action="store_true",
        help="set a damaged library aside, under a dated name, and begin a new one",
    )
    add_library(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Examine and report; 0 without problems, 1 with some."""
    if options.repair:
        print(_repair(options.library or default_library()), file=sys.stderr)
    diagnosis = examine(options.library or default_library())
    if options.json:
        print_json(asdict(diagnosis))
    else:
        print(as_text(diagnosis))
    return 1 if diagnosis.problems else 0


def _repair(library: Path) -> str:
    """Repair a damaged library and say what was done."""
    if not library.exists():
        return f"There is no library at {library}, so there is nothing to repair."
    done = repair(library)
    if done.set_aside is None:
        return f"The library {library} is whole; nothing was changed."
    folders = " ".join(shlex.quote(folder) for folder in done.folders) or "DIR"
    return (
        f"The damaged library is kept as {done.set_aside}, and a new one was begun. "
        f"Run `capsearch index {folders}` to fill it."
    )


def examine(library: Path) -> Diagnosis:
    """Look at the installation and the library without changing either."""
    problems: list[str] = []
    chosen, device = _examine_models(problems)
    health = examine_library(library)
    problems.extend(health.problems)
    notice = index_notice()
    if notice:
        problems.append(notice)
    examine_disk(data_dir(), problems)
    return Diagnosis(
        capsearch=__version__,
        python=sys.version.split()[0],
        system=platform.platform(),
        packages=_package_versions(),
        engine=_examine_engine(problems),
        encoder=health.encoder or chosen,
        switch=switch_in_words(health.wanted_encoder, health.waiting, health.waiting_away),
        device=device,
        library=str(library),
        counts=asdict(health.counts) if health.counts else None,
        folders=[{"path": each.path, "online": each.online} for each in health.folders],
        failed=[asdict(failure) for failure in health.failures],
        cut_off=list(health.cut_off),
        problems=problems,
    )


def _examine_models(problems: list[str]) -> tuple[str, str]:
    """The encoder of the settings, and where models run. The starter is tried in any case;
    another model is not, because loading it could mean downloading it."""
    try:
        settings = Settings.load()
        device = choose_device(settings.device)
        load_encoder("starter").encode_texts(["a photo"])
    except CapsearchError as error:
        problems.append(str(error))
        return "none", "none"
    except (ImportError, OSError) as error:  # torch installed in part, or for another system
        problems.append(f"torch cannot be used ({error}). Install it again.")
        return "none", "none"
    return settings.encoder, device.description


def _examine_engine(problems: list[str]) -> str:
    try:
        return engine_in_words(bundled_lock())
    except CapsearchError as error:
        problems.append(str(error))
        return "none"


def examine_disk(data: Path, problems: list[str]) -> None:
    """Look for room where `data`, CapSearch's folder, lies or is to be made."""
    free = free_bytes(data)
    if free is None:
        problems.append(
            f"The drive of CapSearch's folder {data} is not there. "
            f"Connect it, or set {HOME_VARIABLE} to another folder."
        )
    elif free < _LITTLE_SPACE:
        problems.append(f"Only {free / 1e6:.0f} MB are free for {data}. Make some space there.")


def _package_versions() -> dict[str, str]:
    versions = {}
    for name in _PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def as_text(diagnosis: Diagnosis) -> str:
    """The diagnosis for people."""
    lines = [
        f"CapSearch {diagnosis.capsearch}, Python {diagnosis.python}, {diagnosis.system}",
        ", ".join(f"{name} {version}" for name, version in diagnosis.packages.items()),
        f"For CLIP models: {diagnosis.engine}",
        f"Encoder: {diagnosis.encoder} on {diagnosis.device}",
        f"Library: {diagnosis.library}{_counts_as_text(diagnosis.counts)}",
    ]
    if diagnosis.switch:
        lines.append(diagnosis.switch)
    if diagnosis.folders:
        lines.append("Folders:")
        lines += [
            f"  {folder['path']}{'' if folder['online'] else ' (offline)'}"
            for folder in diagnosis.folders
        ]
    if diagnosis.failed:
        lines.append("Files that could not be used:")
        lines += [f"  {failure['path']}: {failure['reason']}" for failure in diagnosis.failed]
    if diagnosis.cut_off:
        lines.append("Cut-off files, of which a part is shown and found:")
        lines += [f"  {path}" for path in diagnosis.cut_off]
    if diagnosis.problems:
        lines.append("Problems:")
        lines += [f"  {problem}" for problem in diagnosis.problems]
    else:
        lines.append("No problems found.")
    return "\n".join(lines)


def _counts_as_text(counts: dict[str, object] | None) -> str:
    if counts is None:
        return " (none yet)"
    return (
        f" ({counts['searchable']:,} photos in {counts['files']:,} files, "
        f"{counts['failures']:,} failures)"
    )
