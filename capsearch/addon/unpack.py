"""A wheel becomes files in a folder, and nothing outside of it.

By zipfile, not by a library for it: nothing is installed here (no scripts, no compiling, no record
to remove by), and the wheel as a whole was compared with its checksum, which says more than the
checksums that it carries itself.
"""

import os
import shutil
import stat
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from capsearch.errors import CapsearchError
from capsearch.fetch import disk_errors
from capsearch.transfer import DownloadStopped

_CHUNK_BYTES = 1 << 20
_DATA_SUFFIX = ".data"
_LIBRARIES = ("purelib", "platlib")


def unpack(
    wheel: Path, folder: Path, most_bytes: int, stop: threading.Event, wrote: Callable[[int], None]
) -> None:
    """Write a wheel's modules and data below `folder`, as pip would; its scripts are left out.

    Args:
        wheel: the file, already compared with its checksum.
        folder: where modules are to lie.
        most_bytes: what the list says that it unpacks to.
        stop: set it to stop between two files.
        wrote: is told how many bytes are written so far.

    Raises:
        CapsearchError: it is no wheel, would write elsewhere or more than announced; a full disk.
        DownloadStopped: `stop` was set.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if sum(member.file_size for member in members) > most_bytes:
                raise _refused(wheel, "it unpacks to more than it says")
            targets = [(member, _target(wheel, member)) for member in members]
            done = 0
            for member, name in targets:
                if stop.is_set():
                    raise DownloadStopped
                if name is not None:
                    _write(archive, member, folder / name)
                done += member.file_size
                wrote(done)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, UnicodeError) as error:
        raise _refused(wheel, str(error)) from error


def _target(wheel: Path, member: zipfile.ZipInfo) -> PurePosixPath | None:
    """Where a member goes, below the folder of modules; None for what is not needed."""
    path = PurePosixPath(member.filename)
    outside = path.is_absolute() or ".." in path.parts or not path.parts
    if outside or any(sign in member.filename for sign in ("\\", ":", "\0")):
        raise _refused(wheel, f"it would write to {member.filename!r}")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise _refused(wheel, f"it has a link, {member.filename!r}")
    if not path.parts[0].endswith(_DATA_SUFFIX):
        return path
    if len(path.parts) > 2 and path.parts[1] in _LIBRARIES:
        return PurePosixPath(*path.parts[2:])
    return None


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    # `\\?\` lets Windows write what is longer than 260 letters, as some of PyTorch's names are.
    place = Path(f"\\\\?\\{target.absolute()}") if sys.platform == "win32" else target
    with disk_errors(target.parent), archive.open(member) as source:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("wb") as file:
            shutil.copyfileobj(source, file, _CHUNK_BYTES)
        if os.name == "posix" and (member.external_attr >> 16) & stat.S_IXUSR:
            place.chmod(0o755)


def _refused(wheel: Path, why: str) -> CapsearchError:
    return CapsearchError(
        f"{wheel.name} cannot be unpacked: {why}.", "Install CapSearch again, and report it."
    )
