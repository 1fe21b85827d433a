"""The German file holds what the window can say: all of it, and nothing else."""

import os
import subprocess
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import PySide6
import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication

import capsearch
from capsearch.resources import resource_path

NAME = "capsearch_de"


class Words(NamedTuple):
    """What one message is known by."""

    context: str
    source: str
    comment: str
    counts: bool


def messages(file: Path) -> dict[Words, ElementTree.Element]:
    found = {}
    for context in ElementTree.parse(file).iter("context"):
        for message in context.iter("message"):
            words = Words(
                context.findtext("name", ""),
                message.findtext("source", ""),
                message.findtext("comment", ""),
                message.get("numerus") == "yes",
            )
            found[words] = message
    return found


def translations(message: ElementTree.Element) -> list[str]:
    """The German words; two of them, for one and for many, where the message counts."""
    translation = message.find("translation")
    if translation is None or translation.get("type") in {"unfinished", "obsolete", "vanished"}:
        return []
    forms = [form.text or "" for form in translation.iter("numerusform")]
    return forms or [translation.text or ""]


@pytest.fixture(scope="module")
def german() -> dict[Words, ElementTree.Element]:
    return messages(resource_path("translations") / f"{NAME}.ts")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> set[Words]:
    """What `lupdate` finds in the window's source."""
    tool = Path(PySide6.__file__).parent / ("lupdate.exe" if os.name == "nt" else "lupdate")
    if not tool.is_file():
        pytest.skip("this build of PySide6 has no lupdate")
    source = Path(capsearch.__file__).parent / "gui"
    output = tmp_path_factory.mktemp("words") / "all.ts"
    files = sorted(os.fspath(path) for path in source.rglob("*.py"))
    done = subprocess.run(
        [tool, *files, "-locations", "none", "-ts", output],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(messages(output))


def test_everything_that_the_window_can_say_is_in_the_german_file(
    said: set[Words], german: dict[Words, ElementTree.Element]
) -> None:
    assert len(said) > 100
    assert sorted(said - set(german)) == []


def test_the_german_file_holds_nothing_that_the_window_no_longer_says(
    said: set[Words], german: dict[Words, ElementTree.Element]
) -> None:
    assert sorted(set(german) - said) == []


def test_no_german_word_is_missing(german: dict[Words, ElementTree.Element]) -> None:
    for words, message in german.items():
        forms = translations(message)
        assert len(forms) == (2 if words.counts else 1), words
        assert all(form.strip() for form in forms), words


def test_what_is_filled_in_stays_to_be_filled_in(german: dict[Words, ElementTree.Element]) -> None:
    import re

    place = re.compile(r"%n|%L?\d|\{\w*\}|</?\w+>")
    for words, message in german.items():
        for form in translations(message):
            if not words.counts:
                assert sorted(place.findall(form)) == sorted(place.findall(words.source)), words


def test_the_file_that_is_loaded_says_what_the_written_one_says(
    german: dict[Words, ElementTree.Element], qapp: QApplication
) -> None:
    loaded = QTranslator()
    assert loaded.load(NAME, os.fspath(resource_path("translations")))
    for words, message in german.items():
        forms = translations(message)
        counts = (1, 2) if words.counts else (-1,)
        for form, count in zip(forms, counts, strict=True):
            assert loaded.translate(words.context, words.source, words.comment, count) == form


def test_english_counts_whatever_german_counts(german: dict[Words, ElementTree.Element]) -> None:
    english = messages(resource_path("translations") / "capsearch_en.ts")
    assert {words for words in german if words.counts} == set(english)
