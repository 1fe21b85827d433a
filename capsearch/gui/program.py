"""One run of the program with its window."""

import os
import signal
import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication

from capsearch.crash_log import keep_crash
from capsearch.gui.bridge import Bridge
from capsearch.gui.look.icons import app_icon
from capsearch.gui.look.theme import follow_system
from capsearch.gui.look.translation import translate_application
from capsearch.gui.panels.last_crash import tell_last_crash
from capsearch.gui.single_instance import SingleInstance
from capsearch.gui.window import MainWindow
from capsearch.settings import Settings, data_dir


def run(library: Path) -> int:
    """Show the window until it is closed; where one already shows this library, raise that."""
    application = QApplication(sys.argv[:1])
    application.setApplicationName("CapSearch")
    application.setDesktopFileName("capsearch")
    application.setWindowIcon(app_icon())
    translators = translate_application(application)
    follow_system(application)
    library = Path(os.path.abspath(library))
    instance = SingleInstance(library)
    if instance.raised_other():
        return 0
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.excepthook = _keep_and_go_on
    settings = Settings.load()
    bridge = Bridge(library, settings)
    remembered = QSettings(str(data_dir() / "window.ini"), QSettings.Format.IniFormat)
    window = MainWindow(bridge, settings, remembered)
    instance.listen(window)
    window.show()
    tell_last_crash(window, remembered)
    try:
        return application.exec()
    finally:
        bridge.close()
        instance.close()
        # Widgets must go before the application, which Python alone does not see to.
        window.deleteLater()
        application.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        translators.clear()


def _keep_and_go_on(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """A bug in one slot need not end the program; it is kept and shown at the next start."""
    if isinstance(error, Exception):
        keep_crash(error)
    sys.__excepthook__(kind, error, trace)
