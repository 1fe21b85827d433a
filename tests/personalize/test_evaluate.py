"""`capsearch evaluate personal`: libraries as promised, figures with intervals, clear errors."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from colour_encoder import ColourEncoder

from capsearch.cli import build_parser
from capsearch.errors import CapsearchError
from capsearch.lab.bootstrap import interval_over_users
from capsearch.lab.personal.libraries import (
    draw_libraries,
    encode_sources,
    with_modality_gap,
)
from capsearch.lab.personal.measure import measure
from capsearch.personalize import load_weights

CLASSES = {"rex": "dog", "bello": "dog", "mug": "cup", "van": "car", "kite": "toy", "boat": "boat"}


@pytest.fixture
def folders(tmp_path: Path, make_photo: Callable[..., Path]) -> tuple[Path, Path, Path]:
    subjects, others = tmp_path / "subjects", tmp_path / "others"
    for number, name in enumerate(CLASSES):
        for photo in range(4):
            make_photo(subjects / name / f"{photo}.png", seed=number, size=(64, 48 + photo))
    with (subjects / "classes.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["subject", "class"])
        writer.writerows(CLASSES.items())
    for photo in range(30):
        make_photo(others / f"{photo}.png", seed=100 + photo)
    captions = tmp_path / "captions.csv"
    with captions.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["image", "caption"])
        writer.writerows((f"{photo}.png", f"what photo {photo} shows") for photo in range(30))
    return subjects, others, captions


def test_a_library_holds_what_the_contract_says(folders: tuple[Path, Path, Path]) -> None:
    sources = encode_sources(ColourEncoder(), *folders)
    for library in draw_libraries(sources, 2, 20, 0):
        akin = sum(kind == library.subject_class for kind in CLASSES.values()) - 1
        assert library.relevant.sum() == 4
        assert len(library.vectors) == 4 + 3 * 4 + akin + 20
        assert (library.distractor >= 0).sum() == 20
        assert len(set(library.days.tolist())) == len(library.days)


def test_the_same_seed_draws_the_same_libraries(folders: tuple[Path, Path, Path]) -> None:
    sources = encode_sources(ColourEncoder(), *folders)
    first, second = (list(draw_libraries(sources, 1, 20, 3)) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one.vectors, other.vectors)


def test_the_report_has_every_method_with_intervals(folders: tuple[Path, Path, Path]) -> None:
    sources = encode_sources(ColourEncoder(), *folders)
    report = measure(sources, load_weights(), draws=1, distractor_count=20, ablations=True)
    content = json.loads(json.dumps(report.as_json()))
    for method in ("clip", "nnn", "cap", "cap_shuffled", "cap_random", "cap_empty", "ensemble"):
        low, high = content["methods"][method]["map_interval"]
        assert low <= content["methods"][method]["map"] <= high
        assert "mrr" in content["methods"][method]
    for k in (1, 5, 10):
        assert f"recall_at_{k}" in content["methods"]["cap"]
    assert content["methods"]["cap_empty"]["map"] == content["methods"]["clip"]["map"]
    assert "cap_shuffled" in report.as_text()


def test_a_modality_gap_moves_all_texts_and_all_photos_alike(
    folders: tuple[Path, Path, Path],
) -> None:
    sources = encode_sources(ColourEncoder(), *folders)
    apart = with_modality_gap(sources, 2.0, 0)
    assert with_modality_gap(sources, 0.0, 0) is sources
    for vectors in (apart.distractors, apart.captions, apart.bank, *apart.subjects.values()):
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    before = sources.distractors.mean(axis=0) - sources.captions.mean(axis=0)
    after = apart.distractors.mean(axis=0) - apart.captions.mean(axis=0)
    assert np.linalg.norm(after) > np.linalg.norm(before)


def test_an_interval_over_users_draws_whole_users() -> None:
    users = np.repeat(np.arange(10), 50)
    noise = np.random.default_rng(0).standard_normal(10)[users]
    clustered = interval_over_users(noise, users)
    loose = interval_over_users(noise, np.arange(500))
    assert clustered.high - clustered.low > 3 * (loose.high - loose.low)


def test_folders_that_lack_something_are_a_clear_error(
    folders: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    subjects, others, _ = folders
    encoder = ColourEncoder()
    with pytest.raises(CapsearchError, match="classes cannot be read"):
        encode_sources(encoder, tmp_path, others, None)
    with pytest.raises(CapsearchError, match="cannot be opened"):
        encode_sources(encoder, subjects, tmp_path / "none", None)
    with pytest.raises(CapsearchError, match="captions cannot be read"):
        encode_sources(encoder, subjects, others, tmp_path / "none.csv")


def test_the_command_takes_the_options_of_the_contract() -> None:
    command = ["evaluate", "personal", "--subjects", "a", "--distractors", "b", "--json"]
    args = build_parser().parse_args(command)
    assert (args.distractor_count, args.draws, args.seed, args.json) == (300, 5, 0, True)
