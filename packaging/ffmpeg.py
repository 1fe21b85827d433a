"""FFmpeg for the bundle: what decodes videos and nothing else, under the LGPL.

PyAV's wheels bring an FFmpeg with the encoders x264 and x265, whose GPL would bind CapSearch as a
whole (https://github.com/PyAV-Org/PyAV/issues/2270). CapSearch writes no videos: the bundle's PyAV
is compiled against this FFmpeg, which is also a tenth of that one's size.
"""

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from known_file import known_file, sha256_of

VERSION = "8.1.2"
"""The last of the series that PyAV's version in `.ci/constraints.txt` is written for."""
ADDRESS = f"https://ffmpeg.org/releases/ffmpeg-{VERSION}.tar.xz"
SHA256 = "464beb5e7bf0c311e68b45ae2f04e9cc2af88851abb4082231742a74d97b524c"
DEMUXERS = "mov,matroska,avi,mpegts,mpegps,mpegvideo,asf,flv,ogg,dv,m4v"
"""The containers that capsearch/photos/video.py opens, by configure's names."""
# What phones, cameras, camcorders and their programs have written into those. Sound is decoded
# nowhere; some containers' streams are known only once their sound was.
DECODERS = (
    "av1,libdav1d,h264,hevc,vvc,vp8,vp9,mpeg1video,mpeg2video,mpeg4,msmpeg4v1,msmpeg4v2,msmpeg4v3,"
    "h263,h263i,h263p,flv,vp6,vp6f,wmv1,wmv2,wmv3,vc1,mjpeg,mjpegb,amv,dvvideo,theora,svq1,svq3,"
    "cinepak,indeo2,indeo3,indeo4,indeo5,rpza,smc,qtrle,msvideo1,rawvideo,huffyuv,ffv1,prores,"
    "prores_raw,dnxhd,cfhd,jpeg2000,png,"
    "aac,mp1,mp2,mp3,ac3,eac3,pcm_s16le,pcm_s16be,pcm_u8,wmav1,wmav2,opus,vorbis,flac"
)
_OPTIONS = (
    "--disable-everything", "--disable-autodetect", "--disable-programs", "--disable-doc",
    "--disable-network", "--disable-debug", "--enable-shared", "--disable-static",
    f"--enable-demuxer={DEMUXERS}", f"--enable-decoder={DECODERS}", "--enable-parsers",
    "--enable-zlib", "--enable-libdav1d",
)  # fmt: skip
_PREFIX = "ffmpeg"


def is_built_here() -> bool:
    """Whether this system can build it: its scripts are those of a Unix."""
    return os.name != "nt"


def build(work: Path, archive: Path | None) -> Path:
    """Compile FFmpeg, or take what an earlier build left under `work`; the folder of it, with
    `include` and `lib`. Its sources are downloaded unless `archive` holds them.

    Raises:
        SystemExit: the sources are not the expected ones, or a step failed.
    """
    built = work / f"ffmpeg-{VERSION}"
    if not built.is_dir():
        kept = work / ADDRESS.rpartition("/")[2]
        archive = archive or known_file(ADDRESS, SHA256, kept, "name a copy with --ffmpeg FILE")
        source = unpack(archive, work / "ffmpeg-source")
        # Where it is installed must not be told by the libraries: the same sources give the same.
        # Apple's linker writes that into each library, and PyInstaller follows it.
        apple = [f"--install-name-dir={built / 'lib'}"] if sys.platform == "darwin" else []
        _call(source, "./configure", f"--prefix=/{_PREFIX}", *_OPTIONS, *apple)
        _call(source, "make", f"-j{os.cpu_count() or 1}")
        whole = source / "installed"
        _call(source, "make", f"DESTDIR={whole}", "install")
        for description in whole.rglob("*.pc"):
            text = description.read_text(encoding="utf-8")
            description.write_text(text.replace(f"=/{_PREFIX}", f"={built}"), encoding="utf-8")
        (whole / _PREFIX).rename(built)
        shutil.rmtree(source.parent)
    return built


def variables(built: Path) -> dict[str, str]:
    """What pip needs in its environment to compile PyAV against `built`, and what starts with it
    to find the libraries."""
    libraries = built / "lib"
    return {
        "PKG_CONFIG_PATH": str(libraries / "pkgconfig"),
        "LD_LIBRARY_PATH": str(libraries),
        "DYLD_LIBRARY_PATH": str(libraries),
    }


def unpack(archive: Path, folder: Path) -> Path:
    """The sources of `archive`, once they are known to be the expected ones.

    Raises:
        SystemExit: they are not.
    """
    found = sha256_of(archive)
    if found != SHA256:
        raise SystemExit(f"{archive} is not FFmpeg {VERSION}: its SHA-256 is {found}.")
    shutil.rmtree(folder, ignore_errors=True)
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / f"ffmpeg-{VERSION}"


def _call(folder: Path, *command: object) -> None:
    """Run a step in `folder`; what it prints is shown only where it fails."""
    words = [str(part) for part in command]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(words)} failed:\n{(done.stdout + done.stderr)[-4000:]}")
