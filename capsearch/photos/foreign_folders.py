"""The folders that other programs keep among a person's photos: waste bins, snapshots, previews,
and the insides of library packages, of which only the originals are a person's own.

Names that begin with a dot need no row: a walk enters no hidden folder. That holds `.Trash-1000`,
`.Trashes`, `.recycle`, `.snapshot`, `.snapshots`, `.zfs`, `.@__thumb`, `.thumbnails`, `.dtrash`,
`.photoprism`, `.stversions`, `.git` and `.picasaoriginals`, beside which the photo lies as it was
edited.

A folder that is given by name (`capsearch folders add`) is looked into, whatever its name.
"""

import fnmatch
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from capsearch.paths import joined
from capsearch.text import folded

Family = Literal["waste bin", "snapshot", "preview", "package", "program", "system"]


@dataclass(frozen=True)
class ForeignFolder:
    """A kind of folder, known by its name: `pattern` is a shell glob of it, with as many of the
    folders above as are needed, compared as `text.folded` gives names.

    A plain name that a person might give too counts only where the `mark` is there: the path of a
    file, from the folder. Of a `package` only the folders `kept` are looked into (globs of what
    lies in it), and the files beside them are its program's. `source` tells who says so.
    """

    pattern: str
    family: Family
    program: str
    source: str
    mark: str = ""
    kept: tuple[str, ...] = ()


_SYNOLOGY = "https://github.com/homeisfar/LinuxDir2HTML/issues/20"
_QNAP = "https://github.com/nova-video-player/aos-AVP/issues/1308"
_BINS_OF_WINDOWS = "https://4n6xplorer.com/forensics/once-upon-a-time-in-recycle-bin/"
_AFP = "https://github.com/github/gitignore/blob/main/Global/macOS.gitignore"
_TRASH = "https://github.com/nextcloud/server/tree/master/apps/files_trashbin"
_VERSIONS = "https://github.com/nextcloud/server/tree/master/apps/files_versions"
_GROUPS = "https://github.com/nextcloud/groupfolders"
_LIGHTROOM = "https://helpx.adobe.com/lightroom-classic/help/lightroom-catalog-faq.html"
_CAPTURE_ONE = "https://support.captureone.com/hc/en-us/articles/30111725200413"
_PHOTOPRISM = "https://github.com/photoprism/photoprism/issues/985"
_IMMICH = "https://immich.app/docs/administration/system-integrity"
_IPHOTO = "https://flylib.com/books/en/2.358.1.27/1/"
_PHOTOS = "https://github.com/muxcmux/apple-photos-forensics"
_APERTURE = "https://www.peachpit.com/articles/article.aspx?p=606592&seqNum=4"
_FINAL_CUT = (
    "https://larryjordan.com/articles/how-to-move-files-into-or-out-of-a-final-cut-pro-library"
)
_SYNCTHING = "https://github.com/syncthing/syncthing/blob/main/lib/ignore/nukes_windows.go"
# Aperture 3 keeps all originals together; 1 and 2 by project, in folders that people name.
_APERTURES = ("Masters", "*.approject", "*/*.approject", "*/*/*.approject")
_ALBUM_DATA = "AlbumData.xml"  # which iPhoto writes at the top of each library, whatever its name

FOREIGN_FOLDERS = (
    ForeignFolder("#recycle", "waste bin", "Synology", "https://github.com/photoprism/photoprism/issues/4921"),
    ForeignFolder("@Recycle", "waste bin", "QNAP", _QNAP),
    ForeignFolder("$RECYCLE.BIN", "waste bin", "Windows", _SYNCTHING),
    ForeignFolder("RECYCLER", "waste bin", "Windows 2000, XP on NTFS", _BINS_OF_WINDOWS),
    ForeignFolder("Recycled", "waste bin", "Windows 95, 98", _BINS_OF_WINDOWS, mark="INFO2"),
    ForeignFolder("Network Trash Folder", "waste bin", "Apple file sharing, netatalk", _AFP),
    ForeignFolder("Temporary Items", "waste bin", "Apple file sharing, netatalk", _AFP),
    ForeignFolder("files_trashbin", "waste bin", "Nextcloud, ownCloud", _TRASH),
    ForeignFolder("__groupfolders/trash", "waste bin", "Nextcloud", _GROUPS),
    ForeignFolder("#snapshot", "snapshot", "Synology", _SYNOLOGY),
    ForeignFolder("@Recently-Snapshot", "snapshot", "QNAP", _QNAP),
    ForeignFolder(
        "~snapshot", "snapshot", "NetApp, Hitachi",
        "https://github.com/owncloud/core/issues/15385",
    ),
    ForeignFolder(
        "@GMT-????.??.??-??.??.??", "snapshot", "Samba's and Windows' shadow copies",
        "https://www.samba.org/samba/docs/current/man-html/vfs_shadow_copy2.8.html",
    ),
    ForeignFolder(
        "Backups.backupdb", "snapshot", "Time Machine",
        "https://en.wikipedia.org/wiki/Time_Machine_(macOS)",
    ),
    ForeignFolder(
        "timeshift/snapshots", "snapshot", "Timeshift", "https://github.com/linuxmint/timeshift"
    ),
    ForeignFolder("files_versions", "snapshot", "Nextcloud, ownCloud", _VERSIONS),
    ForeignFolder("__groupfolders/versions", "snapshot", "Nextcloud", _GROUPS),
    ForeignFolder("@eaDir", "preview", "Synology", _SYNOLOGY),
    ForeignFolder("@__thumb", "preview", "QNAP", "https://github.com/nc-music/oc-music/issues/976"),
    ForeignFolder("*.lrdata", "preview", "Lightroom Classic's previews", _LIGHTROOM),
    ForeignFolder("lrdata", "preview", "Lightroom Classic's previews", _LIGHTROOM),
    ForeignFolder("*.lrcat-data", "preview", "Lightroom Classic's masks", _LIGHTROOM),
    ForeignFolder("CaptureOne/Cache", "preview", "Capture One's sessions", _CAPTURE_ONE),
    ForeignFolder("*.cocatalogdb", "preview", "Capture One", _CAPTURE_ONE),
    ForeignFolder(
        "mipmaps-*.d", "preview", "darktable",
        "https://github.com/darktable-org/darktable/issues/10099",
    ),
    ForeignFolder("thumbs", "preview", "Immich", _IMMICH, mark=".immich"),
    ForeignFolder("encoded-video", "preview", "Immich", _IMMICH, mark=".immich"),
    ForeignFolder("profile", "preview", "Immich's users", _IMMICH, mark=".immich"),
    ForeignFolder("storage/cache", "preview", "PhotoPrism", _PHOTOPRISM, mark="../.ppstorage"),
    ForeignFolder("storage/sidecar", "preview", "PhotoPrism", _PHOTOPRISM, mark="../.ppstorage"),
    ForeignFolder(
        "appdata_*/preview", "preview", "Nextcloud",
        "https://help.nextcloud.com/t/question-to-preview-folder-structure/139573",
    ),
    ForeignFolder(
        "M4ROOT/THMBNL", "preview", "Sony cameras' films",
        "https://github.com/YosoraLife/Videoclip-import",
    ),
    ForeignFolder("Data.noindex", "preview", "iPhoto", _IPHOTO, mark=f"../{_ALBUM_DATA}"),
    ForeignFolder("Data", "preview", "iPhoto 6", _IPHOTO, mark=f"../{_ALBUM_DATA}"),
    ForeignFolder("Modified", "preview", "iPhoto's edits", _IPHOTO, mark=f"../{_ALBUM_DATA}"),
    ForeignFolder("Previews", "preview", "iPhoto", _IPHOTO, mark=f"../{_ALBUM_DATA}"),
    ForeignFolder("Thumbnails", "preview", "iPhoto", _IPHOTO, mark=f"../{_ALBUM_DATA}"),
    ForeignFolder("iPod Photo Cache", "preview", "iPhoto", _IPHOTO, mark=f"../{_ALBUM_DATA}"),
    ForeignFolder(
        "Thumbs", "preview", "iPhoto 2 to 5", "http://macmaineiac.com/columns/05c/012805c.html",
        mark=f"../../../../{_ALBUM_DATA}",
    ),
    ForeignFolder(
        "*.photoslibrary", "package", "Apple Photos", _PHOTOS, kept=("originals", "Masters")
    ),
    ForeignFolder(
        "*.photolibrary", "package", "iPhoto", _IPHOTO, kept=("Masters", "Originals")
    ),
    ForeignFolder(
        "*.migratedphotolibrary", "package", "iPhoto", _IPHOTO, kept=("Masters", "Originals")
    ),
    ForeignFolder("*.aplibrary", "package", "Aperture", _APERTURE, kept=_APERTURES),
    ForeignFolder("*.migratedaplibrary", "package", "Aperture", _APERTURE, kept=_APERTURES),
    ForeignFolder(
        "*.lrlibrary", "package", "Lightroom", "https://fileinfo.com/extension/lrlibrary",
        kept=("originals", "*/originals"),
    ),
    ForeignFolder("*.cocatalog", "package", "Capture One", _CAPTURE_ONE, kept=("Originals",)),
    ForeignFolder(
        "*.fcpbundle", "package", "Final Cut Pro", _FINAL_CUT, kept=("*/Original Media",)
    ),
    ForeignFolder(
        "*.imovielibrary", "package", "iMovie", _FINAL_CUT, kept=("*/Original Media",)
    ),
    ForeignFolder(
        "node_modules", "program", "npm",
        "https://docs.npmjs.com/cli/configuring-npm/folders",
    ),
    ForeignFolder(
        "*.app/Contents", "program", "macOS' programs",
        "https://developer.apple.com/library/archive/documentation/CoreFoundation/Conceptual/"
        "CFBundles/BundleTypes/BundleTypes.html",
    ),
    ForeignFolder(
        "Android/data/*/cache", "program", "Android's programs",
        "https://developer.android.com/reference/android/content/Context#getExternalCacheDir()",
    ),
    ForeignFolder("System Volume Information", "system", "Windows", _SYNCTHING),
    ForeignFolder("lost+found", "system", "Linux", _SYNCTHING),
    ForeignFolder(
        "__MACOSX", "system", "macOS' archives", "https://en.wikipedia.org/wiki/AppleSingle"
    ),
    ForeignFolder(
        "*.download", "system", "Safari, until a download is complete",
        "https://fileinfo.com/extension/download",
    ),
)  # fmt: skip


def is_foreign(path: str, root: str) -> bool:
    """Whether the folder at `path`, which lies below `root`, holds nothing of a person's, by its
    name and place. What lies above `root` says nothing of it."""
    names = _last_names(path, root)
    if _NAMED(names):
        return True
    if _on_the_way(names[:-1]) and not _ALLOWED(names):
        return True
    return _MARKED(names) and any(os.path.lexists(joined(path, mark)) for mark in _marks(names))


def holds_only_folders(path: str, root: str) -> bool:
    """Whether the files directly in this folder, `root` or one below it, are a program's: in a
    package, above what is kept."""
    return _on_the_way(_last_names(path, root))


class _Tails:
    """Whether the last names of a path match one of some globs, each of one or more names."""

    def __init__(self, patterns: Iterable[str]) -> None:
        by_depth: defaultdict[int, list[str]] = defaultdict(list)
        for pattern in patterns:
            by_depth[pattern.count("/") + 1].append(fnmatch.translate(folded(pattern)))
        # A star stands for no `/`: there are as many in the pattern as in the names.
        self._by_depth = {
            depth: re.compile("|".join(sources)) for depth, sources in by_depth.items()
        }

    def __call__(self, names: Sequence[str]) -> bool:
        return any(
            len(names) >= depth and expression.match("/".join(names[-depth:])) is not None
            for depth, expression in self._by_depth.items()
        )


def _beginnings(kept: str) -> list[str]:
    """`a/b/c` gives `a`, `a/b`, `a/b/c`."""
    names = kept.split("/")
    return ["/".join(names[: count + 1]) for count in range(len(names))]


_PLAIN = [row for row in FOREIGN_FOLDERS if row.family != "package"]
_PACKAGES = [row for row in FOREIGN_FOLDERS if row.family == "package"]
_KEPT = [f"{row.pattern}/{kept}" for row in _PACKAGES for kept in row.kept]

_NAMED = _Tails(row.pattern for row in _PLAIN if not row.mark)
_MARKED = _Tails(row.pattern for row in _PLAIN if row.mark)
_MARKS = [(_Tails([row.pattern]), row.mark) for row in _PLAIN if row.mark]
_INSIDE = _Tails(_KEPT)
_ALLOWED = _Tails(each for kept in _KEPT for each in _beginnings(kept)[1:])
_ABOVE_KEPT = _Tails(each for kept in _KEPT for each in _beginnings(kept)[:-1])
# One more than the longest pattern has: what lies directly in it is judged too.
_MOST_NAMES = 2 + max(each.count("/") for each in (*_KEPT, *(row.pattern for row in _PLAIN)))


def _on_the_way(names: Sequence[str]) -> bool:
    """Whether this is a package, or a folder in it above what is kept."""
    inside = (_INSIDE(names[:count]) for count in range(1, len(names) + 1))
    return _ABOVE_KEPT(names) and not any(inside)


def _marks(names: Sequence[str]) -> list[str]:
    return [mark for matches, mark in _MARKS if matches(names)]


def _last_names(path: str, root: str) -> list[str]:
    """The last names of `path`, folded, from the name of `root` on."""
    top = root.rstrip(os.sep)
    names = path[len(top) - len(os.path.split(top)[1]) :].split(os.sep)  # noqa: PTH206 - any bytes
    return [folded(name) for name in names[-_MOST_NAMES:]]
