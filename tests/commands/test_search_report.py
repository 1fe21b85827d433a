"""What `capsearch search` prints of an answer."""

import os
from pathlib import Path

import pytest
from make_photo import MakePhoto
from make_video import make_video
from tiny_library import open_tiny_library

from capsearch.commands.search import report_as_text, report_of
from capsearch.library.values import Question
from capsearch.settings import Settings


def test_the_border_is_the_windows_and_is_said(tmp_path: Path, make_photo: MakePhoto) -> None:
    for seed in range(40):
        make_photo(tmp_path / "photos" / f"{seed}.jpg", seed)
    with open_tiny_library(tmp_path / "library.db", Settings(), None) as library:
        library.index([os.fspath(tmp_path / "photos")])
        answer = library.answer(Question("a dog"))
        few = library.answer(Question("a dog", count=1))
    assert 0 < answer.relevant < 40
    told = report_as_text(report_of(answer)).splitlines()
    assert len(told) == 41
    assert told[-1].endswith(f"Those after the first {answer.relevant} are less similar.")
    assert report_of(answer).relevant == answer.relevant
    assert "less similar" not in report_as_text(report_of(few))


def test_videos_are_asked_for_by_their_kind_and_tell_their_length(
    tmp_path: Path, make_photo: MakePhoto
) -> None:
    make_photo(tmp_path / "photos" / "a.jpg", 1)
    make_video(tmp_path / "photos" / "clip.mp4", frames=70)
    with open_tiny_library(tmp_path / "library.db", Settings(), None) as library:
        library.index([os.fspath(tmp_path / "photos")])
        for asked in ("type:video", "videos", "type:mp4"):
            report = report_of(library.answer(Question(asked)))
            assert [Path(found.path).name for found in report.results] == ["clip.mp4"]
            assert report.results[0].seconds == pytest.approx(7, abs=0.2)
            assert "clip.mp4  (video, 0:07)" in report_as_text(report)
        photo = report_of(library.answer(Question("type:jpeg")))
    assert [found.seconds for found in photo.results] == [None]
    assert "(video" not in report_as_text(photo)
