"""rclip, where its command is installed and has its model: how fast it indexes the same photos."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import platformdirs

from capsearch.errors import CapsearchError

_QUERY = "a dog"
_DATABASE = "db"
_SECONDS = 1800.0


class Rclip:
    """Runs the command over a folder, with a database of its own beside the user's model.

    Raises `CapsearchError` where the command or its model is missing.
    """

    def __init__(self) -> None:
        command = shutil.which("rclip")
        if command is None:
            raise CapsearchError(
                "rclip is not installed.", "`pipx install rclip`, then `rclip dog` in any folder."
            )
        self._command = command
        held = os.environ.get("RCLIP_DATADIR")
        own = Path(held) if held else Path(platformdirs.user_data_dir()) / "rclip"
        self._model = [each for each in _inside(own) if not each.name.startswith(_DATABASE)]
        if not self._model:
            raise CapsearchError(
                f"rclip has no model in {own}.", "Run `rclip dog` once in any folder."
            )

    def index(self, folder: Path, scratch: Path) -> float:
        """Seconds to index all photos below `folder`: those of a first search there less those of
        a second one, which finds all indexed. `scratch` holds what it makes, and is deleted.

        Raises:
            CapsearchError: rclip fails, or the system makes no links to its model.
        """
        scratch.mkdir()
        try:
            for each in self._model:
                (scratch / each.name).symlink_to(each.absolute())
            first = self._search(folder, scratch)
            second = self._search(folder, scratch, "--no-indexing")
        except (OSError, subprocess.SubprocessError) as error:
            raise CapsearchError(f"rclip fails ({error}).") from error
        finally:
            shutil.rmtree(scratch)
        if second >= first:
            raise CapsearchError("rclip took no longer to index than to search.")
        return first - second

    def _search(self, folder: Path, scratch: Path, *options: str) -> float:
        # Without a network: it has its model, and nothing of a measurement is for others.
        environment = {**os.environ, "RCLIP_DATADIR": str(scratch), "HF_HUB_OFFLINE": "1"}
        start = time.perf_counter()
        subprocess.run(
            [self._command, "--filepath-only", *options, _QUERY],
            cwd=folder, env=environment, capture_output=True, check=True, timeout=_SECONDS,
        )  # fmt: skip
        return time.perf_counter() - start


def _inside(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []
