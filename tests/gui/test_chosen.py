"""Several photos at once: copied to a folder, listed, opened by another program."""

import csv
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu
from pytestqt.qtbot import QtBot
from small_disk import SmallDisk, mounted_disk

from capsearch.gui.chosen.copy_files import CopyReport, copy_files
from capsearch.gui.chosen.photo_list import plain_cell, write_list
from capsearch.gui.chosen.programs import Program, programs_for
from capsearch.gui.grid.photo_menu import PhotoMenu
from capsearch.gui.start_program import start_program
from capsearch.gui.window import MainWindow
from capsearch.library.values import Filters, Person, PhotoFacts

PATIENCE = 30_000
HEADINGS = ("Path", "Date", "People", "Place", "Keywords", "Score")


def copy(
    photos: Sequence[tuple[Path, ...]], folder: Path, stopped: Callable[[], bool] = bool
) -> CopyReport:
    places = [tuple(map(os.fspath, each)) for each in photos]
    return copy_files(places, os.fspath(folder), lambda _: None, stopped)


def make(path: Path, content: bytes = b"a photo") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "target"
    folder.mkdir()
    return folder


# Copying


def test_names_that_are_taken_get_a_number_and_nothing_is_overwritten(
    tmp_path: Path, target: Path
) -> None:
    make(target / "a.jpg", b"here before")
    make(target / "a (2).jpg", b"here before, too")
    photos = [(make(tmp_path / name / "a.jpg", name.encode()),) for name in ("one", "two")]
    report = copy(photos, target)
    assert (report.copied, report.away, report.trouble) == (2, 0, None)
    assert {path.name: path.read_bytes() for path in target.iterdir()} == {
        "a.jpg": b"here before",
        "a (2).jpg": b"here before, too",
        "a (3).jpg": b"one",
        "a (4).jpg": b"two",
    }


def test_a_link_that_leads_nowhere_is_a_name_that_is_taken(tmp_path: Path, target: Path) -> None:
    (target / "a.jpg").symlink_to(tmp_path / "nowhere")
    copy([(make(tmp_path / "a.jpg"),)], target)
    assert (target / "a.jpg").is_symlink() and not (tmp_path / "nowhere").exists()
    assert (target / "a (2).jpg").is_file()


def test_a_copy_has_the_time_of_its_original_which_is_only_read(
    tmp_path: Path, target: Path
) -> None:
    photo = make(tmp_path / "a.jpg")
    os.utime(photo, ns=(10**18, 10**18))
    photo.chmod(0o400)
    before = photo.stat()
    copy([(photo,)], target)
    assert (target / "a.jpg").stat().st_mtime_ns == 10**18
    assert (photo.stat().st_mtime_ns, photo.stat().st_mode) == (before.st_mtime_ns, before.st_mode)


def test_a_photo_that_is_away_is_copied_from_where_else_it_lies(
    tmp_path: Path, target: Path
) -> None:
    other = make(tmp_path / "other" / "b.jpg")
    gone = tmp_path / "gone.jpg"
    report = copy([(gone, other), (gone,), (tmp_path,)], target)
    assert (report.wanted, report.copied, report.away) == (3, 1, 2)
    assert [path.name for path in target.iterdir()] == ["b.jpg"]


@pytest.mark.parametrize("name", ["x" * 251 + ".jpg", "ä" * 125 + ".jpeg", "x" * 240])
def test_the_longest_names_have_room_for_a_number(tmp_path: Path, target: Path, name: str) -> None:
    photo = make(tmp_path / name)
    report = copy([(photo,), (photo,)], target)
    assert (report.copied, report.trouble) == (2, None)
    assert {path.suffix for path in target.iterdir()} == {photo.suffix}


@pytest.mark.skipif(sys.platform == "win32", reason="names are text there")
def test_names_of_any_bytes_are_kept(tmp_path: Path, target: Path) -> None:
    photo = make(Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.jpg")))
    assert copy([(photo,)], target).copied == 1
    assert [os.fsencode(path.name) for path in target.iterdir()] == [b"\xff\xfe.jpg"]


def test_what_is_cancelled_is_whole_or_not_there(tmp_path: Path, target: Path) -> None:
    photos = [(make(tmp_path / f"{number}.jpg", bytes(3 << 20)),) for number in range(4)]
    asked = iter([False] * 6 + [True] * 99)  # four parts a file: within the second
    report = copy(photos, target, lambda: next(asked))
    assert report.stopped and report.copied == 1
    assert [(path.name, path.stat().st_size) for path in target.iterdir()] == [("0.jpg", 3 << 20)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with mounted_disk(tmp_path / "disk") as disk:
        yield disk


def test_a_full_disk_keeps_what_is_whole(tmp_path: Path, small_disk: SmallDisk) -> None:
    photos = [(make(tmp_path / f"{number}.jpg", bytes(1 << 20)),) for number in range(4)]
    folder = small_disk.path / "copies"
    folder.mkdir()
    with small_disk.full(room=(5 << 20) // 2):
        report = copy(photos, folder)
        assert report.trouble == "full" and 1 <= report.copied < 4
        assert len(list(folder.iterdir())) == report.copied
    with small_disk.read_only():
        assert copy(photos, folder).trouble == "refused"


def test_a_folder_that_is_not_there_or_no_folder_takes_nothing(
    tmp_path: Path, target: Path
) -> None:
    photo = make(tmp_path / "a.jpg")
    assert copy([(photo,)], target / "gone").trouble == "gone"
    assert copy([(photo,)], photo).trouble == "gone"


# The list


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\uff1d1",
        "\u200b=1",
        '"=1',
        "'=1",
    ],
)
def test_nothing_in_a_list_is_taken_for_a_formula(text: str) -> None:
    cell = plain_cell(text)
    assert cell.startswith("'")
    assert not set(cell) & set("\t\r\n")


@pytest.mark.parametrize("text", ["", "/photos/a  b=c.jpg", "Käthe", "5 - 3", "#1", "C:\\x"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert plain_cell(text) == text


def test_a_list_says_what_is_known_and_is_read_back_by_spreadsheets(
    window: MainWindow, tmp_path: Path
) -> None:
    facts = window.model.facts_at(0)
    assert facts is not None
    people = (Person("Zoë", "xmp"), Person("=cmd", "xmp"), Person("Zoë", "sidecar"))
    photo = replace(facts, people=people, keywords=("a;b", '"quoted"'))
    bare = replace(facts, id=-1, taken=None, paths=("/\udcff.jpg",))
    assert photo.taken is not None
    only_file = replace(bare, taken=replace(photo.taken, source="file"))
    path = tmp_path / "list.csv"
    write_list(path, HEADINGS, [photo, bare, only_file], {facts.id: 0.25})
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    first, second, third = csv.DictReader(path.open(encoding="utf-8-sig", newline=""))
    assert first["Path"] == facts.paths[0]
    assert first["Date"].startswith("2023-05-10 10:")
    assert first["People"] == "Zoë; '=cmd"
    assert first["Keywords"] == 'a;b; "quoted"'
    assert (first["Score"], second["Score"]) == ("0.2500", "")
    assert third["Date"] == ""
    assert (second["Date"], second["Path"]) == ("", "/\ufffd.jpg")


# Programs


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system with four programs, of which one is not installed and one hidden."""
    monkeypatch.setenv("XDG_DATA_HOME", os.fspath(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_DIRS", os.fspath(tmp_path / "share"))
    folder = tmp_path / "share" / "applications"
    seen = tmp_path / "seen"
    program = make(tmp_path / "bin" / "viewer", b'#!/bin/sh\nprintf "%s\\n" "$@" > ' + bytes(seen))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    for name, words in (
        ("viewer", f"Name=Viewer\nName[de]=Betrachter\nExec={program} --new 100%% %i %F"),
        ("single", f"Name=A & B\nExec={program} %u"),
        ("gone", "Name=Gone\nExec=/no/such/program %F"),
        ("hidden", f"Name=Hidden\nNoDisplay=true\nExec={program} %F"),
        ("deaf", f"Name=Deaf\nExec={program}"),
        ("odd", 'Name=Odd\nExec="unfinished %F'),
    ):
        make(folder / f"{name}.desktop", f"[Desktop Entry]\n{words}\n".encode())
    cache = "image/jpeg=viewer.desktop;single.desktop;gone.desktop;hidden.desktop;deaf.desktop;"
    cache += "odd.desktop;missing.desktop;\nimage/png=viewer.desktop;\n"
    make(folder / "mimeinfo.cache", f"[MIME Cache]\n{cache}".encode())
    return seen


def names(programs: list[Program]) -> list[str]:
    return [program.name for program in programs]


def test_programs_are_those_that_can_be_started_with_files(desktop: Path) -> None:
    assert names(programs_for(["image/jpeg"])) == ["A & B", "Viewer"]
    assert names(programs_for(["image/jpeg"], "de")) == ["A & B", "Betrachter"]
    assert names(programs_for(["image/jpeg", "image/png"])) == ["Viewer"]
    assert programs_for(["image/jpeg", "image/heif"]) + programs_for([]) == []


def test_a_program_gets_all_files_at_once_or_is_started_for_each(desktop: Path) -> None:
    single, viewer = programs_for(["image/jpeg"])
    assert viewer.commands(["/a b", "/c"])[0][1:] == ["--new", "100%", "/a b", "/c"]
    assert [command[1:] for command in single.commands(["/a", "/b"])] == [["/a"], ["/b"]]
    assert viewer.takes(500) and single.takes(10) and not single.takes(11)


def test_broken_lists_of_programs_offer_none(desktop: Path, tmp_path: Path) -> None:
    make(tmp_path / "share" / "applications" / "mimeinfo.cache", b"\xff\xfe not a list")
    assert programs_for(["image/jpeg"]) == []


# In the window


def menu_of(window: MainWindow) -> PhotoMenu:
    [menu] = [m for m in window.findChildren(PhotoMenu) if m.parent() is window.library.grid]
    return menu


def answer(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: os.fspath(folder))


def press(window: MainWindow, qtbot: QtBot, key: Qt.Key, *, shift: bool = False) -> None:
    held = Qt.KeyboardModifier.ControlModifier
    window.library.grid.setFocus()
    qtbot.keyClick(
        window.library.grid, key, held | Qt.KeyboardModifier.ShiftModifier if shift else held
    )


def test_a_strip_says_how_many_photos_are_chosen(window: MainWindow, qtbot: QtBot) -> None:
    grid, bar = window.library.grid, window.library.chosen
    grid.go_to(0)
    assert not bar.isVisible()
    grid.setFocus()
    for _ in range(2):
        qtbot.keyClick(grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert bar.isVisible() and bar.label.text() == "3 selected"
    press(window, qtbot, Qt.Key.Key_A)
    assert bar.label.text() == "30 selected"
    assert any(action.text() == "30 selected" for action in menu_of(window).menu().actions())
    qtbot.keyClick(grid, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    grid.selectAll()
    window.library.filters.set_filters(Filters(formats=("PNG",)))
    qtbot.waitUntil(lambda: window.model.rowCount() == 6, timeout=PATIENCE)
    assert not bar.isVisible()


def test_all_photos_are_copied_also_those_never_in_sight(
    window: MainWindow, qtbot: QtBot, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, target)
    window.model._facts.clear()
    press(window, qtbot, Qt.Key.Key_A)
    with qtbot.waitSignal(window.chosen_desk.told, timeout=PATIENCE) as told:
        press(window, qtbot, Qt.Key.Key_C, shift=True)
    assert told.args == [f"30 photo(s) copied to {target}."]
    assert window.library.notice.label.text() == told.args[0]
    assert len(list(target.iterdir())) == 30
    assert not window.copying.isVisible() and not window.chosen_desk.copying
    press(window, qtbot, Qt.Key.Key_C)
    clipboard = QGuiApplication.clipboard()
    qtbot.waitUntil(lambda: len(clipboard.text().splitlines()) == 30, timeout=PATIENCE)


def test_copying_is_seen_and_can_be_cancelled(
    window: MainWindow, qtbot: QtBot, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(
        photos: Sequence[Sequence[str]],
        folder: str,
        told: Callable[[int], object],
        stopped: Callable[[], bool],
    ) -> CopyReport:
        told(1)
        while not stopped():
            time.sleep(0.01)
        return copy_files(photos, folder, told, stopped)

    monkeypatch.setattr("capsearch.gui.chosen.desk.copy_files", slow)
    answer(monkeypatch, target)
    window.library.grid.selectAll()
    menu_of(window).chosen_actions.copy_to_folder.trigger()
    qtbot.waitUntil(window.copying.isVisible, timeout=PATIENCE)
    assert "of 30 photos copied" in window.copying.label.text()
    with qtbot.waitSignal(window.chosen_desk.told, timeout=PATIENCE) as told:
        menu_of(window).chosen_actions.copy_to_folder.trigger()
    assert "Other photos are being copied" in told.args[0]
    with qtbot.waitSignal(window.chosen_desk.told, timeout=PATIENCE) as told:
        window.copying.cancel_button.click()
    assert "cancelled" in told.args[0]
    assert list(target.iterdir()) == []
    menu_of(window).chosen_actions.copy_to_folder.trigger()
    qtbot.waitUntil(lambda: window.chosen_desk.copying, timeout=PATIENCE)
    window.close()  # ends it: the fixture looks for threads that are left


@pytest.mark.parametrize("trouble", ["gone", "away"])
def test_what_cannot_be_copied_is_one_sentence(
    window: MainWindow, qtbot: QtBot, target: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    answer(monkeypatch, target / "gone" if trouble == "gone" else target)
    facts = window.model.facts_at(0)
    assert facts is not None
    window.model.add_facts([replace(facts, paths=("/away.jpg",))])
    window.library.grid.go_to(0 if trouble == "away" else 1)
    with qtbot.waitSignal(window.chosen_desk.told, timeout=PATIENCE) as told:
        press(window, qtbot, Qt.Key.Key_C, shift=True)
    words = {"gone": "is not there any more", "away": "1 photo(s) are not there at the moment"}
    assert words[trouble] in told.args[0]


def test_a_list_of_found_photos_has_their_scores(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (os.fspath(path), ""))
    with qtbot.waitSignal(
        window.browser.shown, timeout=PATIENCE, check_params_cb=lambda shown: not shown.by_date
    ):
        window.library.search.ask_for("a red bicycle")
    press(window, qtbot, Qt.Key.Key_A)
    with qtbot.waitSignal(window.chosen_desk.told, timeout=PATIENCE) as told:
        press(window, qtbot, Qt.Key.Key_E)
    assert "listed in" in told.args[0]
    lines = list(csv.DictReader(path.with_suffix(".csv").open(encoding="utf-8-sig", newline="")))
    assert len(lines) == window.model.rowCount()
    assert all(float(line["Score"]) for line in lines)
    path = tmp_path / "gone" / "there" / "list.csv"
    make(tmp_path / "gone", b"no folder")
    with qtbot.waitSignal(window.chosen_desk.told, timeout=PATIENCE) as told:
        press(window, qtbot, Qt.Key.Key_E)
    assert "cannot be written" in told.args[0]


def test_the_preview_acts_on_its_one_photo(
    window: MainWindow, qtbot: QtBot, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, target)
    window.library.grid.selectAll()
    window.open_preview(window.library.grid, 4)
    facts: PhotoFacts | None = window.preview.facts
    assert facts is not None
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    with qtbot.waitSignal(window.chosen_desk.told, timeout=PATIENCE):
        qtbot.keyClick(window.preview.image, Qt.Key.Key_C, held)
    assert [path.name for path in target.iterdir()] == [Path(facts.paths[0]).name]
    assert window.preview.notice.isVisible()
    window.preview.more_menu.aboutToShow.emit()
    texts = [action.text() for action in window.preview.more_menu.actions()]
    assert {"Copy to a folder…", "Export list…"} <= set(texts)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the system asks there")
def test_chosen_photos_are_opened_with_a_program_of_the_menu(
    window: MainWindow, qtbot: QtBot, desktop: Path
) -> None:
    window.library.grid.go_to(1)
    qtbot.keyClick(window.library.grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    chosen = menu_of(window).chosen()
    [submenu] = [a.menu() for a in menu_of(window).menu().actions() if a.text() == "Open with"]
    assert isinstance(submenu, QMenu)
    next(action for action in submenu.actions() if action.text() == "Viewer").trigger()
    paths = [chosen.known[photo].paths[0] for photo in chosen.ids]
    qtbot.waitUntil(
        lambda: desktop.exists() and desktop.read_text().split("\n")[2:-1] == paths,
        timeout=PATIENCE,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="a Windows process leaves no zombie")
def test_a_program_that_was_started_is_no_child_of_ours(tmp_path: Path, qtbot: QtBot) -> None:
    seen = tmp_path / "seen"
    program = make(tmp_path / "viewer", b'#!/bin/sh\necho "$PPID" > ' + bytes(seen))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    assert start_program([os.fspath(program)])
    qtbot.waitUntil(lambda: seen.exists() and seen.read_text() != "", timeout=PATIENCE)
    assert int(seen.read_text()) != os.getpid()
    assert not start_program([os.fspath(tmp_path / "no such program")])


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the system asks there")
def test_without_programs_there_is_no_such_menu(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", os.fspath(tmp_path))
    monkeypatch.setenv("XDG_DATA_DIRS", os.fspath(tmp_path))
    window.library.grid.go_to(0)
    assert "Open with" not in [action.text() for action in menu_of(window).menu().actions()]
