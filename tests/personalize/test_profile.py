"""A collection becomes a profile and bends queries: what holds whatever the weights."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cap_fixtures import Collection, FloatArray, make_collection, random_weights, unit
from hypothesis import given, settings
from hypothesis import strategies as st

from capsearch.errors import CapsearchError
from capsearch.personalize import (
    CapWeights,
    Profile,
    bank_texts,
    compute_profile,
    explain,
    load_weights,
    personalize_query,
    query_variants,
)
from capsearch.personalize.neighbours import nearest_neighbours
from capsearch.personalize.weights import weights_from_bytes

QUERY = "my dog"


@pytest.fixture(scope="module")
def weights() -> CapWeights:
    return random_weights()


def scores(
    collection: Collection, weights: CapWeights, text: str = QUERY, profile: Profile | None = None
) -> FloatArray:
    profile = profile or profile_of(collection, weights)
    rows = collection.queries[: len(query_variants(text))]
    query = personalize_query(profile, text, rows)
    return collection.vectors @ query.vector + query.bias


def profile_of(collection: Collection, weights: CapWeights) -> Profile:
    return compute_profile(
        collection.ids, collection.vectors, collection.days, collection.people, weights,
        collection.bank,
    )  # fmt: skip


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 1000), photos=st.integers(3, 150))
def test_rotating_the_space_changes_no_score(seed: int, photos: int) -> None:
    collection = make_collection(photos, subject=min(3, photos), seed=seed)
    rng = np.random.default_rng(seed)
    turn = np.linalg.qr(rng.standard_normal((48, 48)))[0].astype(np.float32)
    turned = replace(
        collection,
        vectors=collection.vectors @ turn,
        bank=collection.bank @ turn,
        queries=collection.queries @ turn,
    )
    weights = random_weights(seed % 3)
    np.testing.assert_allclose(scores(turned, weights), scores(collection, weights), atol=2e-3)


def test_adding_dimensions_that_are_all_zero_changes_no_score(weights: CapWeights) -> None:
    collection = make_collection()
    vectors, bank, queries = (
        np.pad(rows, ((0, 0), (0, 16)))
        for rows in (collection.vectors, collection.bank, collection.queries)
    )
    wider = replace(collection, vectors=vectors, bank=bank, queries=queries)
    np.testing.assert_allclose(scores(wider, weights), scores(collection, weights), atol=1e-4)


def test_the_order_of_photos_does_not_matter(weights: CapWeights) -> None:
    collection = make_collection()
    order = np.random.default_rng(1).permutation(len(collection.ids))
    shuffled = replace(
        collection,
        ids=collection.ids[order],
        vectors=collection.vectors[order],
        days=collection.days[order],
    )
    first, second = profile_of(collection, weights), profile_of(shuffled, weights)
    np.testing.assert_array_equal(first.ids, second.ids)
    np.testing.assert_allclose(first.recurrence, second.recurrence, atol=1e-4)
    np.testing.assert_allclose(
        scores(collection, weights, profile=first),
        scores(collection, weights, profile=second),
        atol=1e-4,
    )


def test_an_empty_collection_gives_exactly_clip(weights: CapWeights) -> None:
    nothing = make_collection()
    profile = compute_profile(
        np.zeros(0, np.int64), np.zeros((0, 48), np.float32), None, None, weights, nothing.bank
    )
    query = personalize_query(profile, QUERY, nothing.queries)
    np.testing.assert_array_equal(query.vector, nothing.queries[0])
    assert len(query.bias) == 0


def test_a_fresh_network_gives_exactly_clip() -> None:
    collection = make_collection()
    profile = profile_of(collection, random_weights(gains=False))
    query = personalize_query(profile, QUERY, collection.queries)
    np.testing.assert_array_equal(query.vector, collection.queries[0])
    assert not query.bias.any()


@pytest.mark.parametrize("photos", [1, 2, 3, 700])
def test_small_and_larger_libraries_are_searched_with_finite_scores(
    photos: int, weights: CapWeights
) -> None:
    collection = make_collection(photos, subject=1)
    assert np.isfinite(scores(collection, weights)).all()


def test_all_identical_photos_get_equal_and_finite_scores(weights: CapWeights) -> None:
    collection = make_collection(50)
    same = replace(collection, vectors=np.repeat(collection.vectors[:1], 50, axis=0))
    result = scores(same, weights)
    assert np.isfinite(result).all()


def test_a_hundred_thousand_photos_keep_to_the_prototypes_allowed(weights: CapWeights) -> None:
    rng = np.random.default_rng(0)
    photos = 100_000
    vectors = unit(rng.standard_normal((photos, 8)).astype(np.float32)).astype(np.float16)
    profile = compute_profile(np.arange(photos), vectors, None, None, weights, None)
    assert len(profile.prototypes) == 512
    assert profile.recurrence.shape == (photos,)
    assert np.isfinite(personalize_query(profile, QUERY, vectors[:2]).bias).all()


def test_neighbours_found_in_cells_are_nearly_those_of_all_pairs() -> None:
    rng = np.random.default_rng(0)
    hearts = rng.standard_normal((60, 32))
    vectors = unit(hearts[rng.integers(0, 60, 3_000)] + 0.6 * rng.standard_normal((3_000, 32)))
    _, exact = nearest_neighbours(vectors, 8)
    _, near = nearest_neighbours(vectors, 8, exact_limit=100)
    shared = np.mean([len(set(a) & set(b)) / 8 for a, b in zip(exact, near, strict=True)])
    assert shared > 0.85


def test_a_recurring_subject_is_told_from_photos_taken_on_one_day() -> None:
    weights = load_weights()
    collection = make_collection(200, subject=6)
    burst = replace(collection, days=np.where(np.arange(200) < 6, 737_500, collection.days))
    returning = profile_of(collection, weights).recurrence[:6].mean()
    assert returning > profile_of(burst, weights).recurrence[:6].mean()


def test_the_bundled_weights_put_the_recurring_subject_first() -> None:
    collection = make_collection(200, subject=6)
    clip = np.argsort(-(collection.vectors @ collection.queries[0]))[:6]
    own = np.argsort(-scores(collection, load_weights()))[:6]
    assert (own < 6).sum() > (clip < 6).sum()


def test_a_query_that_is_not_possessive_keeps_the_encoders_vector() -> None:
    collection = make_collection()
    profile = profile_of(collection, load_weights())
    query = personalize_query(profile, "a dog in the snow", collection.queries[:1])
    np.testing.assert_allclose(query.vector, collection.queries[0], atol=1e-6)
    assert query.recurrence_gain == 0.0


def test_parts_add_up_to_the_score_and_know_clips_rank(weights: CapWeights) -> None:
    collection = make_collection()
    profile = profile_of(collection, weights)
    query = personalize_query(profile, QUERY, collection.queries)
    total = collection.vectors @ query.vector + query.bias
    clip = collection.vectors @ collection.queries[0]
    for row, parts in enumerate(explain(profile, query, collection.vectors, range(10))):
        assert parts.score == pytest.approx(total[row], abs=1e-4)
        assert parts.clip == pytest.approx(clip[row], abs=1e-5)
        assert parts.clip_rank == 1 + int((clip > clip[row]).sum())


def test_people_with_names_feed_the_prior(weights: CapWeights) -> None:
    collection = make_collection()
    named = [("Ann",) if row < 10 else () for row in range(len(collection.ids))]
    without = profile_of(collection, weights)
    with_names = compute_profile(
        collection.ids, collection.vectors, collection.days, named, weights, collection.bank
    )
    changed = without.recurrence != with_names.recurrence
    assert changed[:10].all()
    assert not changed[10:].any()


def test_a_profile_survives_being_written_and_read(weights: CapWeights) -> None:
    profile = profile_of(make_collection(), weights)
    again = Profile.from_bytes(profile.to_bytes())
    for name in ("ids", "hub", "recurrence", "prototypes", "prior", "reference", "gains"):
        np.testing.assert_array_equal(getattr(profile, name), getattr(again, name))
    assert (again.mean, again.spread, again.made_from) == (
        profile.mean, profile.spread, profile.made_from,
    )  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_damaged_profile_is_refused_with_a_clear_sentence(data: st.DataObject) -> None:
    whole = Profile.neutral(np.arange(5), 8).to_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    damaged = bytearray(whole)
    damaged[place] ^= 1 << data.draw(st.integers(0, 7))
    for broken in (bytes(damaged), whole[:place]):
        with pytest.raises(CapsearchError, match="profile of this library is damaged"):
            Profile.from_bytes(broken)


def test_missing_weights_give_clip_and_one_sentence(tmp_path: Path) -> None:
    weights = load_weights(tmp_path / "none.safetensors")
    assert not weights.personalizes
    assert weights.notice.startswith("The personalisation weights are missing")
    collection = make_collection()
    query = personalize_query(profile_of(collection, weights), QUERY, collection.queries)
    np.testing.assert_array_equal(query.vector, collection.queries[0])
    assert not query.bias.any()


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "junk"])
def test_damaged_weights_give_clip_and_one_sentence(tmp_path: Path, damage: str) -> None:
    from capsearch.resources import resource_path

    whole = (resource_path("cap") / "cap.safetensors").read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    content = {"empty": b"", "cut": whole[:5_000], "flipped": bytes(flipped), "junk": b"x" * 999}
    path = tmp_path / "cap.safetensors"
    path.write_bytes(content[damage])
    weights = load_weights(path)
    assert not weights.personalizes
    assert "damaged" in weights.notice


def test_the_bundled_weights_are_whole() -> None:
    weights = load_weights()
    assert weights.personalizes
    assert weights.notice == ""


def test_weights_with_features_of_another_version_are_refused() -> None:
    with pytest.raises((ValueError, KeyError)):
        weights_from_bytes(b"\x02\x00\x00\x00\x00\x00\x00\x00{}")


def test_the_bank_is_always_the_same() -> None:
    assert bank_texts() == bank_texts()
    assert len(set(bank_texts())) == len(bank_texts()) > 500


def test_the_products_side_does_not_import_torch() -> None:
    code = "import sys, capsearch.personalize; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
