"""`capsearch benchmark` as a user runs it."""

import json
import os

import pytest
from make_photo import make_photo
from run_command import assert_refused, capsearch

from capsearch.benchmark.table import number_in_words


@pytest.fixture
def photos(tmp_path):
    for number in range(4):
        make_photo(tmp_path / "photos" / f"{number}.jpg", number)
    return tmp_path / "photos"


def test_indexing_is_measured_shown_and_saved(tmp_path, photos):
    saved, page = tmp_path / "figures.json", tmp_path / "page.html"
    done = capsearch(
        "benchmark", "indexing", "--quick", "--rounds", "2", "--photos", photos,
        "--json", saved, "--report", page,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "INDEXING" in done.stdout and "end to end" in done.stdout
    content = json.loads(saved.read_text())
    assert {figure["part"] for figure in content["figures"]} == {"indexing"}
    for figure in content["figures"]:
        assert len(figure["rounds"]) == 2 and min(figure["rounds"]) > 0
    assert content["machine"]["processor"] and content["versions"]["capsearch"]
    shown = page.read_text(encoding="utf-8")
    assert content["machine"]["processor"] in shown and "<svg" in shown
    for figure in content["figures"]:
        assert number_in_words(figure["value"], figure["unit"]) in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ("flying",),
        ("--photos", "not there"),
        ("--photos", os.devnull),
        ("--json", "not there/figures.json"),
        ("--json", "."),
        ("--report", "not there/page.html"),
        ("--report", "page.html", "--json", "page.html"),
        ("--rounds", "0"),
        ("--encoder", "no such one"),
    ],
)
def test_what_cannot_be_measured_is_said_in_a_sentence_at_once(arguments, tmp_path):
    assert_refused(capsearch("benchmark", *arguments, folder=tmp_path, timeout=60))


def test_a_folder_without_photos_is_said(tmp_path):
    (tmp_path / "empty").mkdir()
    assert_refused(capsearch("benchmark", "indexing", "--photos", tmp_path / "empty"))
