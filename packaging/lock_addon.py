"""Write the list of the add-on's files: `python packaging/lock_addon.py --output addon.json`.

pip says which versions go together, on this system and for this Python; the public indexes say
where each file is and how large. Only names, checksums and sizes get into the list, and the names
of the public indexes, wherever this machine's pip has its files from.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from http.client import HTTPResponse
from importlib import metadata
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from capsearch.addon.index import IF_REFUSED, PackageIndex, find_address  # noqa: E402
from capsearch.addon.install import INDEX_VARIABLE  # noqa: E402
from capsearch.addon.lock import LOCK_VERSION, Wheel, read_lock, running_python  # noqa: E402
from capsearch.errors import CapsearchError  # noqa: E402
from capsearch.fetch import ask  # noqa: E402

PROJECTS = ("torch", "torchvision", "open_clip_torch", "transformers")
PYPI = "https://pypi.org/simple"
# What PyPI has is built for CUDA on Linux, for the processor on Windows and for Apple's graphics on
# a Mac; the other builds are on PyTorch's own index.
OTHER_BUILDS = {
    "linux": {"cpu": "https://download.pytorch.org/whl/cpu"},
    "win32": {"cuda": "https://download.pytorch.org/whl/cu130"},
}
# Tools of the environment that builds the bundle, not in it. The add-on may need setuptools.
NOT_BUNDLED = ("altgraph", "pip", "pyinstaller", "pyinstaller-hooks-contrib", "setuptools", "wheel")
# Only a faster way to the hub, which gives every file without it too.
NOT_NEEDED = ("hf-xet",)
_BUFFER_BYTES = 1 << 16


def main() -> int:
    """Ask for each build; one whose index cannot be reached is left out and said."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, required=True, metavar="FILE")
    parser.add_argument(
        "--constraints", type=Path, default=ROOT / ".ci" / "constraints.txt", metavar="FILE"
    )
    parser.add_argument(
        "--bundled",
        type=Path,
        metavar="FILE",
        help="`NAME==VERSION` of what the bundle has itself, one a line "
        "(default: what is installed beside this Python, but for its tools)",
    )
    options = parser.parse_args()
    bundled = read_bundled(options.bundled) if options.bundled else installed_here()
    variants: dict[str, object] = {}
    for name, index in builds():
        try:
            wheels = wheels_of(resolve(index, options.constraints), index, bundled)
        except (UnreachableError, CapsearchError) as error:
            print(f"{name or 'PyPI'}: left out: {error}", flush=True)
            continue
        kind = name or kind_of(wheels)
        if kind not in variants:
            variants[kind] = {"wheels": wheels}
            download = sum(wheel["size"] for wheel in wheels) / 1e6
            unpacked = sum(wheel["unpacked"] for wheel in wheels) / 1e6
            print(f"{kind}: {len(wheels)} files, {download:,.0f} MB, unpacked {unpacked:,.0f} MB")
    python, platform = running_python()
    content = {
        "version": LOCK_VERSION,
        "python": python,
        "platform": platform,
        "variants": variants,
    }
    options.output.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    read_lock(options.output)
    return 0


class UnreachableError(Exception):
    """pip finds no complete set of files for a build."""


def builds() -> Iterator[tuple[str, str | None]]:
    """Kind and index of each build; PyPI's own, whose kind its files say, has neither."""
    yield "", None
    yield from OTHER_BUILDS.get(sys.platform, {}).items()


def resolve(index: str | None, constraints: Path) -> list[dict[str, Any]]:
    """What pip would install, without installing anything.

    Raises:
        UnreachableError: the index does not answer, or lacks something.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed"]
        command += ["--quiet", "--only-binary", ":all:", "--retries", "1"]
        command += ["--report", os.fspath(report), "--constraint", os.fspath(constraints)]
        if index is not None:
            command += ["--index-url", index, "--extra-index-url", PYPI]
        done = subprocess.run([*command, *PROJECTS], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise UnreachableError((done.stderr.strip().splitlines() or ["pip failed"])[-1])
        items: list[dict[str, Any]] = json.loads(report.read_text(encoding="utf-8"))["install"]
        return items


def wheels_of(
    items: list[dict[str, Any]], index: str | None, bundled: dict[str, str]
) -> list[dict[str, Any]]:
    """The files that the bundle lacks, as the list has them, the largest first.

    Raises:
        SystemExit: the bundle has another version than the one that goes with the rest, or a file
            is not public.
    """
    wheels = []
    for item in items:
        project, version = item["metadata"]["name"], item["metadata"]["version"]
        name = normal(project)
        if name in bundled:
            if bundled[name] != version:
                raise SystemExit(f"{project} {version} is needed; bundled is {bundled[name]}.")
        elif name not in NOT_NEEDED:
            url = item["download_info"]["url"]
            wheel = Wheel(
                project=project,
                version=version,
                filename=unquote(urlsplit(url).path.rpartition("/")[2]),
                sha256=item["download_info"]["archive_info"]["hashes"]["sha256"],
                size=0,
                unpacked=0,
                index="",
            )
            wheels.append(look_up(wheel, index))
    return sorted(wheels, key=lambda wheel: -wheel["size"])


def look_up(wheel: Wheel, index: str | None) -> dict[str, Any]:
    """Find a file on the public indexes, and measure it without downloading it."""
    # A builder behind a mirror asks that; what the list names is what it mirrors.
    places = {PYPI: os.environ.get(INDEX_VARIABLE) or PYPI}
    if index is not None:
        places = {index: index, **places}
    for public, asked in places.items():
        place = PackageIndex.at(asked)
        address = find_address(place, wheel, threading.Event())
        if address is not None:
            size, unpacked = measure(address, place)
            return {**vars(wheel), "size": size, "unpacked": unpacked, "index": public}
    raise SystemExit(f"No public index has {wheel.filename} with the checksum {wheel.sha256}.")


def measure(address: str, index: PackageIndex) -> tuple[int, int]:
    """Bytes of a wheel, and of what is in it, by the table at its end."""
    with (
        RemoteFile(address, index) as file,
        zipfile.ZipFile(BufferedReader(file, _BUFFER_BYTES)) as archive,
    ):
        return file.size, sum(member.file_size for member in archive.infolist())


class RemoteFile(RawIOBase):
    """A file on a server, of which only what is read is fetched."""

    def __init__(self, address: str, index: PackageIndex) -> None:
        self._address, self._index, self._position = address, index, 0
        with self._ask("0-0") as answer:
            if answer is None or answer.status != 206:
                raise SystemExit(f"{address} cannot be read in parts.")
            self.size = int(answer.headers["Content-Range"].rpartition("/")[2])

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Choose where to read next; costs nothing."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        self._position = base + offset
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Fetch the bytes at this place."""
        wanted = min(len(buffer), self.size - self._position)
        if wanted <= 0:
            return 0
        last = self._position + wanted - 1
        with self._ask(f"{self._position}-{last}") as answer:
            content = answer.read(wanted) if answer is not None else b""
        buffer[: len(content)] = content
        self._position += len(content)
        return len(content)

    def _ask(self, span: str) -> AbstractContextManager[HTTPResponse | None]:
        headers = {"Range": f"bytes={span}"}
        return ask(self._address, self._index.login, headers, IF_REFUSED)


def kind_of(wheels: list[dict[str, Any]]) -> str:
    """What PyPI's build is for."""
    if sys.platform == "darwin":
        return "mps"
    return (
        "cuda" if any(normal(wheel["project"]).startswith("nvidia-") for wheel in wheels) else "cpu"
    )


def installed_here() -> dict[str, str]:
    """What is installed beside this Python and goes into the bundle."""
    found = {normal(each.name): each.version for each in metadata.distributions()}
    return {name: version for name, version in found.items() if name not in NOT_BUNDLED}


def read_bundled(path: Path) -> dict[str, str]:
    """What a file says that the bundle has."""
    lines = path.read_text(encoding="utf-8").split()
    return {normal(name): version for name, _, version in (line.partition("==") for line in lines)}


def normal(name: str) -> str:
    """A project's name as all its spellings have in common."""
    return name.lower().replace("_", "-").replace(".", "-")


if __name__ == "__main__":
    sys.exit(main())
