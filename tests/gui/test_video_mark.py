"""A video in the grid: marked with its length, and said in words."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from capsearch.gui.grid.photo_delegate import PhotoDelegate
from capsearch.gui.grid.photo_model import PhotoModel
from capsearch.gui.pictures.thumbnails import ThumbnailStore
from capsearch.library.values import PhotoFacts, Timeline

PHOTO = PhotoFacts(
    id=1, paths=("/p/clip.mp4",), offline=False, width=4, height=3, format="MP4", taken=None,
    latitude=None, longitude=None, camera=None, rating=None, keywords=(), people=(),
    title=None, texts=(), place=None,
)  # fmt: skip


@pytest.fixture
def store(qtbot: QtBot, tmp_path):
    made = ThumbnailStore(tmp_path)
    yield made
    made.close()


def shown(store: ThumbnailStore, facts: PhotoFacts) -> PhotoModel:
    model = PhotoModel(store)
    one = np.array([1], np.int64)
    model.show_timeline(Timeline(one, np.array([0], np.int32), (facts,)))
    return model


def painted(model: PhotoModel) -> QImage:
    image = QImage(120, 120, QImage.Format.Format_RGB32)
    image.fill(QColor("#808080"))
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, 120, 120)
    painter = QPainter(image)
    PhotoDelegate().paint(painter, option, model.index(0))
    painter.end()
    return image


def test_a_video_is_marked_in_its_lower_left_corner_alone(store: ThumbnailStore) -> None:
    photo = painted(shown(store, PHOTO))
    video = painted(shown(store, dataclasses.replace(PHOTO, seconds=7.0)))
    assert photo.copy(0, 60, 80, 60) != video.copy(0, 60, 80, 60)
    assert photo.copy(0, 0, 120, 60) == video.copy(0, 0, 120, 60)


def test_a_video_is_said_in_words(store: ThumbnailStore) -> None:
    model = shown(store, dataclasses.replace(PHOTO, seconds=67.0))
    told = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == "clip.mp4, No date, Video, 1:07, photo 1 of 1"
    assert "Video" not in shown(store, PHOTO).index(0).data(Qt.ItemDataRole.ToolTipRole)


def test_a_motion_photo_has_the_mark_without_a_length(store: ThumbnailStore) -> None:
    photo = painted(shown(store, PHOTO))
    motion = shown(store, dataclasses.replace(PHOTO, has_video=True))
    assert painted(motion).copy(0, 80, 30, 40) != photo.copy(0, 80, 30, 40)
    assert painted(motion).copy(30, 0, 90, 120) == photo.copy(30, 0, 90, 120)
    told = motion.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == "clip.mp4, No date, With a video, photo 1 of 1"
