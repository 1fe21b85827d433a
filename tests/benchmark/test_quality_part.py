"""The quality part: over a small library of the user's, and by labels that are given."""

import csv
import hashlib
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from make_photo import make_photo
from PIL import Image
from run_command import as_json, capsearch
from tiny_encoder import TinyEncoder

from capsearch.benchmark import quality
from capsearch.benchmark.borrowed_library import borrowed_library
from capsearch.benchmark.carried_labels import (
    average_precision,
    expected_precision,
    gather_labels,
    telling_words,
)
from capsearch.benchmark.index_agreement import add_agreement
from capsearch.benchmark.labels import find_labels, measure_labels
from capsearch.benchmark.personal_effect import changed_share, places_moved
from capsearch.benchmark.run import Run
from capsearch.benchmark.sentences import generic_sentences, personal_queries
from capsearch.encoders.registry import load_encoder
from capsearch.lab.captions import read_captions
from capsearch.lab.personal.libraries import encode_sources
from capsearch.lab.personal.measure import measure as measure_personal
from capsearch.lab.retrieval import evaluate_retrieval
from capsearch.library.facade import Library
from capsearch.personalize import bank_texts, load_weights
from capsearch.search import Searcher, VectorIndex, VectorMatrix

XP_KEYWORDS = 0x9C9E
KEYWORDS = ("Zebrafinken", "Ostseestrand", "Quallen", "Leuchtturm", "Strandkorb", "2019", "rare")
NAMES = ("Annegret", "Bertram", "Cordula", "Dietlinde", "Eberhard")
FOLDERS = ("Kletterpark", "2021-07 Bauernhof", "DCIM/100CANON", "2020-05-17")
CLASSES = {"rex": "dog", "bello": "dog", "mug": "cup", "van": "car", "kite": "toy"}


def begin(scratch: Path, **given: object) -> Run:
    return Run(scratch, rounds=1, quick=True, say=lambda step: None, **given)  # type: ignore[arg-type]


def photo_with_keywords(path: Path, seed: int, keywords: list[str]) -> None:
    exif = Image.Exif()
    exif[XP_KEYWORDS] = ";".join(keywords).encode("utf-16-le") + b"\0\0"
    make_photo(path, seed, exif=exif)


def name_person(photo: Path, name: str) -> None:
    """Say in a sidecar who is on the photo."""
    photo.with_name(f"{photo.name}.xmp").write_text(
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        'xmlns:lr="http://ns.adobe.com/lightroom/1.0/"><lr:hierarchicalSubject><rdf:Bag>'
        f"<rdf:li>People|{name}</rdf:li></rdf:Bag></lr:hierarchicalSubject>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 photos in folders; five keywords and five names are on 4 photos each, a year is another
    keyword, and one keyword is on one photo."""
    folder = tmp_path_factory.mktemp("photos") / "Holidays"
    for number in range(60):
        at, word = FOLDERS[number % len(FOLDERS)], number // 4
        keywords = [KEYWORDS[word]] if word < 6 else ["rare"] if number == 59 else []
        photo_with_keywords(folder / at / f"{number}.jpg", number, keywords)
        if 6 <= word < 11:
            name_person(folder / at / f"{number}.jpg", NAMES[word - 6])
    return folder


@pytest.fixture(scope="module")
def library(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("library") / "library.db"
    with Library(path) as opened:
        opened.index([str(photos)])
    return path


def contents(folder: Path) -> dict[str, str]:
    """What every file holds, but for those that SQLite makes for readers."""
    readers = ("-shm", "-wal")
    files = (path for path in folder.rglob("*") if path.is_file())
    files = (path for path in files if not path.name.endswith(readers))
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_a_library_is_judged_and_only_read(library, tmp_path):
    before = contents(library.parent)
    run = begin(tmp_path, library=library)
    quality.measure(run)
    assert contents(library.parent) == before
    assert run.report.work["quality"] == "60 photos of your library"
    figures = {(figure.what, figure.way): figure for figure in run.report.figures}
    for way in ("'my ...'", "sentences of any library"):
        for what in (
            "first 10 that personalisation exchanged",
            "queries that personalisation left alone",
        ):
            assert 0 <= figures[what, way].value <= 1
    for way in ("personalised", "generic", "random order"):
        for kind in ("keywords", "names of people"):
            figure = figures[f"{kind}, mean average precision", way]
            assert 0 < figure.value < 1 and figure.note == "5 labels"
    for figure in figures.values():
        assert figure.part == "quality" and figure.size == 60
        if figure.low is not None and figure.high is not None:
            assert figure.low <= figure.value <= figure.high
    assert any(
        "every search of this library for 500 photos is exact" in note for note in run.report.notes
    )
    assert any("folder names needs 5" in sentence for sentence in run.report.missing)
    assert list(tmp_path.iterdir()) == []


def test_no_label_of_the_users_is_in_the_report_or_on_the_screen(library, tmp_path):
    said: list[str] = []
    run = begin(tmp_path, library=library)
    run.say = said.append
    quality.measure(run)
    told = (json.dumps(run.report.as_json()) + " ".join(said)).lower()
    for word in (*KEYWORDS[:5], *NAMES, "Kletterpark", "Bauernhof", "Holidays"):
        assert word.lower() not in told


def test_without_a_library_photos_are_indexed_for_the_purpose(photos, tmp_path):
    run = begin(tmp_path, photos=[photos])
    with borrowed_library(run, load_encoder("starter")) as view:
        assert view is not None
        ids = view.searcher().matrix.ids
        labels = gather_labels(view, ids)
        assert run.report.work["quality"] == "60 photos of your folders, indexed for the purpose"
        assert [label.query for label in labels["keywords"]] == sorted(
            f"a photo of {word.lower()}" for word in KEYWORDS[:5]
        )
        assert [label.query for label in labels["names of people"]] == list(NAMES)
        assert [label.query for label in labels["folder names"]] == [
            "a photo of bauernhof",
            "a photo of kletterpark",
        ]
        for label in labels["keywords"]:
            facts = view.catalog.facts(ids[label.rows].tolist()).values()
            assert {f"a photo of {each.keywords[0].lower()}" for each in facts} == {label.query}
            assert len(label.rows) == 4
    assert list(tmp_path.iterdir()) == []


def test_where_there_is_nothing_to_search_it_is_said(tmp_path):
    run = begin(tmp_path)
    quality.measure(run)
    (said,) = run.report.missing
    assert "--photos" in said and run.report.figures == []


def test_a_handful_of_photos_is_not_judged(tmp_path):
    for number in range(3):
        make_photo(tmp_path / "photos" / f"{number}.jpg", number)
    (tmp_path / "scratch").mkdir()
    run = begin(tmp_path / "scratch", photos=[tmp_path / "photos"])
    quality.measure(run)
    assert "50 or more are needed" in run.report.missing[0] and run.report.figures == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("2021-07 Bauernhof", "bauernhof"),
        ("golden_retriever", "golden retriever"),
        ("New York", "new york"),
        ("Côte d'Azur", "côte d'azur"),
        ("2021-05-03", ""),
        ("May 2020", ""),
        ("März", ""),
        ("DCIM", ""),
        ("100CANON", ""),
        ("101_PANA", ""),
        ("Camera Roll", ""),
        ("My Pictures", ""),
        ("IMG_0001", ""),
        ("12", ""),
        ("  ", ""),
    ],
)
def test_names_that_say_nothing_of_a_photo_are_no_labels(name, words):
    assert telling_words(name) == words


@pytest.mark.parametrize(("wanted", "count"), [(1, 1), (1, 5), (2, 5), (3, 6), (4, 4)])
def test_the_random_orders_precision_is_the_mean_over_all_orders(wanted, count):
    orders = itertools.combinations(range(1, count + 1), wanted)
    mean = np.mean([average_precision(np.array(places)) for places in orders])
    assert expected_precision(wanted, count) == pytest.approx(mean)


def test_what_personalisation_moves_is_counted_in_the_first_ten():
    generic = np.arange(30)
    assert changed_share(generic, generic) == places_moved(generic, generic) == 0
    turned = np.array([9, 1, 2, 3, 4, 5, 6, 7, 8, 0])
    assert changed_share(turned, generic) == 0 and places_moved(turned, generic) == 1.8
    others = np.array([*range(5), *range(20, 25)])
    assert changed_share(others, generic) == 0.5
    assert places_moved(others, generic) == (5 + 4 + 3 + 2 + 1) / 10


def test_an_index_that_looks_the_wrong_way_is_found_out(tmp_path):
    pytest.importorskip("hnswlib", reason="the optional hnswlib is not installed")
    encoder = TinyEncoder(dim=32)
    drawn = np.random.default_rng(0).standard_normal((3_000, 32))
    vectors = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float16)
    chunk = np.arange(1, 3_001), vectors
    matrix = VectorMatrix.open_or_build(tmp_path, "made", 1, 32, lambda: iter([chunk]))
    index = VectorIndex.build(matrix, queries=encoder.encode_texts(bank_texts()[:200]))
    recall = []
    for directions in (index.directions, index.directions[::-1].copy()):
        index.directions = directions
        run = begin(tmp_path)
        add_agreement(run, Searcher(matrix, index, exact_values=0), encoder, None)
        figure = run.report.find(
            "quality", "index against exact search, recall at 500", "generic", 3_000
        )
        assert figure is not None
        recall.append(figure.value)
    assert recall[0] >= 0.98 > recall[1] > 0


def test_no_query_is_one_that_the_index_is_tuned_by():
    asked = generic_sentences(100)
    assert 50 < len(asked) <= 100 and not set(asked) & set(bank_texts()[:200])
    assert {"my dog", "my bicycle"} <= set(personal_queries(100))
    assert len(personal_queries(22)) <= 22


@pytest.fixture
def labelled(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Captioned photos, their captions, and subjects."""
    subjects, others, captions = (tmp_path / name for name in ("subjects", "others", "all.csv"))
    for number, name in enumerate(CLASSES):
        for photo in range(4):
            make_photo(subjects / name / f"{photo}.png", seed=number, size=(64, 48 + photo))
    with (subjects / "classes.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("subject", "class"), *CLASSES.items()])
    for photo in range(30):
        make_photo(others / f"{photo}.png", seed=100 + photo)
    with captions.open("w", newline="") as file:
        rows = [(f"{photo}.png", f"what photo {photo} shows") for photo in range(30)]
        csv.writer(file).writerows([("image", "caption"), *rows])
    return others, captions, subjects


def test_labelled_figures_are_those_of_the_evaluation(labelled, tmp_path):
    others, captions, subjects = labelled
    encoder, run = TinyEncoder(), begin(tmp_path)
    run.quick = False
    measure_labels(run, encoder, find_labels([others], captions, subjects, None))
    found = {(figure.what, figure.way): figure for figure in run.report.figures}
    retrieval = evaluate_retrieval(encoder, others, read_captions(captions))
    for k, share in retrieval.recall.items():
        figure = found[f"captions, recall at {k}", "CLIP's order"]
        assert (figure.value, figure.low, figure.high) == (share.mean, share.low, share.high)
        assert figure.note == "30 captions, all photos" and figure.size == 30
    sources = encode_sources(encoder, subjects, others, captions)
    personal = measure_personal(sources, load_weights())
    for what, key in (
        ("'my ...', mean average precision", "map"),
        ("captions in a personal library, recall at 1", "recall_at_1"),
        ("captions in a personal library, recall at 10", "recall_at_10"),
    ):
        for way, share in (
            ("CAP", personal.methods["cap"][key]),
            ("CLIP's order", personal.methods["clip"][key]),
            ("hubness correction alone (NNN)", personal.methods["nnn"][key]),
            ("CAP, another user's collection", personal.methods["cap_shuffled"][key]),
        ):
            figure = found[what, way]
            assert (figure.value, figure.low, figure.high) == (share.mean, share.low, share.high)
        share = personal.differences["clip"][key]
        figure = found[f"{what}, difference", "CAP minus CLIP's order"]
        assert (figure.value, figure.low, figure.high) == (share.mean, share.low, share.high)


def test_the_command_gives_on_real_photos_what_evaluate_gives(shared_data, tmp_path):
    images, captions = shared_data / "flickr8k" / "images", shared_data / "flickr8k/captions.csv"
    names = (shared_data / "flickr8k" / "dev.txt").read_text().splitlines()[:24]
    only = tmp_path / "cut.txt"
    only.write_text("\n".join(names))
    asked = ("--captions", captions, "--only", only)
    evaluated = as_json(capsearch("evaluate", "retrieval", "--images", images, *asked, "--json"))
    measured = as_json(
        capsearch("benchmark", "quality", "--quick", "--photos", images, *asked, "--json")
    )
    recall = {f["what"]: f for f in measured["figures"] if "recall" in f["what"]}
    for k in (1, 5, 10):
        figure = recall[f"captions, recall at {k}"]
        assert figure["value"] == evaluated[f"recall_at_{k}"]
        assert [figure["low"], figure["high"]] == evaluated[f"recall_at_{k}_interval"]
        assert figure["note"] == "120 captions, those of cut.txt"
