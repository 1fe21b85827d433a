"""Models come, are held, given up and removed in the settings: real window, real processes."""

import os
import shutil
import signal
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fake_hub import FakeHub
from model_hub import (
    MEGABYTE,
    NAME,
    REPOSITORY,
    SIZE,
    WEIGHTS,
    arrived_parts,
    arrived_weights,
    model_hub,
    open_hub_library,
)
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot
from small_disk import mounted_disk

from capsearch.gui.model_desk import Models
from capsearch.gui.panels.encoder_page import EncoderPage
from capsearch.gui.panels.model_card import ModelCard
from capsearch.gui.panels.model_words import import_words, model_note, model_title
from capsearch.gui.panels.settings_dialog import SettingsDialog
from capsearch.gui.window import MainWindow
from capsearch.library.values import (
    CURATED,
    EncoderInfo,
    EngineOffer,
    LibraryState,
    ModelOffer,
    ModelShelf,
)
from capsearch.resources import resource_path
from capsearch.settings import Settings, data_dir
from capsearch.transfer import DownloadProgress

PATIENCE = 60_000
OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    with model_hub(tmp_path, monkeypatch) as server:
        yield server


@pytest.fixture
def window(hub: FakeHub, open_window: OpenWindow, qtbot: QtBot) -> MainWindow:
    window = open_window(library_factory=open_hub_library, watch=False)
    qtbot.waitUntil(lambda: window._state.encoder == "starter", timeout=PATIENCE)
    return window


def window_of(page: EncoderPage) -> MainWindow:
    window = page.window().parent()
    assert isinstance(window, MainWindow)
    return window


def opened(window: MainWindow, qtbot: QtBot) -> EncoderPage:
    page = window.show_settings().search
    qtbot.waitUntil(lambda: NAME in page.cards, timeout=PATIENCE)
    return page


def answer(page: EncoderPage, words: str, qtbot: QtBot) -> str:
    """Press this button of the question that is asked; what it said."""
    box = page.findChild(QMessageBox)
    assert box is not None
    said = f"{box.text()} {box.informativeText()}"
    next(button for button in box.buttons() if button.text() == words).click()
    qtbot.waitUntil(lambda: page.findChild(QMessageBox) is None, timeout=PATIENCE)
    return said


def use(page: EncoderPage, qtbot: QtBot) -> str:
    page.cards[NAME].use_button.click()
    return answer(page, "Download", qtbot)


def offers(card: ModelCard) -> list[str]:
    """The buttons that can be pressed."""
    buttons = (card.use_button, card.pause_button, card.discard_button, card.remove_button)
    return [each.text() for each in buttons if each.isVisibleTo(card) and each.isEnabled()]


def begin_slowly(page: EncoderPage, hub: FakeHub, qtbot: QtBot) -> ModelCard:
    hub.slow_after = MEGABYTE
    use(page, qtbot)

    def a_megabyte_came() -> bool:
        work = window_of(page).desk.models.work
        return bool(work and work.progress and work.progress.done_bytes >= MEGABYTE)

    qtbot.waitUntil(a_megabyte_came, timeout=PATIENCE)
    card = page.cards[NAME]
    assert "of 3.1 MB" in card.progress_text.text()
    return card


def end(window: MainWindow, qtbot: QtBot) -> None:
    found = window.findChild(SettingsDialog)
    assert found is not None
    found.reject()
    qtbot.waitUntil(lambda: window.findChild(SettingsDialog) is None, timeout=PATIENCE)


def test_a_model_that_is_not_here_is_downloaded_and_takes_over(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    page = opened(window, qtbot)
    card = page.cards[NAME]
    assert card.standing.text() == "Download 605.0 MB"
    assert page.cards["starter"].standing.text() == "Searches now"
    assert offers(page.cards["starter"]) == []
    card.use_button.click()
    assert "MIT" in answer(page, "Cancel", qtbot)
    assert window.desk.models.work is None
    said = use(page, qtbot)
    assert said.startswith("Download CLIP, quick? It takes 605.0 MB in ")
    assert os.fspath(tmp_path / "hf") in said
    qtbot.waitUntil(lambda: window._state.encoder == NAME, timeout=PATIENCE)
    qtbot.waitUntil(lambda: card.standing.text() == "Searches now", timeout=PATIENCE)
    assert Settings.load().encoder == "starter"
    # Back to the one before, and the files may go.
    page.cards["starter"].use_button.click()
    qtbot.waitUntil(lambda: window._state.encoder == "starter", timeout=PATIENCE)
    qtbot.waitUntil(lambda: offers(card) == ["Use", "Remove…"], timeout=PATIENCE)
    card.remove_button.click()
    assert "Remove CLIP, quick from this computer?" in answer(page, "Remove", qtbot)
    qtbot.waitUntil(lambda: card.standing.text().startswith("Download"), timeout=PATIENCE)
    assert not arrived_weights(tmp_path)


def test_a_download_is_held_and_goes_on_where_it_was(
    window: MainWindow, qtbot: QtBot, hub: FakeHub, tmp_path: Path
) -> None:
    card = begin_slowly(opened(window, qtbot), hub, qtbot)
    assert offers(card) == ["Pause", "Cancel"]
    card.pause_button.click()
    qtbot.waitUntil(lambda: card.standing.text().startswith("Held: 1."), timeout=PATIENCE)
    assert offers(card) == ["Go on", "Cancel"]
    (part,) = arrived_parts(tmp_path)
    arrived = part.stat().st_size
    hub.slow_after = None
    hub.asked.clear()
    card.use_button.click()
    qtbot.waitUntil(lambda: window._state.encoder == NAME, timeout=PATIENCE)
    assert hub.begins(WEIGHTS)[0] == arrived


def test_nothing_is_left_of_a_download_that_is_cancelled(
    window: MainWindow, qtbot: QtBot, hub: FakeHub, tmp_path: Path
) -> None:
    card = begin_slowly(opened(window, qtbot), hub, qtbot)
    card.discard_button.click()
    qtbot.waitUntil(lambda: card.standing.text() == "Download 605.0 MB", timeout=PATIENCE)
    assert offers(card) == ["Use"]
    assert not arrived_parts(tmp_path)
    assert window._state.encoder == "starter"


def test_a_download_goes_on_while_no_settings_are_open(
    window: MainWindow, qtbot: QtBot, hub: FakeHub
) -> None:
    page = opened(window, qtbot)
    begin_slowly(page, hub, qtbot)
    end(window, qtbot)
    again = opened(window, qtbot)
    card = again.cards[NAME]
    assert offers(card) == ["Pause", "Cancel"]
    assert "of 3.1 MB" in card.progress_text.text()
    end(window, qtbot)
    hub.slow_after = None
    qtbot.waitUntil(lambda: window._state.encoder == NAME, timeout=PATIENCE)


def test_a_closed_window_holds_a_download_which_goes_on_only_when_asked(
    window: MainWindow, open_window: OpenWindow, qtbot: QtBot, hub: FakeHub, tmp_path: Path
) -> None:
    begin_slowly(opened(window, qtbot), hub, qtbot)
    window.close()
    (part,) = arrived_parts(tmp_path)
    arrived = part.stat().st_size
    assert MEGABYTE <= arrived < SIZE
    hub.slow_after = None
    hub.asked.clear()
    second = open_window(library_factory=open_hub_library, watch=False)
    qtbot.waitUntil(lambda: second._state.encoder == "starter", timeout=PATIENCE)
    card = opened(second, qtbot).cards[NAME]
    qtbot.waitUntil(lambda: card.standing.text().startswith("Held: 1."), timeout=PATIENCE)
    assert hub.asked == []
    assert offers(card) == ["Go on", "Cancel"]
    card.use_button.click()
    qtbot.waitUntil(lambda: second._state.encoder == NAME, timeout=PATIENCE)
    assert hub.begins(WEIGHTS)[0] == arrived


def test_each_fault_is_one_sentence_and_the_present_model_stays(
    window: MainWindow, qtbot: QtBot, hub: FakeHub
) -> None:
    page = opened(window, qtbot)
    card = page.cards[NAME]
    hub.checksum = "0" * 64
    use(page, qtbot)
    qtbot.waitUntil(lambda: "is not what was announced" in card.trouble.text(), timeout=PATIENCE)
    hub.checksum = None
    hub.breaks_off, hub.ignores_ranges = MEGABYTE, True
    qtbot.waitUntil(lambda: offers(card) == ["Go on", "Cancel"], timeout=PATIENCE)
    card.use_button.click()
    qtbot.waitUntil(lambda: "There is no connection" in card.trouble.text(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: offers(card) == ["Go on", "Cancel"], timeout=PATIENCE)
    hub.statuses, hub.error_code = [404], "RepoNotFound"
    card.use_button.click()
    qtbot.waitUntil(lambda: "The server does not give" in card.trouble.text(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: offers(card) == ["Go on", "Cancel"], timeout=PATIENCE)
    assert window._state.encoder == "starter"
    assert window._state.wanted_encoder is None
    # Once the line is sound again it works, and nothing of the faults stays.
    hub.breaks_off, hub.ignores_ranges = None, False
    card.use_button.click()
    qtbot.waitUntil(lambda: window._state.encoder == NAME, timeout=PATIENCE)
    assert not card.trouble.isVisibleTo(card)


def test_a_disk_without_room_is_told_also_when_no_settings_are_open(
    hub: FakeHub,
    open_window: OpenWindow,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with mounted_disk(tmp_path / "small") as disk:
        monkeypatch.setenv("HF_HOME", os.fspath(disk.path))
        window = open_window(library_factory=open_hub_library, watch=False)
        qtbot.waitUntil(lambda: window._state.encoder == "starter", timeout=PATIENCE)
        window.desk.download(NAME)
        notice = window.library.notice
        qtbot.waitUntil(lambda: "not enough room" in notice.label.text(), timeout=PATIENCE)
        assert notice.label.text().startswith("CLIP, quick: ")
        assert hub.begins(WEIGHTS) == []
        window.close()


def test_a_process_that_dies_is_told_and_the_download_goes_on(
    window: MainWindow, qtbot: QtBot, hub: FakeHub
) -> None:
    card = begin_slowly(opened(window, qtbot), hub, qtbot)
    pid = window._bridge.client.installer.pid
    assert pid is not None
    os.kill(pid, signal.SIGTERM)
    qtbot.waitUntil(lambda: "ended unexpectedly" in card.trouble.text(), timeout=PATIENCE)
    hub.slow_after = None
    qtbot.waitUntil(lambda: "Go on" in offers(card), timeout=PATIENCE)
    card.use_button.click()
    qtbot.waitUntil(lambda: window._state.encoder == NAME, timeout=PATIENCE)


def test_a_library_without_photos_begins_with_the_model_that_was_chosen(
    hub: FakeHub, open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(empty=True, library_factory=open_hub_library, watch=False)
    page = opened(window, qtbot)
    use(page, qtbot)
    qtbot.waitUntil(lambda: Settings.load().encoder == NAME, timeout=PATIENCE)
    assert page.cards[NAME].standing.text() == "Searches now"
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    page.battery.setChecked(True)
    dialog.accept()
    assert Settings.load() == Settings(encoder=NAME, pause_on_battery=True)


def test_what_cannot_be_imported_is_said(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page = opened(window, qtbot)
    (tmp_path / "model.zip").write_bytes(b"no archive")
    page.import_wanted.emit(tmp_path / "model.zip")
    assert page.import_text.text() == "Importing model.zip…"
    assert not page.import_button.isEnabled()
    qtbot.waitUntil(lambda: "There is no model at" in page.trouble.text(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.desk.models.work is None, timeout=PATIENCE)
    assert page.import_button.isEnabled()


def test_an_import_shows_how_far_it_is_also_in_settings_opened_later(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    settings = b'{"model_cfg": {}}'
    with zipfile.ZipFile(tmp_path / "model.zip", "w") as archive:
        archive.write(tmp_path / "published" / WEIGHTS, WEIGHTS)
        archive.writestr("open_clip_config.json", settings)
    content = (tmp_path / "model.zip").read_bytes()
    # Damaged behind the weights: these are copied, and nothing is left of them.
    (tmp_path / "model.zip").write_bytes(content.replace(settings, settings.upper()))
    page = opened(window, qtbot)
    told: list[tuple[str, int, str]] = []

    def look(models: Models) -> None:
        if models.work is not None and models.work.progress is not None:
            later = EncoderPage(Settings(), window._state, models)
            qtbot.addWidget(later)
            told.append(
                (page.import_text.text(), page.import_bar.value(), later.import_text.text())
            )

    window.desk.changed.connect(look)
    page.import_wanted.emit(tmp_path / "model.zip")
    assert page.import_bar.isVisibleTo(page)
    qtbot.waitUntil(lambda: "is damaged" in page.trouble.text(), timeout=PATIENCE)
    assert told[0][0].startswith("Importing model.zip: 1.0 MB of 3.1 MB")
    assert 300 < told[0][1] < told[-1][1] <= 1000
    assert all(before == after for before, _, after in told)
    qtbot.waitUntil(lambda: not page.import_bar.isVisibleTo(page), timeout=PATIENCE)
    assert not list(data_dir().rglob(WEIGHTS))


def test_a_copied_model_is_said_to_be_tried_out() -> None:
    progress = DownloadProgress(500, 1000, 0, WEIGHTS)
    assert import_words("a.zip", progress).startswith("Importing a.zip: 500 ")
    copied = DownloadProgress(1000, 1000, 0, WEIGHTS)
    assert import_words("a.zip", copied) == "a.zip is copied and is tried out now…"


def test_a_model_in_the_folder_of_models_needs_no_download(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "hf" / "hub" / f"models--{REPOSITORY.replace('/', '--')}"
    snapshot = folder / "snapshots" / ("0" * 40)
    snapshot.mkdir(parents=True)
    (folder / "refs").mkdir()
    (folder / "refs" / "main").write_text("0" * 40)
    shutil.copy(tmp_path / "published" / WEIGHTS, snapshot / WEIGHTS)
    page = opened(window, qtbot)
    assert page.cards[NAME].standing.text() == "Installed"
    page.cards[NAME].use_button.click()
    qtbot.waitUntil(lambda: window._state.encoder == NAME, timeout=PATIENCE)


def test_an_app_without_pytorch_says_what_that_takes_before(qtbot: QtBot) -> None:
    page = EncoderPage(Settings(), LibraryState((), 0, 0, 0, None))
    qtbot.addWidget(page)
    offered = tuple(ModelOffer(info) for info in CURATED)
    engine = EngineOffer(190_000_000, 800_000_000)
    page.show_models(Models(ModelShelf(offered, "/models", 9_000_000_000, engine)))
    card = page.cards[NAME]
    assert card.standing.text() == "Download 605.0 MB\nand PyTorch once, 190.0 MB"
    card.use_button.click()
    said = answer(page, "Cancel", qtbot)
    assert "where 9.0 GB are free" in said
    assert "PyTorch comes first, once: 190.0 MB, and 800.0 MB on the disk" in said
    research = page.cards["MobileCLIP-S2/datacompdr"]
    assert research._licence.isVisibleTo(research)
    assert not card._licence.isVisibleTo(card)
    research.use_button.click()
    assert "That allows research only." in answer(page, "Cancel", qtbot)


def test_the_settings_fit_a_small_screen(qtbot: QtBot) -> None:
    dialog = SettingsDialog(Settings(), LibraryState((), 0, 0, 0, None), Path("library.db"))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.resize(640, 400)
    assert (dialog.width(), dialog.height()) == (640, 400)


def test_every_listed_model_has_a_plain_name_and_german_words(
    qtbot: QtBot, qapp: QApplication
) -> None:
    english = [(model_title(info.name), model_note(info)) for info in CURATED]
    assert all(title != info.name for (title, _), info in zip(english, CURATED, strict=True))
    other = model_note(EncoderInfo(name="any", kind="open_clip"))
    assert other not in [note for _, note in english]
    german = QTranslator()
    assert german.load("capsearch_de", os.fspath(resource_path("translations")))
    qapp.installTranslator(german)
    try:
        for info, (_, note) in zip(CURATED, english, strict=True):
            assert model_note(info) != note
    finally:
        qapp.removeTranslator(german)
