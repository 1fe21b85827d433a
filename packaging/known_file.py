"""Files of others that a build needs: each is downloaded once, and known by its checksum."""

import hashlib
import shutil
import urllib.request
from pathlib import Path


def known_file(url: str, sha256: str, kept: Path, otherwise: str) -> Path:
    """The file at `url`, from `kept` or downloaded to it; `otherwise` tells how else to give it.

    Raises:
        SystemExit: it cannot be had, or is another one.
    """
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_name(kept.name + ".part")
        try:
            with urllib.request.urlopen(url, timeout=60) as answer, part.open("wb") as file:
                shutil.copyfileobj(answer, file)
        except OSError as error:
            raise SystemExit(f"{url} cannot be downloaded ({error}); {otherwise}.") from error
        if sha256_of(part) != sha256:
            raise SystemExit(f"{url} is not the file that it was.")
        part.replace(kept)
    return kept


def sha256_of(file: Path) -> str:
    """The checksum of a file's content, as hexadecimal digits."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
