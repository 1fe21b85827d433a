"""See that a bundle works: `smoke.py PROGRAM`.

It indexes photos made here, in every format that the machine which built it can write, finds one by
words, looks at itself and, where there is a display or Xvfb, opens its window. Its home is a fresh
folder and its environment is bare, so that nothing of the building machine helps it.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from PIL import Image, ImageDraw

_FORMATS = ("jpg", "png", "webp", "avif", "tiff", "gif", "bmp")
_VIDEO = Path(__file__).resolve().parent / "smoke.mp4"
"""A red square that moves for a second, in H.264."""
_WINDOW_SECONDS = 8.0


def main() -> int:
    """0 where everything works; otherwise what failed is printed."""
    program = sys.argv[1]
    require_resources(Path(program).resolve().parent)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        photos = make_photos(home / "photos")
        environment = bare_environment(home)
        assert run(program, "--version", environment=environment).startswith("capsearch ")
        found = json.loads(
            run(
                *(
                    program,
                    "search",
                    "a red square",
                    "--photos",
                    str(photos),
                    "--no-stack",
                    "--json",
                ),
                environment=environment,
            )
        )
        assert len(found["results"]) == len(list(photos.iterdir())), found
        run(program, "doctor", environment=environment)
        show_window(program, environment)
    print("smoke test passed: command, workers, formats, doctor, window")
    return 0


def require_resources(folder: Path) -> None:
    """See that every file that CapSearch brings along is in the bundle around `folder`.

    Raises:
        SystemExit: one is missing. (An AppImage shows its files only when it runs.)
    """
    whole = folder.parent if folder.name == "MacOS" else folder
    bundled = {path.name for path in whole.rglob("resources/*/*")}
    own = Path(__file__).resolve().parent.parent / "resources"
    for path in own.glob("*/*"):
        if bundled and path.parent.name != "pictures" and path.name not in bundled:
            raise SystemExit(f"{path.relative_to(own)} is not in the bundle.")


def make_photos(folder: Path) -> Path:
    """One picture in each format, and a video where the bundle reads videos."""
    folder.mkdir()
    for number, kind in enumerate(_FORMATS):
        with Image.new("RGB", (320, 240), (20 * number, 90, 160)) as image:
            ImageDraw.Draw(image).rectangle((80, 60, 240, 180), fill=(230, 20 + number, 30))
            image.save(folder / f"{kind}.{kind}")
    if find_spec("av"):
        shutil.copy(_VIDEO, folder)
    return folder


def bare_environment(home: Path) -> dict[str, str]:
    """Only what a session of a desktop has anyway."""
    kept = ("SYSTEMROOT", "TEMP", "TMP", "PATHEXT", "LANG", "DISPLAY", "XAUTHORITY")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    path = os.environ["PATH"] if os.name == "nt" else "/usr/bin:/bin"
    user = {"HOME": str(home), "USERPROFILE": str(home), "APPDATA": str(home)}
    return {**environment, **user, "PATH": path, "CAPSEARCH_HOME": str(home / "capsearch")}


def run(*command: str, environment: dict[str, str]) -> str:
    """What the program prints.

    Raises:
        SystemExit: it failed; with what it printed.
    """
    done = subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", timeout=300, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"{command[1:]} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def show_window(program: str, environment: dict[str, str]) -> None:
    """Open the window and see that it stays.

    Raises:
        SystemExit: it ended by itself.
    """
    environment = {**environment, "QT_QPA_PLATFORM": "offscreen"}
    with tempfile.TemporaryFile() as output:
        window = subprocess.Popen([program], env=environment, stdout=output, stderr=output)
        time.sleep(_WINDOW_SECONDS)
        ended = window.poll()
        window.terminate()
        window.wait(30)
        output.seek(0)
        if ended is not None:
            raise SystemExit(f"The window ended with {ended}: {output.read().decode()}")


if __name__ == "__main__":
    sys.exit(main())
