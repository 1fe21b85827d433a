"""Settings: folders and exclusions, the encoder and where it runs, privacy, diagnostics."""

import dataclasses
import platform
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from capsearch import __version__
from capsearch.gui.look.buttons import push_button
from capsearch.gui.look.labels import text_label
from capsearch.gui.model_desk import Models
from capsearch.gui.panels.encoder_page import EncoderPage
from capsearch.gui.panels.folders_page import FoldersPage
from capsearch.library.values import LibraryState
from capsearch.resources import find_resource
from capsearch.settings import Settings, data_dir


class SettingsDialog(QDialog):
    """`changed` carries the new settings once, when the dialog is accepted, and `excluded` a
    folder and what is to be left out of it. What the pages `folders` and `search` want is done at
    once.
    """

    changed = Signal(object)
    excluded = Signal(object, object)

    def __init__(
        self,
        settings: Settings,
        state: LibraryState,
        library: Path,
        models: Models | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._state = state
        self._library = library
        self.setWindowTitle(self.tr("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(860, 640)
        self.setSizeGripEnabled(True)
        tabs = self.tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.tabBar().setDrawBase(False)
        self.folders = FoldersPage(state.folders, settings.exclude)
        tabs.addTab(_scrolled(self.folders), self.tr("Photos"))
        self.search = EncoderPage(settings, state, models)
        tabs.addTab(self.search, self.tr("Search"))
        self.about = self._about_tab()
        tabs.addTab(self.about, self.tr("About"))
        cancel = push_button(self.tr("Cancel"))
        save = push_button(self.tr("Save"), "primary")
        cancel.clicked.connect(self.reject)
        save.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(cancel)
        row.addWidget(save)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(14)
        column.addWidget(tabs, 1)
        column.addLayout(row)

    def show_model(self, name: str) -> None:
        """Turn to the page of models, with this one in sight."""
        self.tabs.setCurrentWidget(self.search)
        self.search.point_to(name)

    def settings(self) -> Settings:
        """What is chosen now."""
        return dataclasses.replace(self.search.settings(), exclude=self.folders.common_exclusions())

    def accept(self) -> None:
        """Tell the settings, if they are others."""
        chosen = self.settings()
        if chosen != self._settings:
            self.changed.emit(chosen)
        for folder, patterns in self.folders.changed_exclusions().items():
            self.excluded.emit(folder, patterns)
        super().accept()

    def _about_tab(self) -> QWidget:
        page, column = _page()
        words = self.tr(
            "CapSearch works on this computer only: no photo, no question and no statistic "
            "leaves it. It never changes your photos."
        )
        column.addWidget(text_label(words))
        licence = self.tr(
            "Free software under the Apache License 2.0. It uses Qt under the LGPL, and other "
            "parts under licences of their own."
        )
        column.addWidget(text_label(licence))
        column.addWidget(text_label(self.tr("Diagnostics"), "section"))
        self.diagnostics = QPlainTextEdit(self._diagnose())
        self.diagnostics.setReadOnly(True)
        self.diagnostics.setAccessibleName(self.tr("Diagnostics"))
        column.addWidget(self.diagnostics, 1)
        copy = push_button(self.tr("Copy"))
        copy.clicked.connect(
            lambda: QGuiApplication.clipboard().setText(self.diagnostics.toPlainText())
        )
        row = QHBoxLayout()
        row.addWidget(copy)
        notices = find_resource("licences/THIRD-PARTY-NOTICES.txt")  # the installed app has them
        if notices is not None:
            show = push_button(self.tr("Licences of its parts"))
            show.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(notices))))
            row.addWidget(show)
        row.addStretch()
        column.addLayout(row)
        return page

    def _diagnose(self) -> str:
        """For a report: numbers and versions, no names of the user's files."""
        state = self._state
        lines = {
            "CapSearch": __version__,
            "System": platform.platform(),
            "Python": platform.python_version(),
            "Qt": qVersion(),
            "Library": str(self._library),
            "Data": str(data_dir()),
            "Folders": str(len(state.folders)),
            "Photos": str(state.photos),
            "Offline": str(state.offline),
            "Failures": str(state.failures),
            "Encoder": state.encoder or "none yet",
            "Device": self._settings.device,
        }
        return "\n".join(f"{name}: {value}" for name, value in lines.items())


def _scrolled(page: QWidget) -> QScrollArea:
    """A page that can be scrolled where the screen is too low for it."""
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    page.setAutoFillBackground(False)
    page.setObjectName("page")
    scroll.setWidget(page)
    return scroll


def _page() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(4, 16, 4, 4)
    column.setSpacing(10)
    return page, column
