"""What this program is, and whose parts are in it."""

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

from capsearch import __version__
from capsearch.gui.look.icons import app_icon
from capsearch.resources import find_resource

_ICON_SIZE = 64


def show_about(parent: QWidget | None) -> QMessageBox:
    """Show name, version and licence; the installed app also has the notices of all its parts."""
    translate = QCoreApplication.translate
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(translate("about", "About CapSearch"))
    box.setIconPixmap(app_icon().pixmap(_ICON_SIZE, _ICON_SIZE))
    box.setText(f"CapSearch {__version__}")
    box.setInformativeText(
        translate(
            "about",
            "Search your own photos by words. Nothing leaves this computer, and your photos are "
            "never changed.\n\nFree software under the Apache License 2.0. It uses Qt under the "
            "LGPL, and other parts under licences of their own.",
        )
    )
    box.addButton(QMessageBox.StandardButton.Close)
    notices = find_resource("licences/THIRD-PARTY-NOTICES.txt")
    if notices is not None:
        show = box.addButton(
            translate("about", "Licences of its parts"), QMessageBox.ButtonRole.HelpRole
        )
        show.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(notices))))
    box.open()
    return box
