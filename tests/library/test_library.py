"""A real library with the bundled encoder: what it keeps, learns and explains."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from make_photo import MakePhoto

from capsearch.errors import CapsearchError
from capsearch.indexing.run import index_folders
from capsearch.library.facade import Library
from capsearch.library.values import Answer, Question


@pytest.fixture
def photos(tmp_path: Path, make_photo: MakePhoto) -> Path:
    folder = tmp_path / "photos"
    for seed in range(12):
        make_photo(folder / f"2019-03-{seed + 1:02d} 12.00.00.jpg", seed)
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.db") as opened:
        yield opened


def ask(library: Library, words: str = "a dog", **options: Any) -> Answer:
    return library.answer(Question(words, **options))


def ranked(answer: Answer) -> list[tuple[int, float]]:
    return list(zip(answer.ids.tolist(), answer.scores.tolist(), strict=True))


def paths(library: Library, words: str = "a dog") -> list[str]:
    return [facts.paths[0] for facts in ask(library, words).facts]


def test_results_are_the_same_after_every_cache_was_deleted(library: Library, photos: Path) -> None:
    library.index([str(photos)])
    before = ranked(ask(library, count=5))
    library.close()
    shutil.rmtree(library.cache_folder)
    assert ranked(ask(library, count=5)) == before


def test_a_damaged_cache_changes_nothing(library: Library, photos: Path) -> None:
    library.index([str(photos)])
    before = ranked(ask(library, count=5))
    library.close()
    for cache in library.cache_folder.iterdir():
        cache.write_bytes(cache.read_bytes()[: cache.stat().st_size // 2])
    assert ranked(ask(library, count=5)) == before


def test_a_library_made_anew_never_meets_the_caches_of_the_old_one(
    library: Library, photos: Path, make_photo: MakePhoto, tmp_path: Path
) -> None:
    library.index([str(photos)])
    ask(library)
    library.close()
    for file in tmp_path.glob("library.db*"):
        if file.is_file():
            file.unlink()
    other = make_photo(tmp_path / "other" / "one.jpg", 99)
    library.index([str(other.parent)])
    assert paths(library) == [str(other)]


def test_a_deleted_photo_leaves_the_results_and_a_moved_one_is_found_at_its_new_place(
    library: Library, photos: Path
) -> None:
    library.index([str(photos)])
    first, second, *_ = sorted(photos.iterdir())
    first.unlink()
    moved = second.rename(photos / "moved.jpg")
    report = library.index([str(photos)])
    assert report.encoded == 0
    found = paths(library)
    assert str(first) not in found
    assert str(second) not in found
    assert str(moved) in found


def test_a_copy_is_one_result_with_two_places(library: Library, photos: Path) -> None:
    original = sorted(photos.iterdir())[0]
    copy = shutil.copy(original, photos / "copy.jpg")
    library.index([str(photos)])
    found = ask(library).facts
    assert len(found) == 12
    both = next(facts for facts in found if str(copy) in facts.paths)
    assert set(both.paths) == {str(original), str(copy)}


def test_without_personalisation_the_order_is_the_encoders_own(
    library: Library, photos: Path
) -> None:
    library.index([str(photos)])
    answer = ask(library, "my dog", personalize=False, explained=True)
    assert not answer.personalized
    assert len(answer.explanations) == 12
    for rank, (explained, score) in enumerate(
        zip(answer.explanations, answer.scores, strict=True), start=1
    ):
        assert explained.parts.clip_rank == rank
        assert score == pytest.approx(explained.parts.clip, abs=1e-5)


def test_the_parts_of_a_personalised_score_add_up_to_it(library: Library, photos: Path) -> None:
    library.index([str(photos)])
    answer = ask(library, "my dog", explained=True)
    assert answer.personalized
    generic = ask(library, "my dog", personalize=False).ids.tolist()
    for photo, score, explained in zip(
        answer.ids.tolist(), answer.scores, answer.explanations, strict=True
    ):
        parts = explained.parts
        assert explained.photo == photo
        assert score == pytest.approx(
            parts.clip + parts.hub + parts.recurrence + parts.warp, abs=1e-4
        )
        assert parts.clip_rank == 1 + generic.index(photo)
        alone = library.explain(answer.question, photo)
        assert alone is not None and alone.parts == parts


def test_photos_added_since_the_profile_was_made_are_found(
    library: Library, photos: Path, make_photo: MakePhoto, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.index([str(photos)])
    monkeypatch.setattr("capsearch.library.profile_keeper._ALWAYS_RENEWED", 0)
    monkeypatch.setattr("capsearch.library.profile_keeper._DRIFT", 0.5)
    added = make_photo(photos / "added.jpg", 77)
    library.index([str(photos)])
    assert str(added) in paths(library, "my dog")


def test_a_profile_that_has_seen_too_little_of_the_library_is_not_used(
    library: Library, photos: Path, make_photo: MakePhoto
) -> None:
    library.index([str(photos)])
    for seed in range(20, 60):
        make_photo(photos / f"{seed}.jpg", seed)
    index_folders(library.catalog, library.encoder, [str(photos)])
    assert not ask(library, "my dog").personalized
    library.index([str(photos)])
    assert ask(library, "my dog").personalized


def test_a_damaged_profile_gives_generic_results(library: Library, photos: Path) -> None:
    library.index([str(photos)])
    key = f"profile {library.encoder.identity}"
    kept = library.catalog.get_state(key)
    assert kept is not None
    library.catalog.set_state(key, kept[:-9] + b"damaged!!")
    library.close()
    assert not ask(library, "my dog").personalized


def test_a_search_before_there_is_a_library_says_what_to_do(library: Library) -> None:
    with pytest.raises(CapsearchError, match="no library"):
        ask(library)
    assert not library.path.exists()


def test_a_library_of_another_encoder_says_whose_it_is(
    library: Library, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.index([str(photos)])
    catalog = library.catalog
    with catalog.transaction():
        catalog.connection.execute("UPDATE encoders SET identity = 'older', name = 'other'")
    library.close()
    with pytest.raises(CapsearchError, match="'other'"):
        ask(library)
