"""Build CapSearch as people install it: `python packaging/build.py`.

Makes the light bundle (a folder with everything but PyTorch) and from it what this system installs:
.tar.xz, .deb and AppImage on Linux, an installer on Windows, a .dmg on macOS. Everything lies under
`build/` until it is whole, then under `dist/`. The same sources, Python and constraints give the
same files.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
import venv
from collections.abc import Mapping
from pathlib import Path

import ffmpeg
import formats

ROOT = Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"
# What the bundle leaves to the add-on (torch, open_clip_torch) or to plain downloads: hf_xet is
# 9 MB, and the hub gives every file without it too.
NOT_BUNDLED = ("torch", "open_clip_torch", "hf-xet")


def main() -> int:
    """Build the formats asked for; print the size of each and whether the bundle works."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    known = formats.of_this_system()
    parser.add_argument(
        "formats", nargs="*", help=f"of {', '.join(known)}; all of them where none is named"
    )
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "packaging", metavar="DIR")
    parser.add_argument("--output", type=Path, default=ROOT / "dist", metavar="DIR")
    parser.add_argument(
        "--runtime", type=Path, metavar="FILE", help="AppImage's runtime, instead of a download"
    )
    parser.add_argument(
        "--ffmpeg", type=Path, metavar="FILE", help="FFmpeg's sources, instead of a download"
    )
    parser.add_argument(
        "--bundle-again",
        action="store_false",
        dest="fresh",
        help="use the bundle of the last build, for work on the formats",
    )
    options = parser.parse_args()
    options.work, options.output = options.work.absolute(), options.output.absolute()
    wrong = [name for name in options.formats if name not in known]
    if wrong:
        parser.error(f"unknown format {wrong[0]}; here: {', '.join(known)}")
    if options.fresh:
        build_bundle(options.work, options.ffmpeg)
    context = formats.Context(
        root=ROOT,
        bundle=bundle_folder(options.work),
        icons=options.work / "icons",
        work=options.work,
        output=options.work / "made",
        version=version(),
        epoch=source_epoch(),
        runtime=options.runtime,
    )
    call(environment_python(options.work), PACKAGING / "smoke.py", context.program)
    print(f"{'bundle':10s} {formats.size_of(context.bundle) / 1e6:6.1f} MB  {context.bundle}")
    for folder in (context.output, options.output):
        folder.mkdir(parents=True, exist_ok=True)
    for name in options.formats or known:
        whole = known[name](context)
        made = Path(shutil.move(whole, options.output / whole.name))
        print(f"{name:10s} {made.stat().st_size / 1e6:6.1f} MB  {made}", flush=True)
    return 0


def version() -> str:
    """CapSearch's version, from its package."""
    text = (ROOT / "capsearch" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    assert found is not None
    return found[1]


def source_epoch() -> int:
    """Seconds since 1970 that all files are dated with: of the last commit, or as the caller set
    it, https://reproducible-builds.org/specs/source-date-epoch"""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return int(done.stdout) if done.returncode == 0 else int(time.time())


def bundle_folder(work: Path) -> Path:
    """Where PyInstaller puts the bundle."""
    return work / "dist" / ("CapSearch.app" if sys.platform == "darwin" else "capsearch")


def environment_python(work: Path) -> str:
    """The Python of the environment that is bundled."""
    folder = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    return str(work / "environment" / folder)


def build_bundle(work: Path, ffmpeg_sources: Path | None) -> None:
    """Make the environment, what is generated from it, and the bundle of it."""
    python = environment_python(work)
    videos = ffmpeg.variables(ffmpeg.build(work, ffmpeg_sources)) if ffmpeg.is_built_here() else {}
    make_environment(work, videos)
    shutil.rmtree(work / "icons", ignore_errors=True)
    call(python, PACKAGING / "icons.py", work / "icons")
    lock = work / "addon.json"
    call(python, PACKAGING / "lock_addon.py", "--output", lock)
    variables = {
        **os.environ,
        **videos,
        "CAPSEARCH_ICONS": str(work / "icons"),
        "CAPSEARCH_ADDON": str(lock),
        # A fixed order of sets and fixed dates: the same sources give the same bundle.
        "PYTHONHASHSEED": "1",
        "SOURCE_DATE_EPOCH": str(source_epoch()),
    }
    if sys.platform == "win32":
        variables["CAPSEARCH_VERSION_FILE"] = str(formats.write_version_file(work, version()))
    call(
        *(python, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"),
        *("--distpath", work / "dist", "--workpath", work / "pyinstaller"),
        PACKAGING / "capsearch.spec",
        variables=variables,
    )
    if sys.platform.startswith("linux"):
        strip_libraries(bundle_folder(work))
    call(python, PACKAGING / "notices.py", bundle_folder(work), variables=variables)


def call(*command: object, variables: Mapping[str, str] | None = None) -> None:
    """Run a program, which prints for itself.

    Raises:
        SystemExit: it failed.
    """
    done = subprocess.run([str(part) for part in command], check=False, env=variables)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {done.returncode}.")


def make_environment(work: Path, videos: Mapping[str, str]) -> None:
    """A fresh environment with what `pyproject.toml` asks for, but for what is not bundled; without
    PyAV where `videos`, the variables that it is compiled with, are empty."""
    shutil.rmtree(work / "environment", ignore_errors=True)
    venv.create(work / "environment", with_pip=True, symlinks=os.name != "nt")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["index"]
    requirements = work / "requirements.txt"
    left_out = NOT_BUNDLED if videos else (*NOT_BUNDLED, "av")
    kept = [line for line in wanted if re.split(r"[\s<>=;\[]", line)[0] not in left_out]
    requirements.write_text("\n".join(kept) + "\n", encoding="utf-8")
    pip = [environment_python(work), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    call(
        *(*pip, "install", "--constraint", ROOT / ".ci" / "constraints.txt"),
        *("--requirement", requirements, "--requirement", PACKAGING / "requirements.txt"),
        *("--no-binary", "hnswlib,av", "--no-cache-dir"),
        # Otherwise hnswlib is compiled for this machine's own processor and dies on an older one,
        # and carries a mark of the folder it was compiled in.
        variables={**os.environ, **videos, "HNSWLIB_NO_NATIVE": "1", **linker_options()},
    )
    call(*pip, "uninstall", "--yes", "hf-xet")


def linker_options() -> dict[str, str]:
    """Have libraries that are compiled here say nothing of the folder they were compiled in."""
    return {"LDFLAGS": "-Wl,--build-id=none"} if sys.platform.startswith("linux") else {}


def strip_libraries(bundle: Path) -> None:
    """Leave out the debuggers' tables, which some wheels and Pythons carry: a tenth of the size."""
    for library in sorted([*bundle.rglob("*.so"), *bundle.rglob("*.so.*")]):
        if library.is_symlink():
            continue
        small = library.with_name(library.name + ".stripped")
        call("strip", "--strip-unneeded", "-o", small, library)
        if can_be_loaded(small):
            small.chmod(library.stat().st_mode)
            small.replace(library)
        else:
            small.unlink()


def can_be_loaded(library: Path) -> bool:
    """Whether its parts lie where the system can map them. Libraries that were patched to be found
    inside a wheel may lose that when they are stripped."""
    command = ["readelf", "--program-headers", "--wide", str(library)]
    table = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    parts = [line.split() for line in table.splitlines() if line.lstrip().startswith("LOAD")]
    return all((int(part[2], 16) - int(part[1], 16)) % int(part[-1], 16) == 0 for part in parts)


if __name__ == "__main__":
    sys.exit(main())
