"""On a screen of twice as many pixels, a cell is painted from a picture that has them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from make_photo import make_photo

SHOW = """
import json, os, sys
import numpy as np
from pathlib import Path
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from capsearch.gui.grid.photo_grid import PhotoGrid
from capsearch.gui.grid.photo_model import PICTURE_ROLE, PhotoModel
from capsearch.gui.pictures.thumbnails import ThumbnailStore
from capsearch.library.values import PhotoFacts, Timeline

def main(photo, cell):
    application = QApplication(sys.argv[:1])
    store = ThumbnailStore(Path(photo).parent / "kept")
    model = PhotoModel(store)
    grid = PhotoGrid(model, store)
    grid.set_cell(cell)
    grid.resize(900, 600)
    facts = PhotoFacts(
        id=1, paths=(photo,), offline=False, width=2400, height=1600, format="JPEG", taken=None,
        latitude=None, longitude=None, camera=None, rating=None, keywords=(), people=(),
        title=None, texts=(), place=None,
    )
    grid.show()
    model.show_timeline(Timeline(np.array([1]), np.array([0], np.int32), (facts,)))
    wait = QEventLoop()
    store.ready.connect(wait.quit)
    QTimer.singleShot(120_000, wait.quit)
    if model.index(0).data(PICTURE_ROLE) is None:
        wait.exec()
    picture = model.index(0).data(PICTURE_ROLE)
    painted = grid.viewport().grab()
    box = grid.grid_layout.box(0)
    print(json.dumps({
        "ratio": grid.devicePixelRatioF(),
        "painted": painted.width() / grid.viewport().width(),
        "cell": [box.width, box.height],
        "picture": [picture.width(), picture.height()],
    }))
    store.close()
    grid.deleteLater()

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
"""


@pytest.mark.parametrize("cell", [96, 176, 360])
@pytest.mark.parametrize("scale", [1, 2])
def test_each_pixel_of_the_screen_has_one_of_the_picture(
    tmp_path: Path, scale: int, cell: int
) -> None:
    photo = make_photo(tmp_path / "a.jpg", 1, (2400, 1600))
    script = tmp_path / "show.py"
    script.write_text(SHOW)
    ran = subprocess.run(
        [sys.executable, script, photo, str(cell)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)},
        capture_output=True,
        text=True,
        check=True,
    )
    shown = json.loads(ran.stdout)
    assert shown["ratio"] == shown["painted"] == scale
    assert min(shown["picture"]) >= scale * max(shown["cell"])
