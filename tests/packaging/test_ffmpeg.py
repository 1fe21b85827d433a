"""The FFmpeg of the bundle reads what CapSearch opens, fits PyAV and is the expected one."""

import re
import tarfile
from pathlib import Path

import av
import av._core
import ffmpeg
import notices
import pytest

from capsearch.photos import video

ROOT = Path(__file__).parents[2]


def test_it_opens_the_containers_that_capsearch_opens():
    names = {"mpegps": "mpeg"}  # configure's name and the one that files are opened by
    built = {names.get(name, name) for name in ffmpeg.DEMUXERS.split(",")}
    of_matroska = {"webm"}
    assert built | of_matroska == set(video._CONTAINERS.split(","))


def test_it_is_of_the_series_that_pyav_is_written_for():
    """FFmpeg 8 has libavcodec 62, and each series one more."""
    series = int(ffmpeg.VERSION.partition(".")[0])
    assert av.library_versions["libavcodec"][0] == series + 54


def test_pyav_of_the_bundle_is_the_one_of_the_constraints():
    constraints = (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8")
    assert re.search(rf"^av=={re.escape(av.__version__)}$", constraints, re.MULTILINE)


def test_other_sources_are_refused(tmp_path):
    archive = tmp_path / "ffmpeg.tar.xz"
    with tarfile.open(archive, "w:xz"):
        pass
    with pytest.raises(SystemExit, match="is not FFmpeg"):
        ffmpeg.unpack(archive, tmp_path / "source")


def test_an_earlier_build_is_taken(tmp_path):
    built = tmp_path / f"ffmpeg-{ffmpeg.VERSION}"
    built.mkdir()
    assert ffmpeg.build(tmp_path, tmp_path / "none") == built


def test_an_ffmpeg_with_parts_under_the_gpl_ends_the_build(monkeypatch):
    monkeypatch.setattr(
        av._core, "library_meta", {"libavcodec": {"license": "GPL version 3 or later"}}
    )
    with pytest.raises(SystemExit, match="would bind"):
        notices.refuse_binding_ffmpeg()


def test_an_ffmpeg_without_them_passes(monkeypatch):
    told = {"libavcodec": {"license": "LGPL version 2.1 or later"}}
    monkeypatch.setattr(av._core, "library_meta", told)
    notices.refuse_binding_ffmpeg()
