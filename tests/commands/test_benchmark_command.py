"""`capsearch benchmark` as a user runs it."""

import json
import os
import subprocess
import sys

import pytest
from make_photo import make_photo
from run_command import as_json, assert_refused, capsearch

from capsearch.benchmark.report import Figure, Report, save_report
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
        "--json", saved, "--report", page, timeout=400,
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
        ("--library", "not there.db"),
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


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--captions", "none.csv"), "captions cannot be read"),
        (("--captions", "photos/0.jpg"), "captions cannot be read"),
        (("--captions", "good.csv", "--only", "none.txt"), "list of photos cannot be read"),
        (("--captions", "good.csv", "--only", "good.csv"), "holds no captions"),
        (("--captions", "away.csv"), "None of the captioned photos"),
        (("--captions", "good.csv", "--photos", "."), "need one folder"),
        (("--subjects", "photos"), "classes cannot be read"),
        (("--subjects", "empty"), "no photos in empty"),
        (("--only", "good.csv"), "there are no labels"),
        (("search", "--captions", "good.csv"), "is for the part quality"),
    ],
)
def test_labels_that_do_not_fit_are_refused_before_anything_is_measured(
    arguments, said, tmp_path, photos
):
    (tmp_path / "good.csv").write_text("image,caption\n0.jpg,blocks\n")
    (tmp_path / "away.csv").write_text("image,caption\naway.jpg,blocks\n")
    (tmp_path / "empty" / "rex").mkdir(parents=True)
    (tmp_path / "empty" / "classes.csv").write_text("subject,class\nrex,dog\n")
    done = capsearch("benchmark", "--photos", "photos", *arguments, folder=tmp_path, timeout=60)
    assert_refused(done)
    assert said in done.stderr


@pytest.fixture
def runs(tmp_path):
    """Two reports: in B one figure takes half as long again."""
    files = tmp_path / "A.json", tmp_path / "B.json"
    for file, times in zip(files, ((1.0, 1.01, 1.02), (1.5, 1.51, 1.52)), strict=True):
        figure = Figure("search", "latency, median", "ours", "ms", times, 1000, "less")
        save_report(Report(figures=[figure], versions={"capsearch": "1"}), file)
    return files


def test_two_runs_are_compared_in_words_as_json_and_as_a_page(tmp_path, runs):
    done = capsearch("benchmark", "--compare", *runs, "--report", tmp_path / "page.html")
    assert done.returncode == 0, done.stderr
    assert "- worse: search, latency, median: ours, 1,000 photos: 50% more" in done.stdout
    assert "<b>worse</b>" in (tmp_path / "page.html").read_text(encoding="utf-8")
    printed = as_json(capsearch("benchmark", "--compare", *runs, "--json"))
    (figure,) = printed["figures"]
    assert (figure["verdict"], round(figure["ratio"], 2)) == ("worse", 1.5)
    assert figure["low"] <= figure["ratio"] <= figure["high"]
    assert printed["named"] == 1 and printed["fair"]
    capsearch("benchmark", "--compare", *runs, "--json", tmp_path / "changes.json")
    assert json.loads((tmp_path / "changes.json").read_text()) == printed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("A.json", "none.json"), "cannot be read"),
        (("A.json", "."), "cannot be read"),
        (("A.json", "photo.jpg"), "is no report"),
        (("A.json", "B.json", "--photos", "."), "Leave out --photos."),
        (("A.json", "B.json", "--quick"), "Leave out --quick."),
        (("A.json", "B.json", "--captions", "A.csv"), "Leave out --captions."),
        (("A.json", "B.json", "--json", "A.json"), "named twice"),
        (("A.json", "B.json", "--report", "none/page.html"), "cannot be written"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(arguments, said, tmp_path, runs):
    make_photo(tmp_path / "photo.jpg", 1)
    done = capsearch("benchmark", "--compare", *arguments, folder=tmp_path)
    assert_refused(done)
    assert said in done.stderr


def test_parts_are_not_named_with_a_comparison(runs):
    done = capsearch("benchmark", "indexing", "--compare", *runs)
    assert_refused(done)
    assert "Leave out indexing." in done.stderr


def test_what_was_measured_is_saved_where_nobody_reads_the_terminal(tmp_path, photos):
    saved = tmp_path / "figures.json"
    command = [sys.executable, "-m", "capsearch", "benchmark", "indexing", "--quick"]
    command += ["--rounds", "1", "--photos", os.fspath(photos), "--json", os.fspath(saved)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.close()
        running.wait(120)
    assert json.loads(saved.read_text())["figures"]


def test_a_folder_without_photos_is_said(tmp_path):
    (tmp_path / "empty").mkdir()
    assert_refused(capsearch("benchmark", "indexing", "--photos", tmp_path / "empty"))
