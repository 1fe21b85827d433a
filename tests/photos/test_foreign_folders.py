"""What other programs keep among a person's photos is left out, and nothing else is."""

import os
import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from capsearch.photos.foreign_folders import FOREIGN_FOLDERS
from capsearch.photos.walk import FoundFile, holds_nothing, walk

# For each row, by its pattern: a picture that is left out, and what has to lie beside it.
LEFT_OUT = {
    "#recycle": ["#recycle/2019/a.jpg"],
    "@Recycle": ["@Recycle/a.jpg"],
    "$RECYCLE.BIN": ["$Recycle.Bin/S-1-5-21/$R1.jpg"],
    "RECYCLER": ["RECYCLER/S-1-5-21/Dc1.jpg"],
    "Recycled": ["RECYCLED/Dc1.jpg", "RECYCLED/INFO2"],
    "Network Trash Folder": ["Network Trash Folder/a.jpg"],
    "Temporary Items": ["Temporary Items/a.jpg"],
    "files_trashbin": ["anna/files_trashbin/files/trip.d1600000000/a.jpg"],
    "__groupfolders/trash": ["__groupfolders/trash/1/trip.d1600000000/a.jpg"],
    "#snapshot": ["#snapshot/GMT-2024.01.01-00.00.00/a.jpg"],
    "@Recently-Snapshot": ["@Recently-Snapshot/GMT+01_2026/a.jpg"],
    "~snapshot": ["~snapshot/daily.0/a.jpg"],
    "@GMT-????.??.??-??.??.??": ["@GMT-2024.01.31-23.59.59/a.jpg"],
    "Backups.backupdb": ["Backups.backupdb/Anna/2019-01-01-000000/a.jpg"],
    "timeshift/snapshots": ["timeshift/snapshots/2024-01-01_00-00-01/localhost/a.jpg"],
    "files_versions": ["anna/files_versions/a.jpg"],
    "__groupfolders/versions": ["__groupfolders/versions/1/a.jpg"],
    "@eaDir": ["2019/@eaDir/IMG_1.jpg/SYNOPHOTO_THUMB_XL.jpg"],
    "@__thumb": ["2019/@__thumb/a.jpg"],
    "*.lrdata": ["Catalog Smart Previews.lrdata/a.dng"],
    "lrdata": ["lrdata/a.jpg"],
    "*.lrcat-data": ["Catalog-v13.lrcat-data/a.png"],
    "CaptureOne/Cache": ["Capture/CaptureOne/Cache/Thumbnails/a.jpg"],
    "*.cocatalogdb": ["Anna.cocatalogdb/a.jpg"],
    "mipmaps-*.d": ["mipmaps-3811b20baa43.d/4/17.jpg"],
    "thumbs": ["immich/thumbs/u/ab/cd/a.webp", "immich/thumbs/.immich"],
    "encoded-video": ["immich/encoded-video/a.jpg", "immich/encoded-video/.immich"],
    "profile": ["immich/profile/u/a.jpg", "immich/profile/.immich"],
    "storage/cache": ["storage/cache/thumbnails/1/a.jpg", "storage/.ppstorage"],
    "storage/sidecar": ["storage/sidecar/2019/a.jpg", "storage/.ppstorage"],
    "appdata_*/preview": ["appdata_oc1x2y3z/preview/f/6/3/17/256-256-crop.jpg"],
    "M4ROOT/THMBNL": ["PRIVATE/M4ROOT/THMBNL/C0001T01.JPG"],
    "Data.noindex": ["Fotos/Data.noindex/2008/a.jpg", "Fotos/AlbumData.xml"],
    "Data": ["iPhoto Library/Data/2005/Roll 1/a.jpg", "iPhoto Library/AlbumData.xml"],
    "Modified": ["iPhoto Library/Modified/2005/a.jpg", "iPhoto Library/AlbumData.xml"],
    "Previews": ["iPhoto Library/Previews/2011/a.jpg", "iPhoto Library/AlbumData.xml"],
    "Thumbnails": ["iPhoto Library/Thumbnails/2011/a.jpg", "iPhoto Library/AlbumData.xml"],
    "iPod Photo Cache": ["iPhoto Library/iPod Photo Cache/a.jpg", "iPhoto Library/AlbumData.xml"],
    "Thumbs": ["iPhoto Library/2004/12/25/Thumbs/1.jpg", "iPhoto Library/AlbumData.xml"],
    "*.photoslibrary": ["Photos Library.photoslibrary/resources/derivatives/1/a_1_105_c.jpeg"],
    "*.photolibrary": ["iPhoto Library.photolibrary/Previews/2012/a.jpg"],
    "*.migratedphotolibrary": ["iPhoto Library.migratedphotolibrary/Thumbnails/a.jpg"],
    "*.aplibrary": ["Aperture Library.aplibrary/Previews/2012/a.jpg"],
    "*.migratedaplibrary": ["Aperture Library.migratedaplibrary/Thumbnails/a.jpg"],
    "*.lrlibrary": ["Lightroom Library.lrlibrary/0a1b2c/previews/a.jpg"],
    "*.cocatalog": ["Anna.cocatalog/Cache/Thumbnails/a.jpg"],
    "*.fcpbundle": ["Trip.fcpbundle/2019-07-01/Render Files/a.jpg"],
    "*.imovielibrary": ["iMovie Library.imovielibrary/Trip/Analysis Files/a.jpg"],
    "node_modules": ["site/node_modules/lightbox/images/a.png"],
    "*.app/Contents": ["Viewer.app/Contents/Resources/a.png"],
    "Android/data/*/cache": ["Android/data/org.example/cache/a.jpg"],
    "System Volume Information": ["System Volume Information/a.jpg"],
    "lost+found": ["lost+found/a.jpg"],
    "__MACOSX": ["trip/__MACOSX/a.jpg"],
    "*.download": ["a.jpg.download/a.jpg"],
}

# A walk enters no hidden folder, so that none of these needs a row.
HIDDEN = [
    ".Trash/a.jpg", ".Trash-1000/files/a.jpg", ".Trashes/501/a.jpg", ".recycle/anna/a.jpg",
    ".dtrash/files/a.jpg", ".snapshot/daily.0/a.jpg", ".snapshots/1/snapshot/a.jpg",
    ".zfs/snapshot/a/a.jpg", ".timeshift/a.jpg", ".@__thumb/a.jpg", ".thumbnails/a.jpg",
    ".photoprism/a.jpg", ".picasaoriginals/a.jpg", ".stversions/a.jpg", ".git/a.png",
    ".cache/darktable/a.jpg", ".dropbox.cache/a.jpg",
]  # fmt: skip

# What is a person's own in a package, or in what looks like a program's folder.
KEPT = [
    "Photos Library.photoslibrary/originals/0/0A1B.heic",
    "Mediathek.photoslibrary/Masters/2016/a.jpg",
    "iPhoto Library.photolibrary/Masters/2012/a.jpg",
    "iPhoto Library.migratedphotolibrary/Originals/2008/a.jpg",
    "Aperture Library.aplibrary/Masters/2012/a.jpg",
    "Aperture Library.aplibrary/Trip.approject/import.apimportgroup/a/a.jpg",
    "Aperture Library.aplibrary/Work/2006/Trip.approject/import.apimportgroup/a/a.jpg",
    "Lightroom Library.lrlibrary/0a1b2c/originals/2019/a.jpg",
    "Lightroom Library.lrlibrary/originals/previews/a.jpg",
    "Anna.cocatalog/Originals/2019/a.jpg",
    "Trip.fcpbundle/2019-07-01/Original Media/a.jpg",
    "iMovie Library.imovielibrary/Trip/Original Media/Render Files/a.jpg",
    "immich/library/anna/2019/a.jpg",
    "immich/upload/anna/2019/a.jpg",
    "anna/files/Photos/a.jpg",
    "__groupfolders/1/a.jpg",
    "iPhoto Library/Originals/2005/a.jpg",
    "iPhoto Library/2004/12/25/a.jpg",
    "Capture/CaptureOne/a.jpg",
    "Android/media/com.whatsapp/WhatsApp/Media/a.jpg",
    "PRIVATE/M4ROOT/CLIP/a.jpg",
    "Photo Booth Library/Pictures/a.jpg",
]

# Names that people give their own folders, near to those of programs.
NEAR_MISSES = [
    "Snapshot", "Snapshots", "snapshot", "Preview", "Previews", "thumbs", "Thumbs", "Thumbnails",
    "originals", "Originals", "Masters", "Cache", "cache", "storage", "sidecar", "profile", "Data",
    "Modified", "Recycled", "recycle", "Recycling", "Trash", "trash", "Papierkorb", "Backups",
    "encoded-video", "resources", "database", "private", "scopes", "Applications", "contents",
    "app", "photoslibrary", "My photolibrary", "lrlibrary", "downloads", "download", "versions",
    "timeshift", "snapshots", "GMT-2024", "@Anna", "#1", "$", "~anna", "Temporary", "node modules",
    "mipmaps", "appdata_x", "preview", "THMBNL", "Contents", "Original Media", "Android", "iPhoto",
    "iPhoto Library", "lost", "found", "Recycler Museum", "Network Trash", "Fotos.app",
]  # fmt: skip


def put(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def photos(root: Path) -> list[str]:
    found = list(walk(root))
    assert all(isinstance(item, FoundFile) for item in found)
    paths = (Path(item.path).relative_to(root).as_posix() for item in found)
    return [path for path in paths if not path.endswith(("AlbumData.xml", "INFO2"))]


def test_every_row_of_the_table_has_its_case_here_and_a_source() -> None:
    assert [row.pattern for row in FOREIGN_FOLDERS] == list(LEFT_OUT)
    assert all(row.source.startswith(("https://", "http://")) for row in FOREIGN_FOLDERS)
    assert all(bool(row.kept) == (row.family == "package") for row in FOREIGN_FOLDERS)


@pytest.mark.parametrize("pattern", LEFT_OUT)
def test_what_other_programs_keep_is_left_out(tmp_path: Path, pattern: str) -> None:
    put(tmp_path, *LEFT_OUT[pattern], "kept/a.jpg")
    assert photos(tmp_path) == ["kept/a.jpg"]


@pytest.mark.parametrize("pattern", LEFT_OUT)
def test_it_is_left_out_at_any_depth_and_in_any_case(tmp_path: Path, pattern: str) -> None:
    marked = len(LEFT_OUT[pattern]) > 1  # a mark is a file, and has its name as it is
    for path in LEFT_OUT[pattern]:
        put(tmp_path, f"My photos/2019/{path if marked else path.upper()}")
    put(tmp_path, "My photos/a.jpg")
    assert photos(tmp_path) == ["My photos/a.jpg"]


@pytest.mark.parametrize("path", HIDDEN)
def test_hidden_folders_of_programs_are_left_out(tmp_path: Path, path: str) -> None:
    put(tmp_path, path, f"2019/{path}", "kept/a.jpg")
    assert photos(tmp_path) == ["kept/a.jpg"]


@pytest.mark.parametrize("path", KEPT)
def test_of_a_package_the_originals_are_a_persons_own(tmp_path: Path, path: str) -> None:
    marks = ("iPhoto Library/AlbumData.xml", "immich/library/.immich", "immich/upload/.immich")
    put(tmp_path, path, *marks)
    assert photos(tmp_path) == [path]


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_a_persons_own_folder_of_a_name_near_to_it_is_looked_into(
    tmp_path: Path, name: str
) -> None:
    put(tmp_path, f"{name}/a.jpg", f"2019/{name}/b.jpg")
    assert photos(tmp_path) == sorted([f"{name}/a.jpg", f"2019/{name}/b.jpg"])
    assert not holds_nothing(os.fspath(tmp_path))


def test_a_mark_in_one_folder_says_nothing_of_another(tmp_path: Path) -> None:
    put(tmp_path, "a/thumbs/.immich", "a/thumbs/x.jpg", "b/thumbs/y.jpg", "storage/cache/z.jpg")
    assert photos(tmp_path) == ["b/thumbs/y.jpg", "storage/cache/z.jpg"]


def test_files_beside_the_originals_in_a_package_are_its_programs(tmp_path: Path) -> None:
    put(tmp_path, "A.photoslibrary/cover.jpg", "A.photoslibrary/originals/1.jpg")
    put(tmp_path, "B.fcpbundle/Trip/poster.jpg", "B.fcpbundle/Trip/Original Media/2.jpg")
    assert photos(tmp_path) == [
        "A.photoslibrary/originals/1.jpg",
        "B.fcpbundle/Trip/Original Media/2.jpg",
    ]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_are_compared_in_any_unicode_form(
    tmp_path: Path, form: Literal["NFC", "NFD"]
) -> None:
    package = unicodedata.normalize(form, "Phototh\u00e8que d\u2019Ana\u00efs.photoslibrary")
    put(tmp_path, f"{package}/resources/a.jpg", f"{package}/ORIGINALS/b.jpg")
    assert photos(tmp_path) == [f"{package}/ORIGINALS/b.jpg"]


@pytest.mark.parametrize("pattern", LEFT_OUT)
def test_such_a_folder_that_is_given_by_name_is_looked_into(tmp_path: Path, pattern: str) -> None:
    """All but what of other programs' lies in it in turn."""
    put(tmp_path, *LEFT_OUT[pattern])
    folder = (tmp_path / LEFT_OUT[pattern][0]).parent
    put(folder, "deeper/b.jpg", "@eaDir/c.jpg")
    assert "deeper/b.jpg" in photos(folder)
    assert "@eaDir/c.jpg" not in photos(folder)


def test_a_package_that_is_given_by_name_shows_its_originals_only(tmp_path: Path) -> None:
    root = tmp_path / "Photos Library.photoslibrary"
    put(root, "originals/1.jpg", "resources/derivatives/2.jpg")
    assert photos(root) == ["originals/1.jpg"]
    assert photos(root / "resources") == ["derivatives/2.jpg"]


def test_a_look_that_begins_inside_such_a_folder_finds_nothing(tmp_path: Path) -> None:
    put(tmp_path, "#recycle/2019/a.jpg", "A.photoslibrary/resources/b.jpg", "c/d.jpg")

    def below(start: str) -> list[str]:
        return [item.path for item in walk(tmp_path, start=os.fspath(tmp_path / start))]

    assert below("#recycle/2019") == below("A.photoslibrary/resources") == []
    assert len(below("c")) == 1


def test_the_reported_folders_are_left_out(shared_data: Path) -> None:
    root = shared_data / "reports" / "folders"
    if not root.is_dir():
        pytest.skip("the folders behind the reports are not here")
    assert photos(root) == []
    assert photos(root / "RECYCLER") == ["IMG_x.jpg"]
