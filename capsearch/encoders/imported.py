"""Models that a person brought as files, kept whole in CapSearch's own data folder.

Of a folder or an archive only the model's own files are taken, by their bare names: no path of an
archive is ever followed.
"""

import json
import re
import shutil
import stat
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TypeVar

from capsearch.encoders.curated import CURATED, EncoderInfo
from capsearch.encoders.hub import CONFIG_FILE, WEIGHT_FILES
from capsearch.errors import CapsearchError
from capsearch.machine import free_bytes
from capsearch.settings import data_dir
from capsearch.transfer import DownloadProgress, ProgressTeller

Member = TypeVar("Member")

_ARCHITECTURE_FILE = "capsearch_model.json"
_TAKEN = (".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".json", ".txt", ".model")
_WEIGHTS = (".safetensors", ".bin", ".pt", ".pth", ".ckpt")
_STAGING = ".importing-"
_ABANDONED_SECONDS = 3600.0
_MOST_ENTRIES = 1000
_SPARE_BYTES = 200_000_000
_CHUNK = 1 << 20
_UNREADABLE = (zipfile.BadZipFile, tarfile.TarError, EOFError, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class ImportedModel:
    """`architecture` is set where there are only weights, for an architecture of open_clip."""

    name: str
    folder: Path
    architecture: str

    @property
    def weights(self) -> Path:
        """The weights of one that has an architecture."""
        return next(path for path in self.folder.iterdir() if path.suffix.lower() in _WEIGHTS)


def imported_models() -> list[ImportedModel]:
    """Those in the data folder, by name."""
    try:
        folders = sorted(path for path in _folder().iterdir() if path.name[0] != ".")
    except OSError:
        return []
    return [ImportedModel(path.name, path, _architecture(path)) for path in folders]


def imported_model(name: str) -> ImportedModel | None:
    """The one of this name, whatever its case."""
    return next((each for each in imported_models() if each.name.lower() == name.lower()), None)


def describe(model: ImportedModel) -> EncoderInfo:
    """The line of it in `capsearch models`."""
    size = sum(path.stat().st_size for path in model.folder.iterdir())
    return EncoderInfo(
        name=model.name, kind="imported", size_bytes=size, installed=True, note="Imported."
    )


def import_model(
    path: Path,
    published: str | None,
    verify: Callable[[ImportedModel], None],
    progress: Callable[[DownloadProgress], None] = lambda progress: None,
) -> ImportedModel:
    """Copy a model into the data folder, whole or not at all.

    Args:
        path: a folder in open_clip's layout, a .zip or .tar of one, or the weights file of a
            listed model.
        published: the name of that listed model, where `path` is a weights file.
        verify: called with the copy before it gets its name; raises where it is no good.
        progress: told how far the copy is.

    Raises:
        CapsearchError: it is no model, there is no room, or the name is taken.
    """
    name = _short_name(path, published)
    if imported_model(name) is not None:
        raise CapsearchError(
            f"There is an imported model '{name}' already.",
            f"Remove it first with `capsearch models remove {name}`, or rename what you import.",
        )
    architecture = _published_architecture(path, published)
    try:
        with _entries(path) as entries, _staging() as folder:
            chosen = _chosen(entries, path, alone=bool(architecture))
            total = sum(entry.size for entry in chosen)
            _require_space(total, path)
            before, teller = 0, ProgressTeller(total, progress)
            for entry in chosen:
                _copy(entry, folder, path, before, teller)
                before += entry.size
            if architecture:
                content = json.dumps({"architecture": architecture})
                (folder / _ARCHITECTURE_FILE).write_text(content, encoding="utf-8")
            verify(ImportedModel(name, folder, architecture))
            return ImportedModel(name, folder.rename(_folder() / name), architecture)
    except _UNREADABLE as error:
        raise CapsearchError(
            f"The archive {path} is damaged, locked or of a kind that is not read.",
            "Copy it again, or unpack it and import the folder.",
        ) from error
    except OSError as error:
        raise CapsearchError(
            f"The model {path} cannot be copied to {_folder()} ({error.strerror or error}).",
            "Check that it can be read, and that there is room.",
        ) from error


def remove_imported(model: ImportedModel) -> int:
    """Delete an imported model; how many bytes it took.

    Raises:
        CapsearchError: it cannot be deleted.
    """
    size = describe(model).size_bytes or 0
    gone = model.folder.with_name(f"{_STAGING}{model.name}")  # at once; never half a model
    try:
        model.folder.rename(gone)
        shutil.rmtree(gone)
    except OSError as error:
        raise CapsearchError(
            f"The model {model.name} could not be deleted ({error.strerror or error}).",
            f"Check that you may delete in {_folder()}, and that no other program uses it.",
        ) from error
    return size


@dataclass(frozen=True)
class _Entry:
    path: PurePosixPath
    size: int
    open: Callable[[], IO[bytes] | None]


def _folder() -> Path:
    return data_dir() / "models"


def _architecture(folder: Path) -> str:
    try:
        content = json.loads((folder / _ARCHITECTURE_FILE).read_text(encoding="utf-8"))
        return str(content["architecture"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _short_name(path: Path, published: str | None) -> str:
    plain = path.name if path.is_dir() else re.sub(r"(\.tar)?\.\w+$", "", path.name)
    name = re.sub(r"[^\w.-]+", "-", published or plain).strip("-.")
    return f"{name}-imported" if name.lower() in ("", "starter") else name


def _published_architecture(path: Path, published: str | None) -> str:
    alone = path.is_file() and path.suffix.lower() in _WEIGHTS
    if not alone:
        return ""
    info = next((each for each in CURATED if published and each.name == published), None)
    if info is None or info.tokenizer or not info.repository:
        names = [each.name for each in CURATED if each.repository and not each.tokenizer]
        raise CapsearchError(
            f"Weights alone do not say which model {path.name} is.",
            f"Add --as NAME with one of {', '.join(names)}; of another import the whole folder.",
        )
    return info.name.partition("/")[0]


@contextmanager
def _entries(path: Path) -> Iterator[list[_Entry]]:
    """The files that a path holds, as it announces them; directories and links are none."""
    if path.is_dir():
        files = [each for each in path.iterdir() if each.is_file()]
        yield [_file_entry(each) for each in files]
    elif path.is_file() and path.suffix.lower() in _WEIGHTS:
        yield [_file_entry(path)]
    elif path.is_file() and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield [
                _Entry(PurePosixPath(each.filename), each.file_size, lambda e=each: archive.open(e))  # type: ignore[misc]
                for each in _few(iter(archive.infolist()), path)
                if not each.is_dir() and not stat.S_ISLNK(each.external_attr >> 16)
            ]
    elif path.is_file() and tarfile.is_tarfile(path):
        with tarfile.open(path) as tar:
            yield [
                _Entry(PurePosixPath(each.name), each.size, lambda e=each: tar.extractfile(e))  # type: ignore[misc]
                for each in _few(iter(tar), path)
                if each.isreg()
            ]
    else:
        raise CapsearchError(
            f"There is no model at {path}.",
            "Name a folder with a model for open_clip, a .zip or .tar of one, or a weights file.",
        )


def _few(entries: Iterator[Member], path: Path) -> list[Member]:
    few = [entry for entry, _ in zip(entries, range(_MOST_ENTRIES), strict=False)]
    if next(entries, None) is not None:
        raise CapsearchError(
            f"The archive {path} holds more than {_MOST_ENTRIES:,} files, so it is no model.",
            "Import an archive of the model's folder alone.",
        )
    return few


def _file_entry(path: Path) -> _Entry:
    return _Entry(PurePosixPath(path.name), path.stat().st_size, lambda: path.open("rb"))


def _chosen(entries: list[_Entry], path: Path, *, alone: bool) -> list[_Entry]:
    """The model's own files: those beside its configuration."""
    if alone:
        return entries
    for entry in entries:
        if entry.path.is_absolute() or ".." in entry.path.parts or "\\" in str(entry.path):
            raise CapsearchError(
                f"The archive {path} holds a path that leads out of it, so it was refused.",
                "Get the model from somebody you trust.",
            )
    configs = [entry.path for entry in entries if entry.path.name == CONFIG_FILE]
    if not configs:
        raise CapsearchError(
            f"{path} holds no {CONFIG_FILE}, so it is no open_clip model.",
            "Choose the folder that open_clip or the hub saved the model to.",
        )
    home = min(configs, key=lambda config: len(config.parts)).parent
    beside = [each for each in entries if each.path.parent == home]
    chosen = {each.path.name: each for each in beside if each.path.suffix.lower() in _TAKEN}
    if WEIGHT_FILES[0] in chosen:  # the same once more, in a form that is less safe
        chosen.pop(WEIGHT_FILES[1], None)
    return list(chosen.values())


def _require_space(size: int, path: Path) -> None:
    free = free_bytes(_folder())
    if free is not None and size + _SPARE_BYTES > free:
        raise CapsearchError(
            f"The model {path.name} needs {size / 1e6:,.0f} MB, with {_SPARE_BYTES / 1e6:.0f} MB "
            f"to spare, and {_folder()} has {free / 1e6:,.0f} MB.",
            "Free some space.",
        )


@contextmanager
def _staging() -> Iterator[Path]:
    """A folder beside those of the models that is gone after the block unless it was renamed."""
    for left in _folder().glob(f"{_STAGING}*"):
        if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    folder = _folder() / f"{_STAGING}{time.time_ns()}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(entry: _Entry, folder: Path, path: Path, before: int, teller: ProgressTeller) -> None:
    source = entry.open()
    if source is None:
        raise tarfile.ReadError(str(entry.path))
    done = 0
    with source, (folder / entry.path.name).open("xb") as copy:
        while chunk := source.read(_CHUNK):
            done += len(chunk)
            if done > entry.size:
                break
            copy.write(chunk)
            teller.tell(before + done, entry.path.name, whole=done == entry.size)
    if done != entry.size:
        raise CapsearchError(
            f"{entry.path.name} in {path} is not as large as announced.", "Copy the model again."
        )
