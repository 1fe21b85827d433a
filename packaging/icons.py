"""Draw the app's icon in the sizes and files that each system wants: `icons.py FOLDER`."""

import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SIZES = (16, 24, 32, 48, 64, 128, 256, 512, 1024)
SOURCE = Path(__file__).resolve().parent.parent / "resources" / "icons" / "capsearch.svg"


def main() -> None:
    """Write `SIZE.png` for each size, `capsearch.ico` and `capsearch.icns`."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True)
    application = QGuiApplication([])
    renderer = QSvgRenderer(str(SOURCE))
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        image.save(str(folder / f"{size}.png"))
    with Image.open(folder / "1024.png") as largest:
        largest.save(folder / "capsearch.ico", sizes=[(size, size) for size in SIZES[:7]])
        largest.save(folder / "capsearch.icns")
    del application


if __name__ == "__main__":
    main()
