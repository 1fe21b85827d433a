"""A library with videos, opened where PyAV cannot be loaded: they stay, and new ones are passed
over in one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from make_video import make_video
from runs import failed, files, index
from tiny_encoder import TinyEncoder

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import Condition, Filters

TAGS = {"creation_time": "2019-03-01T12:00:00Z", "location": "+48.1374+011.5755/"}
VIDEOS = Filters(conditions=(Condition("kind", ("video",)),))
SENTENCE = "New videos are passed over: this installation of CapSearch cannot read videos."
INDEX = """
import sys
from pathlib import Path
from capsearch.catalog.catalog import Catalog
from runs import index
if __name__ == "__main__":
    with Catalog.open(Path(sys.argv[1])) as catalog:
        report = index(catalog, Path(sys.argv[2]))
    print(report.photos, report.encoded, report.gone, len(report.failed), report.notice)
"""
PICTURE = """
import sys
from capsearch.library.pictures import make_thumbnail
print(make_thumbnail(sys.argv[1:]))
"""


@pytest.fixture(params=["missing", "broken"])
def without(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder of modules, the first that Python looks in, in which PyAV is missing or broken."""
    modules = tmp_path / "modules"
    modules.mkdir()
    if request.param == "missing":
        (modules / "sitecustomize.py").write_text("import sys\nsys.modules['av'] = None\n")
    else:
        (modules / "av.py").write_text("raise OSError('libavcodec.so.61: cannot open')\n")
    return modules


def run(modules: Path, code: str, *arguments: object) -> str:
    script = modules / "script.py"
    script.write_text(code)
    here = Path(__file__).parent
    paths = [modules, here, here.parent, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    ran = subprocess.run(
        [sys.executable, script, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, filter(None, paths)))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout.strip()


def test_its_videos_stay_in_it_and_new_ones_are_one_sentence(
    tmp_path: Path, folder: Path, without: Path
) -> None:
    library = tmp_path / "library.db"
    make_video(folder / "clip.mp4", tags=TAGS)
    make_video(folder / "0.mov", seed=1)  # of a Live Photo
    with Catalog.open(library) as catalog:
        assert index(catalog, folder).photos == 4
    assert run(without, INDEX, library, folder) == "4 0 0 0"
    make_video(folder / "new.mp4", frames=30, seed=2)
    os.utime(folder / "clip.mp4")
    for _ in range(2):
        assert run(without, INDEX, library, folder) == f"4 0 0 0 {SENTENCE}"
    with Catalog.open(library) as catalog:
        assert files(catalog, folder) == ["0.jpg", "0.mov", "1.jpg", "2.jpg", "clip.mp4"]
        assert files(catalog, folder, "missing") == []
        assert len(catalog.timeline(VIDEOS)[0]) == 2
        report = index(catalog, folder)
        assert (report.photos, report.encoded, report.failed) == (5, 1, ())


def test_one_that_was_moved_is_still_the_same(tmp_path: Path, folder: Path, without: Path) -> None:
    library = tmp_path / "library.db"
    make_video(folder / "clip.mp4", tags=TAGS)
    with Catalog.open(library) as catalog:
        index(catalog, folder)
    (folder / "clip.mp4").rename(folder / "holiday.mp4")
    for _ in range(2):
        assert run(without, INDEX, library, folder) == "4 0 0 0"
    with Catalog.open(library) as catalog:
        assert "holiday.mp4" in files(catalog, folder)
        assert index(catalog, folder).encoded == 0
        ids = catalog.ids_under([os.fspath(folder)], TinyEncoder().identity)
        [video] = [f for f in catalog.facts(ids.tolist()).values() if f.seconds is not None]
        assert video.latitude == pytest.approx(48.1374)


def test_a_live_photo_that_is_damaged_is_a_line_and_its_video_none(
    tmp_path: Path, folder: Path, without: Path
) -> None:
    (folder / "live.jpg").write_bytes(b"\xff\xd8\xff no photo")
    make_video(folder / "live.mov")
    library = tmp_path / "library.db"
    assert run(without, INDEX, library, folder).startswith("3 3 0 1")
    with Catalog.open(library) as catalog:
        report = index(catalog, folder)
        assert (report.photos, failed(report)) == (4, ["live.jpg"])


def test_no_new_picture_is_made_of_one(tmp_path: Path, without: Path) -> None:
    path = make_video(tmp_path / "clip.mp4")
    said = "NoPicture(reason='this installation of CapSearch cannot read videos')"
    assert run(without, PICTURE, path) == said
