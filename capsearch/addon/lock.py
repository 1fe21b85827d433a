"""Which files the add-on consists of: a list made with the app, so that every copy of one version
of CapSearch has the same PyTorch, and a mirror can give no other file than the one meant."""

import hashlib
import json
import re
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from capsearch.errors import CapsearchError
from capsearch.resources import find_resource

LOCK_FILE = "addon.json"
LOCK_VERSION = 1

Kind = Literal["cpu", "cuda", "mps"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_FILENAME = re.compile(r"[A-Za-z0-9_.+!-]+\.whl")
_PROJECT = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Wheel:
    """One file of the add-on: where it is published, and how it is recognised.

    `size` and `unpacked` are bytes, packed and on the disk.
    """

    project: str
    version: str
    filename: str
    sha256: str
    size: int
    unpacked: int
    index: str


@dataclass(frozen=True)
class Variant:
    """All wheels for one kind of machine; `digest` names them and the Python they are for."""

    kind: Kind
    wheels: tuple[Wheel, ...]
    digest: str

    @property
    def download_bytes(self) -> int:
        """What is fetched."""
        return sum(wheel.size for wheel in self.wheels)

    @property
    def installed_bytes(self) -> int:
        """What lies on the disk afterwards."""
        return sum(wheel.unpacked for wheel in self.wheels)

    @property
    def torch_version(self) -> str:
        """The version of PyTorch in it."""
        return next((wheel.version for wheel in self.wheels if wheel.project == "torch"), "")


@dataclass(frozen=True)
class AddonLock:
    """The variants that were published when this app was made."""

    variants: tuple[Variant, ...]

    def variant(self, kind: Kind) -> Variant | None:
        """The variant of a kind, None where this system has none."""
        return next((variant for variant in self.variants if variant.kind == kind), None)


def running_python() -> tuple[str, str]:
    """Tags of this Python and this system, as the lock names them: `cp311`, `linux-x86_64`."""
    python = f"cp{sys.version_info.major}{sys.version_info.minor}"
    # A Mac's tag also has the oldest macOS that its Python runs on, which decides nothing here.
    platform = re.sub(r"macosx-[\d.]+-", "macosx-", sysconfig.get_platform())
    return python, platform


def bundled_lock() -> AddonLock | None:
    """The list that came with this app; None in an installation that has no add-on, because pip
    brings PyTorch there.

    Raises:
        CapsearchError: the list is damaged, or for another Python.
    """
    path = find_resource(LOCK_FILE)
    return read_lock(path) if path else None


def read_lock(path: Path) -> AddonLock:
    """Read and check a list of files.

    Raises:
        CapsearchError: it is damaged, or made for another Python or system than this one.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        made_for = (content["python"], content["platform"])
        if content["version"] != LOCK_VERSION or made_for != running_python():
            raise ValueError(f"made for {made_for[0]} on {made_for[1]}")
        variants = tuple(
            _variant(kind, content["variants"][kind], made_for)
            for kind in KINDS
            if kind in content["variants"]
        )
        if not all(variant.wheels for variant in variants) or not variants:
            raise ValueError("it names no files")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CapsearchError(
            f"The list of PyTorch's files in this installation cannot be used ({error}).",
            "Install CapSearch again.",
        ) from error
    return AddonLock(variants)


def _variant(kind: Kind, content: Any, made_for: tuple[str, str]) -> Variant:
    wheels = tuple(_wheel(item) for item in content["wheels"])
    # Not the sizes and addresses: the same files make the same add-on, wherever they are published.
    told = json.dumps([kind, made_for, sorted(wheel.sha256 for wheel in wheels)])
    return Variant(kind, wheels, hashlib.sha256(told.encode()).hexdigest()[:16])


def _wheel(item: Mapping[str, Any]) -> Wheel:
    wheel = Wheel(
        project=str(item["project"]),
        version=str(item["version"]),
        filename=str(item["filename"]),
        sha256=str(item["sha256"]),
        size=int(item["size"]),
        unpacked=int(item["unpacked"]),
        index=str(item["index"]),
    )
    whole = (
        _PROJECT.fullmatch(wheel.project)
        and _FILENAME.fullmatch(wheel.filename)
        and _SHA256.fullmatch(wheel.sha256)
        and wheel.size > 0
        and wheel.unpacked > 0
        and wheel.index.startswith(("https://", "http://"))
    )
    if not whole:
        raise ValueError(f"{wheel.filename} is not described as it should be")
    return wheel
