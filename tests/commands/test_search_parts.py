"""`capsearch search` understands what the window understands, and takes its parts as flags."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from dated_photo import make_dated_photo
from run_command import assert_refused, capsearch

from capsearch.library.facade import Library
from capsearch.library.values import Question


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six photos of two years, in two albums, one of them a screenshot."""
    folder = tmp_path_factory.mktemp("parts") / "Pictures"
    for number, year in enumerate((2015, 2015, 2015, 2019, 2019)):
        album = "Zermatt" if number % 2 else "Garden"
        make_dated_photo(
            folder / album / f"{number}.jpg", number, f"{year}:07:0{number + 1} 10:00:00"
        )
    make_dated_photo(folder / "Screenshot_20190801.jpg", 9, "2019:08:01 10:00:00")
    path = tmp_path_factory.mktemp("library") / "library.db"
    with Library(path) as library:
        library.index([os.fspath(folder)])
    return path


def search(library: Path, *arguments: str) -> dict[str, Any]:
    done = capsearch("search", *arguments, "--library", library, "--json")
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


def names(answer: dict[str, Any]) -> list[str]:
    return [Path(result["path"]).name for result in answer["results"]]


def test_a_year_is_a_filter_and_says_so(library: Path) -> None:
    answer = search(library, "2015")
    assert names(answer) == ["2.jpg", "1.jpg", "0.jpg"], "newest first"
    assert [part["label"] for part in answer["understood"]] == ["2015"]
    assert {result["score"] for result in answer["results"]} == {None}
    told = capsearch("search", "2015", "--library", library).stdout.splitlines()
    assert told[0] == "Understood: dates 2015."
    assert told[-1].startswith("Newest first")


def test_flags_are_parts(library: Path) -> None:
    for flags, words in (
        (("--in", "2015"), ("2015",)),
        (("--in", "July 2015"), ("July 2015",)),
        (("--from", "2019"), ("since 2019",)),
        (("--to", "2 July 2015"), ("until 2 July 2015",)),
        (("--type", "screenshots"), ("screenshots",)),
        (("--without", "2015"), ("without 2015",)),
    ):
        assert names(search(library, *flags)) == names(search(library, *words)) != []
    assert len(names(search(library, "a house", "--in", "2015"))) == 3
    assert names(search(library, "--type", "screenshots")) == ["Screenshot_20190801.jpg"]


def test_words_need_no_quotes_and_may_begin_with_a_minus(library: Path) -> None:
    assert search(library, "a", "red", "house")["query"] == "a red house"
    excluded = search(library, "-zermatt")
    assert set(names(excluded)) == {"0.jpg", "2.jpg", "4.jpg", "Screenshot_20190801.jpg"}
    assert search(library, "-night", "-n", "2")["understood"][0]["label"] == "night"
    assert search(library, "house", "-snow")["looks"] == ["house"]


def test_the_text_says_where_it_was_found(library: Path) -> None:
    answer = search(library, "zermatt")
    assert names(answer)[:2] == ["3.jpg", "1.jpg"] or names(answer)[:2] == ["1.jpg", "3.jpg"]
    assert answer["results"][0]["said"] == {"field": "album", "value": "Zermatt"}
    assert "(album: Zermatt)" in capsearch("search", "zermatt", "--library", library).stdout


def test_what_is_not_known_is_said(library: Path) -> None:
    told = capsearch("search", "asdfqwerzxcv", "--library", library).stdout
    assert "CapSearch does not know the word 'asdfqwerzxcv'." in told
    assert "`capsearch models` lists" in told
    assert "None of them clearly shows it." in told
    told = capsearch("search", "Hund", "--library", library).stdout
    assert "'Hund' is read as 'dog'." in told


def test_a_filter_that_is_none_is_refused(library: Path) -> None:
    for flags in (("--in", "someday"), ("--from", "x"), ("--type", "sculptures")):
        done = capsearch("search", "a house", *flags, "--library", library)
        assert_refused(done)
        assert f"'{flags[1]}' is no" in done.stderr


def test_nothing_asked_is_refused(library: Path) -> None:
    assert_refused(capsearch("search", "--library", library))
    assert_refused(capsearch("search", "", "--library", library))


@pytest.mark.parametrize("text", ["2015", "a house in 2019", "Hund", "zermatt", "house -snow"])
def test_the_command_and_the_facade_answer_alike(library: Path, text: str) -> None:
    answer = search(library, text, "-n", "50")
    with Library(library) as opened:
        own = opened.answer(Question(text))
        facts = opened.facts(own.ids.tolist())
    assert [result["path"] for result in answer["results"]] == [one.paths[0] for one in facts]
    assert [part["label"] for part in answer["understood"]] == [
        part.label for part in own.understood.parts
    ]
