"""Files that are listed here but whose data is only in the cloud: to open one would fetch it.

OneDrive, iCloud Drive, Dropbox, Google Drive and others mark them alike, by the system's own means.
Linux has no such mark: what a FUSE client shows is a file like any other (one without blocks may be
small and stored in its directory, as on btrfs, or lie on a server), and nothing is guessed.
"""

import os
import re

# https://learn.microsoft.com/windows/win32/fileio/file-attribute-constants
_OFFLINE = 0x1000
_RECALL_ON_OPEN = 0x40000
_RECALL_ON_DATA_ACCESS = 0x400000
# <sys/stat.h> of macOS; https://developer.apple.com/documentation/technotes/tn3150
_DATALESS = 0x40000000
# What iCloud Drive left in place of a file before macOS 14:
# https://eclecticlight.co/2023/10/29/last-week-on-my-mac-dataless-files-arrive/
_STUB = re.compile(r"\.(.+)\.icloud", re.DOTALL)

ONLY_IN_THE_CLOUD = "the file is only in the cloud, and is never fetched from there"


def is_placeholder(info: os.stat_result) -> bool:
    """Whether the file's data is elsewhere, and would be fetched by reading it."""
    attributes, flags = _marks(info)
    recalled = attributes & (_OFFLINE | _RECALL_ON_OPEN | _RECALL_ON_DATA_ACCESS)
    return bool(recalled or flags & _DATALESS)


def is_only_in_the_cloud(path: str) -> bool:
    """Whether there is a file at `path` that reading would fetch. Nothing is opened."""
    try:
        return is_placeholder(os.stat(path))  # noqa: PTH116 - any bytes are a path
    except OSError:
        folder, name = os.path.split(path)
        return os.path.lexists(os.path.join(folder, f".{name}.icloud"))  # noqa: PTH118


def behind_stub(name: str) -> str | None:
    """The name of the file in the cloud that a stub of this name stands for."""
    stub = _STUB.fullmatch(name)
    return stub[1] if stub else None


def _marks(info: os.stat_result) -> tuple[int, int]:
    """Windows' attributes and macOS' flags; 0 where the system has none."""
    return getattr(info, "st_file_attributes", 0), getattr(info, "st_flags", 0)
