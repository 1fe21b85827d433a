"""CapSearch as people have it who installed the app: no PyTorch beside it, a list of its files."""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = ("torch", "open_clip", "timm", "capsearch", "_capsearch", "__editable__")


@dataclass(frozen=True)
class LightApp:
    """An installation at `folder`, with what it stands on in `packages`."""

    folder: Path
    packages: Path

    def command(self, *arguments: str) -> list[str]:
        # -S: the packages beside this Python, PyTorch among them, are not looked at.
        return [sys.executable, "-S", *arguments]

    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": os.pathsep.join(map(os.fspath, self._paths()))}

    def _paths(self) -> tuple[Path, Path]:
        return self.folder, self.packages

    def python(
        self, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run this installation's Python."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,  # `-m` looks here first
            env={**self.environment(), **(environment or {})},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def capsearch(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run its command."""
        return self.python("-m", "capsearch", *arguments)


def make_light_app(folder: Path, lock: Path | None) -> LightApp:
    app = LightApp(folder / "app", folder / "packages")
    shutil.copytree(
        ROOT / "capsearch", app.folder / "capsearch", ignore=shutil.ignore_patterns("__pycache__")
    )
    resources = app.folder / "resources"
    resources.mkdir()
    for resource in (ROOT / "resources").iterdir():
        (resources / resource.name).symlink_to(resource)
    if lock is not None:
        shutil.copy(lock, resources / "addon.json")
    app.packages.mkdir()
    for entry in Path(sysconfig.get_paths()["purelib"]).iterdir():
        if not entry.name.startswith(LEFT_OUT):
            (app.packages / entry.name).symlink_to(entry)
    return app
