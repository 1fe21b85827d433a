"""Every flag that the README names, and every way in which the command ends."""

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from make_photo import make_photo
from run_command import as_json, assert_refused, capsearch

import capsearch as package
from capsearch.resources import resource_path

PHOTOS = 12


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("photos")
    for seed in range(PHOTOS):
        make_photo(folder / f"IMG_2019{seed + 1:02d}01_120000.jpg", seed)
    return folder


@pytest.fixture(scope="module")
def library(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One library of all photos that the tests of this module only read."""
    home = tmp_path_factory.mktemp("module-home")
    path = home / "library.db"
    environment = {"CAPSEARCH_HOME": os.fspath(home)}
    assert as_json(
        capsearch("index", photos, "--library", path, "--json", environment=environment)
    )["encoded"] == PHOTOS  # fmt: skip
    return path


def search(library: Path, *arguments: str) -> dict[str, Any]:
    return as_json(capsearch("search", "a red house", "--library", library, "--json", *arguments))


def names(answer: dict[str, Any]) -> list[str]:
    return [Path(result["path"]).name for result in answer["results"]]


def test_version_and_help_are_no_errors() -> None:
    version = capsearch("--version")
    assert (version.returncode, version.stdout) == (0, f"capsearch {package.__version__}\n")
    text = capsearch("--help")
    assert text.returncode == 0
    assert all(name in text.stdout for name in ("index", "search", "models", "doctor"))


def test_n_is_how_many_results_and_twenty_without_it(library: Path) -> None:
    everything = names(search(library))
    assert len(everything) == PHOTOS
    assert names(search(library, "-n", "3")) == everything[:3]


def test_no_personalize_is_the_order_of_the_encoder_alone(library: Path) -> None:
    answer = search(library, "--no-personalize", "--explain")
    assert answer["personalized"] is False
    scores = [result["score"] for result in answer["results"]]
    assert [result["parts"]["clip"] for result in answer["results"]] == pytest.approx(
        scores, abs=1e-5
    )
    assert [result["parts"]["clip_rank"] for result in answer["results"]] == [*range(1, PHOTOS + 1)]


def test_explain_shows_parts_that_make_up_the_score(library: Path) -> None:
    answer = search(library, "--explain")
    for result in answer["results"]:
        parts = result["parts"]
        total = parts["clip"] + parts["hub"] + parts["recurrence"] + parts["warp"]
        assert total == pytest.approx(result["score"], abs=1e-4)
    assert all(result["parts"] is None for result in search(library)["results"])


def test_explain_is_a_line_below_each_result_for_people(library: Path) -> None:
    done = capsearch("search", "a red house", "--library", library, "-n", "2", "--explain")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[:4]] == ["1", "clip", "2", "clip"]
    assert done.stderr == ""


def test_another_library_knows_nothing_of_this_one(library: Path, tmp_path: Path) -> None:
    assert_refused(capsearch("search", "a red house", "--library", tmp_path / "other.db"))
    assert_refused(capsearch("search", "a red house"))


def test_doctor_counts_the_library_it_is_given(library: Path) -> None:
    diagnosis = json.loads(capsearch("doctor", "--library", library, "--json").stdout)
    assert diagnosis["library"] == str(library)
    assert diagnosis["counts"]["searchable"] == PHOTOS


def test_the_encoder_named_is_the_one_that_searches(library: Path) -> None:
    assert search(library, "--encoder", "starter")["encoder"] == "starter"


def test_an_encoder_of_a_folder_indexes_and_searches(photos: Path, tmp_path: Path) -> None:
    library, encoder = tmp_path / "library.db", f"local-dir:{tiny_clip(tmp_path / 'tiny')}"
    command = ("--library", library, "--encoder", encoder, "--device", "cpu", "--json")
    assert as_json(capsearch("index", photos, *command))["encoder"] == encoder
    assert as_json(capsearch("search", "a house", *command))["encoder"] == encoder
    remembered = as_json(capsearch("search", "a house", "--library", library, "--json"))
    assert remembered["encoder"] == encoder

    # Another one takes over, and what the first has made can go.
    other = ("--library", library, "--encoder", "starter", "--json")
    assert as_json(capsearch("index", photos, *other))["encoded"] == PHOTOS
    refused = capsearch("models", "forget", "starter", "--library", library)
    assert_refused(refused)
    assert "is what this library is searched by" in refused.stderr
    forgotten = as_json(capsearch("models", "forget", encoder, "--library", library, "--json"))
    assert forgotten == {"forgotten": encoder, "photos": PHOTOS}
    assert len(search(library)["results"]) == PHOTOS


def tiny_clip(folder: Path) -> Path:
    """A folder with a one-layer CLIP of random weights, in open_clip's layout."""
    import open_clip
    import torch
    from safetensors.torch import save_file

    sizes = {"width": 32, "layers": 1}
    model: dict[str, Any] = {
        "embed_dim": 32,
        "vision_cfg": {**sizes, "image_size": 32, "head_width": 16, "patch_size": 16},
        "text_cfg": {**sizes, "heads": 2, "context_length": 77, "vocab_size": 49408},
    }
    folder.mkdir()
    (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": model}))
    torch.manual_seed(0)
    weights = open_clip.CLIP(**model).state_dict()
    save_file(weights, folder / "open_clip_model.safetensors")
    return folder


def test_what_is_excluded_is_not_indexed_and_leaves_the_library(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    for seed, name in enumerate(("a.jpg", "b.jpg", "drafts/c.jpg", "drafts/d.png")):
        make_photo(folder / name, seed)
    assert as_json(capsearch("index", folder, "--json"))["photos"] == 4
    again = capsearch("index", folder, "--exclude", "drafts", "--exclude", "b.*", "--json")
    assert as_json(again)["photos"] == 1
    answer = as_json(capsearch("search", "a house", "--json"))
    assert names(answer) == ["a.jpg"]


def test_photos_on_a_drive_that_is_away_are_found_and_marked(tmp_path: Path) -> None:
    for seed, name in enumerate(("here/a.jpg", "away/b.jpg")):
        make_photo(tmp_path / name, seed)
    assert capsearch("index", tmp_path / "here", tmp_path / "away").returncode == 0
    (tmp_path / "away").rename(tmp_path / "unplugged")
    assert capsearch("index", tmp_path / "away").returncode == 0
    lines = capsearch("search", "a house").stdout.splitlines()
    assert [line.endswith("(offline)") for line in lines if ".jpg" in line].count(True) == 1
    assert [line for line in lines if "b.jpg  (offline)" in line]


def test_retry_reads_again_what_failed_while_a_codec_was_missing(tmp_path: Path) -> None:
    pylibjxl = pytest.importorskip("pylibjxl")
    import numpy as np

    folder, broken = tmp_path / "photos", tmp_path / "broken"
    folder.mkdir()
    broken.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (48, 64, 3), dtype=np.uint8)
    (folder / "one.jxl").write_bytes(pylibjxl.encode(pixels))
    (broken / "pylibjxl.py").write_text("raise ImportError('not for this machine')\n")
    without = {"PYTHONPATH": os.pathsep.join([str(broken), os.environ.get("PYTHONPATH", "")])}
    first = as_json(capsearch("index", folder, "--json", environment=without))
    assert (first["photos"], len(first["failed"])) == (0, 1)
    unchanged = as_json(capsearch("index", folder, "--json"))
    assert (unchanged["photos"], len(unchanged["failed"])) == (0, 1)
    retried = as_json(capsearch("index", folder, "--retry", "--json"))
    assert (retried["photos"], retried["failed"]) == (1, [])


@pytest.mark.parametrize(
    "arguments",
    [
        ["evaluate", "personal", "--subjects", "none", "--distractors", "none"],
        ["train", "cap", "--photos", "none", "--output", "out", "--device", "cpu"],
        ["train", "cap", "--output", "out", "--device", "cpu"],
        ["train", "starter", "--data", "none", "--output", "out"],
    ],
)
def test_the_workshop_says_what_is_missing_in_one_sentence(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert_refused(capsearch(*arguments))


def test_a_bug_is_one_sentence_and_a_file_with_its_details(
    tmp_path: Path, own_home: Path, photos: Path
) -> None:
    """The bug: an encoder that passes every check, and whose network for words takes photos."""
    installed = installation_with_a_bug(tmp_path / "installed")
    done = capsearch(
        "search", "a dog", "--photos", photos,
        environment={"PYTHONPATH": os.fspath(installed)}, folder=installed,
    )  # fmt: skip
    assert done.returncode == 70, done.stderr
    assert done.stderr.count("\n") == 1
    assert "this is a bug in CapSearch" in done.stderr
    assert "Traceback" not in done.stderr
    (kept,) = (own_home / "crashes").iterdir()
    assert str(kept) in done.stderr
    assert "Traceback" in kept.read_text(encoding="utf-8")


def installation_with_a_bug(folder: Path) -> Path:
    source = Path(package.__file__).parent
    shutil.copytree(source, folder / "capsearch", ignore=shutil.ignore_patterns("__pycache__"))
    resources = resource_path("starter").parent
    shutil.copytree(resources, folder / "capsearch" / "resources", dirs_exist_ok=True)
    starter = folder / "capsearch" / "resources" / "starter"
    shutil.copyfile(starter / "image.onnx", starter / "text.onnx")
    hashes = json.loads((starter / "manifest.json").read_text())
    hashes["text.onnx"] = hashlib.sha256((starter / "text.onnx").read_bytes()).hexdigest()
    (starter / "manifest.json").write_text(json.dumps(hashes))
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="no pipe is closed like that there")
def test_a_reader_that_has_seen_enough_is_no_error(library: Path) -> None:
    import subprocess

    command = [sys.executable, "-m", "capsearch", "search", "a house", "--library", str(library)]
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (0, "")
