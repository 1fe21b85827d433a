"""The command as a user runs it: in a process of its own, on real files."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from make_photo import MakePhoto
from run_command import as_json, assert_refused, capsearch, count_photos

NO_SUCH_PLACE = "/no/such/place"


@pytest.fixture
def photos(tmp_path: Path, make_photo: MakePhoto) -> Path:
    folder = tmp_path / "photos"
    for seed in range(6):
        make_photo(folder / f"IMG_2019030{seed + 1}_120000.jpg", seed)
    return folder


def test_the_first_search_of_a_folder_indexes_it(photos: Path) -> None:
    answer = as_json(capsearch("search", "a dog", "--photos", photos, "-n", "3", "--json"))
    assert answer["query"] == "a dog"
    assert answer["encoder"] == "starter"
    assert isinstance(answer["personalized"], bool)
    assert set(answer["milliseconds"]) == {"encode", "search", "total"}
    results = answer["results"]
    assert isinstance(results, list)
    assert [result["rank"] for result in results] == [1, 2, 3]
    assert all(Path(result["path"]).parent == photos for result in results)
    assert all(result["date"].startswith("2019-03-0") for result in results)
    scores = [result["score"] for result in results]
    assert scores == sorted(scores, reverse=True)


def test_indexing_again_encodes_nothing(photos: Path) -> None:
    first = as_json(capsearch("index", photos, "--json"))
    assert (first["photos"], first["encoded"], first["unchanged"], first["failed"]) == (6, 6, 0, [])
    assert first["encoder"] == "starter"
    assert first["device"]
    assert first["photos_per_second"] > 0
    again = as_json(capsearch("index", photos, "--json"))
    assert (again["photos"], again["encoded"], again["unchanged"]) == (6, 0, 6)


def test_more_results_than_photos_gives_them_all(photos: Path) -> None:
    answer = as_json(capsearch("search", "a dog", "--photos", photos, "-n", "1000", "--json"))
    assert len(answer["results"]) == 6


def test_a_folder_searched_shows_only_its_own_photos(
    photos: Path, tmp_path: Path, make_photo: MakePhoto
) -> None:
    other = make_photo(tmp_path / "other" / "one.jpg", 50).parent
    assert capsearch("index", photos, other).returncode == 0
    answer = as_json(capsearch("search", "a dog", "--photos", other, "--json"))
    assert [result["path"] for result in answer["results"]] == [str(other / "one.jpg")]


def test_a_bad_file_is_a_line_and_not_the_end(photos: Path) -> None:
    (photos / "empty.jpg").write_bytes(b"")
    done = as_json(capsearch("index", photos, "--json"))
    assert done["photos"] == 6
    assert done["failed"] == [{"path": str(photos / "empty.jpg"), "reason": "the file is empty"}]


def test_an_empty_folder_finds_nothing_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    done = capsearch("search", "a dog", "--photos", tmp_path / "none")
    assert done.returncode == 1
    assert "Nothing found" in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a name be any bytes")
def test_a_name_of_any_bytes_is_indexed_and_printed(tmp_path: Path, make_photo: MakePhoto) -> None:
    folder = tmp_path / "photos"
    make_photo(folder / "a.jpg").rename(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe \xe9.jpg"))
    answer = as_json(capsearch("search", "a dog", "--photos", folder, "--json"))
    assert os.fsencode(answer["results"][0]["path"]).endswith(b"/\xff\xfe \xe9.jpg")
    plain = capsearch("search", "a dog", "--photos", folder)
    assert plain.returncode == 0
    assert b"\xff\xfe \xe9.jpg" in os.fsencode(plain.stdout)


def bad_library(kind: str, folder: Path) -> Path:
    path = folder / "library.db"
    if kind == "text":
        path.write_text("this is no library\n" * 100)
    elif kind == "newer":
        assert capsearch("index", folder, "--library", path).returncode == 0
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA user_version = 999")
        connection.close()
    elif kind == "under a file":
        (folder / "file").write_text("")
        path = folder / "file" / "library.db"
    elif kind == "a folder":
        path.mkdir()
    return path


@pytest.mark.parametrize("kind", ["text", "newer", "under a file", "a folder"])
@pytest.mark.parametrize("command", ["index", "search"])
def test_a_library_that_cannot_be_used_is_one_sentence_and_is_kept(
    kind: str, command: str, tmp_path: Path
) -> None:
    path = bad_library(kind, tmp_path)
    before = path.read_bytes() if path.is_file() else None
    target = ["index", tmp_path] if command == "index" else ["search", "a dog"]
    assert_refused(capsearch(*target, "--library", path))
    assert (path.read_bytes() if path.is_file() else None) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["index", NO_SUCH_PLACE],
        ["index", __file__],
        ["search", "a dog", "--photos", NO_SUCH_PLACE],
        ["search", "a dog"],
        ["search", "  ", "--photos", "."],
        ["search", "a dog", "-n", "0"],
        ["search", "a dog", "-n", "many"],
        ["index", ".", "--encoder", "no-such-encoder"],
        ["index", ".", "--encoder", "local-dir:/no/such/place"],
        ["evaluate", "retrieval", "--images", ".", "--captions", NO_SUCH_PLACE],
        ["evaluate", "retrieval", "--images", ".", "--captions", __file__],
        ["no-such-command"],
    ],
)
def test_bad_input_is_one_sentence_and_a_next_step(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert_refused(capsearch(*arguments))


def test_an_interrupted_run_says_so_and_keeps_what_is_done(
    tmp_path: Path, make_photo: MakePhoto
) -> None:
    folder = tmp_path / "photos"
    for seed in range(400):
        make_photo(folder / f"{seed}.jpg", seed, (640, 480))
    running = subprocess.Popen(
        [sys.executable, "-m", "capsearch", "index", folder, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    library = Path(os.environ["CAPSEARCH_HOME"]) / "library.db"
    deadline = time.monotonic() + 60
    while count_photos(library) == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    output, errors = running.communicate(timeout=60)
    assert running.returncode == 130, errors
    assert "Traceback" not in errors
    kept = json.loads(output)["photos"]
    assert 0 < kept < 400
    done = as_json(capsearch("index", folder, "--json"))
    assert (done["photos"], done["encoded"]) == (400, 400 - kept)


def test_searching_by_the_starter_never_loads_torch(photos: Path) -> None:
    code = (
        "import sys; from capsearch.cli import main; "
        "code = main(['search', 'a dog', '--photos', sys.argv[1]]); "
        "assert 'torch' not in sys.modules; sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, photos], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_models_and_doctor_describe_this_machine(photos: Path) -> None:
    models = as_json(capsearch("models", "--json"))["encoders"]
    assert isinstance(models, list)
    assert "starter" in [model["name"] for model in models if model["installed"]]
    assert capsearch("index", photos).returncode == 0
    done = capsearch("doctor", "--json")
    diagnosis = json.loads(done.stdout)
    assert done.returncode == (1 if diagnosis["problems"] else 0)
    assert diagnosis["counts"]["searchable"] == 6
    assert diagnosis["encoder"] == "starter"
    assert Path(diagnosis["library"]).is_file()


def test_a_damaged_library_is_set_aside_and_begun_anew(photos: Path, tmp_path: Path) -> None:
    library = tmp_path / "library.db"
    assert capsearch("index", photos, "--library", library).returncode == 0
    damaged = bytearray(library.read_bytes())
    damaged[100:] = bytes(len(damaged) - 100)
    library.write_bytes(damaged)
    assert_refused(capsearch("search", "a dog", "--library", library))
    repaired = capsearch("doctor", "--repair", "--library", library)
    assert "is kept as" in repaired.stderr
    assert bytes(damaged) in [
        path.read_bytes() for path in tmp_path.glob("library*") if path.is_file()
    ]
    assert as_json(capsearch("index", photos, "--library", library, "--json"))["encoded"] == 6


def test_retrieval_is_measured_over_captioned_photos(photos: Path, tmp_path: Path) -> None:
    names = sorted(path.name for path in photos.iterdir())
    captions = tmp_path / "captions.csv"
    lines = [f"{name},photo number {i}" for i, name in enumerate(names) for _ in range(2)]
    captions.write_text("\n".join(["image,caption", *lines, "missing.jpg,nothing"]))
    report = as_json(
        capsearch("evaluate", "retrieval", "--images", photos, "--captions", captions, "--json")
    )
    assert (report["queries"], report["gallery"], report["missing"]) == (12, 6, 1)
    assert report["recall_at_10"] == 1.0
    for k in (1, 5, 10):
        low, high = report[f"recall_at_{k}_interval"]
        assert 0 <= low <= report[f"recall_at_{k}"] <= high <= 1
    assert 1 <= report["median_rank"] <= 6


def test_every_real_photo_is_indexed_or_has_a_reason(shared_data: Path) -> None:
    done = as_json(capsearch("index", shared_data / "bad", shared_data / "library", "--json"))
    failed = {Path(failure["path"]).name: failure["reason"] for failure in done["failed"]}
    assert done["photos"] > 100
    for name in ("empty.jpg", "random.png", "truncated.jpg", "truncated.png", "corrupt-header.jpg"):
        assert failed[name]
    assert all(str(shared_data / "bad") in failure["path"] for failure in done["failed"])
