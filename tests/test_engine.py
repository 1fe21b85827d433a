"""The engine over a real library with the bundled encoder: what it keeps, learns and explains."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from make_photo import MakePhoto

from capsearch.errors import CapsearchError
from capsearch.indexing import index_folders
from capsearch.library.facade import Engine


@pytest.fixture
def photos(tmp_path: Path, make_photo: MakePhoto) -> Path:
    folder = tmp_path / "photos"
    for seed in range(12):
        make_photo(folder / f"2019-03-{seed + 1:02d} 12.00.00.jpg", seed)
    return folder


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(tmp_path / "library.db") as engine:
        yield engine


def paths(engine: Engine, query: str = "a dog", **options: object) -> list[str]:
    return [result.path for result in engine.search(query, 100, **options).results]  # type: ignore[arg-type]


def test_results_are_the_same_after_every_cache_was_deleted(engine: Engine, photos: Path) -> None:
    engine.index([str(photos)])
    before = engine.search("a dog", 5)
    engine.close()
    shutil.rmtree(engine.cache_folder)
    assert engine.search("a dog", 5).results == before.results


def test_a_damaged_cache_changes_nothing(engine: Engine, photos: Path) -> None:
    engine.index([str(photos)])
    before = engine.search("a dog", 5)
    engine.close()
    for cache in engine.cache_folder.iterdir():
        cache.write_bytes(cache.read_bytes()[: cache.stat().st_size // 2])
    assert engine.search("a dog", 5).results == before.results


def test_a_library_made_anew_never_meets_the_caches_of_the_old_one(
    engine: Engine, photos: Path, make_photo: MakePhoto, tmp_path: Path
) -> None:
    engine.index([str(photos)])
    engine.search("a dog")
    engine.close()
    for file in tmp_path.glob("library.db*"):
        if file.is_file():
            file.unlink()
    other = make_photo(tmp_path / "other" / "one.jpg", 99)
    engine.index([str(other.parent)])
    assert paths(engine) == [str(other)]


def test_a_deleted_photo_leaves_the_results_and_a_moved_one_is_found_at_its_new_place(
    engine: Engine, photos: Path
) -> None:
    engine.index([str(photos)])
    first, second, *_ = sorted(photos.iterdir())
    first.unlink()
    moved = second.rename(photos / "moved.jpg")
    report = engine.index([str(photos)])
    assert report.encoded == 0
    found = paths(engine)
    assert str(first) not in found
    assert str(second) not in found
    assert str(moved) in found


def test_a_copy_is_one_result_with_two_places(engine: Engine, photos: Path) -> None:
    original = sorted(photos.iterdir())[0]
    copy = shutil.copy(original, photos / "copy.jpg")
    engine.index([str(photos)])
    results = engine.search("a dog", 100).results
    assert len(results) == 12
    both = next(result for result in results if str(copy) in (result.path, *result.places))
    assert {both.path, *both.places} == {str(original), str(copy)}


def test_without_personalisation_the_order_is_the_encoders_own(
    engine: Engine, photos: Path
) -> None:
    engine.index([str(photos)])
    response = engine.search("my dog", 12, personalize=False, explain=True)
    assert not response.personalized
    for result in response.results:
        assert result.parts is not None
        assert result.parts.clip_rank == result.rank
        assert result.score == pytest.approx(result.parts.clip, abs=1e-5)


def test_the_parts_of_a_personalised_score_add_up_to_it(engine: Engine, photos: Path) -> None:
    engine.index([str(photos)])
    response = engine.search("my dog", 12, explain=True)
    assert response.personalized
    generic = engine.search("my dog", 12, personalize=False)
    generic_rank = {result.path: result.rank for result in generic.results}
    for result in response.results:
        parts = result.parts
        assert parts is not None
        total = parts.clip + parts.hub + parts.recurrence + parts.warp
        assert result.score == pytest.approx(total, abs=1e-4)
        assert parts.clip_rank == generic_rank[result.path]


def test_photos_added_since_the_profile_was_made_are_found(
    engine: Engine, photos: Path, make_photo: MakePhoto, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.index([str(photos)])
    monkeypatch.setattr("capsearch.library.profile_keeper._ALWAYS_RENEWED", 0)
    monkeypatch.setattr("capsearch.library.profile_keeper._DRIFT", 0.5)
    added = make_photo(photos / "added.jpg", 77)
    engine.index([str(photos)])
    assert str(added) in paths(engine, "my dog")


def test_a_profile_that_has_seen_too_little_of_the_library_is_not_used(
    engine: Engine, photos: Path, make_photo: MakePhoto
) -> None:
    engine.index([str(photos)])
    for seed in range(20, 60):
        make_photo(photos / f"{seed}.jpg", seed)
    index_folders(engine.catalog, engine.encoder, [str(photos)])
    assert not engine.search("my dog").personalized
    engine.index([str(photos)])
    assert engine.search("my dog").personalized


def test_a_damaged_profile_gives_generic_results(engine: Engine, photos: Path) -> None:
    engine.index([str(photos)])
    key = f"profile {engine.encoder.identity}"
    kept = engine.catalog.get_state(key)
    assert kept is not None
    engine.catalog.set_state(key, kept[:-9] + b"damaged!!")
    engine.close()
    assert not engine.search("my dog").personalized


def test_a_search_before_there_is_a_library_says_what_to_do(engine: Engine) -> None:
    with pytest.raises(CapsearchError, match="no library"):
        engine.search("a dog")
    assert not engine.library.exists()


def test_a_library_of_another_encoder_says_whose_it_is(
    engine: Engine, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.index([str(photos)])
    catalog = engine.catalog
    with catalog.transaction():
        catalog.connection.execute("UPDATE encoders SET identity = 'older', name = 'other'")
    engine.close()
    with pytest.raises(CapsearchError, match="'other'"):
        engine.search("a dog")
