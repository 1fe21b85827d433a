"""What went wrong in the last run, told at the start of this one."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSettings
from PySide6.QtWidgets import QMessageBox, QWidget

from capsearch.settings import data_dir

_SEEN = "seen_crash"


def tell_last_crash(window: QWidget, remembered: QSettings) -> QMessageBox | None:
    """Show the newest crash report that was not shown before, if there is one."""
    reports = sorted((data_dir() / "crashes").glob("*.txt"))
    if not reports or reports[-1].name <= str(remembered.value(_SEEN, "")):
        return None
    remembered.setValue(_SEEN, reports[-1].name)
    translate = QCoreApplication.translate
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.Information)
    box.setWindowTitle(translate("last_crash", "CapSearch had a problem"))
    box.setText(translate("last_crash", "Something went wrong when CapSearch ran last."))
    box.setInformativeText(
        translate(
            "last_crash",
            "Your library and your photos are safe. The details were kept on this computer "
            "and sent nowhere; they help if you want to report the problem.",
        )
    )
    box.setDetailedText(f"{reports[-1]}\n\n{_text_of(reports[-1])}")
    box.setStandardButtons(QMessageBox.StandardButton.Close)
    box.open()
    return box


def _text_of(report: Path) -> str:
    try:
        return report.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        return str(error)
