"""Which add-ons are whole on this machine. Light: each process asks that loads a model."""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from capsearch.addon.lock import AddonLock
from capsearch.settings import data_dir

FACTS_FILE = "addon.json"
MODULES = "modules"
PARTIAL_SUFFIX = ".partial"
REMOVED_SUFFIX = ".removed"


@dataclass(frozen=True)
class InstalledAddon:
    """A whole add-on: `digest` is its variant's, `version` PyTorch's, `size_bytes` on the disk."""

    kind: str
    digest: str
    version: str
    size_bytes: int
    folder: Path

    @property
    def modules(self) -> Path:
        """What is put on Python's path."""
        return self.folder / MODULES


def addon_folder() -> Path:
    """Where all of it lies; may be missing."""
    return data_dir() / "addon"


def installed_addons() -> list[InstalledAddon]:
    """Every whole add-on on this machine, also those of other versions of CapSearch."""
    found = []
    with suppress(OSError):
        for folder in sorted(addon_folder().iterdir()):
            if not folder.name.endswith((PARTIAL_SUFFIX, REMOVED_SUFFIX)):
                with suppress(OSError, ValueError, TypeError):
                    facts = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))
                    found.append(InstalledAddon(**facts, folder=folder))
    return found


def find_installed(lock: AddonLock) -> InstalledAddon | None:
    """The add-on that this app can load."""
    digests = {variant.digest for variant in lock.variants}
    return next((addon for addon in installed_addons() if addon.digest in digests), None)
