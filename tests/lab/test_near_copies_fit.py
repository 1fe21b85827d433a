"""The rule of near copies is the best by a stated criterion, and the product has the stated one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from capsearch.lab.near_copies.fit import fit_rule, share, taken
from capsearch.lab.near_copies.kept_labels import keep, kept
from capsearch.lab.near_copies.made_looks import made_looks
from capsearch.lab.near_copies.pairs import BLANK, PHOTOS, Labelled, Pairs, part_of
from capsearch.search.near_copies import RULE, group_copies, tells_little

READING = Path(__file__).parents[2] / ".github/READING.md"
COUNT = 1500


def pairs(bits: int, alike: float, seed: int, *, blank: bool = False, apart: int = 0) -> Pairs:
    """In each part as many pairs that differ by so many bits and are so alike."""
    rng = np.random.default_rng(seed)
    left = rng.integers(0, 2**64, (COUNT, 2), np.uint64) * np.uint64(not blank)
    right = left.copy()
    for bit in range(bits):
        right[:, bit % 2] ^= np.uint64(1) << np.uint64(bit * 2)
    same, near = np.ones(COUNT, np.bool_), np.zeros(COUNT)
    likeness = np.full(COUNT, alike, np.float32)
    numbers = np.arange(COUNT)
    days = np.full(COUNT, apart)
    return Pairs(np.stack([left, right], axis=1), likeness, same, near, days, numbers % 3, numbers)


def labelled(different: Pairs) -> Labelled:
    copies = {
        (PHOTOS, "quality 60"): pairs(4, 0.9, 0),
        (PHOTOS, "cut by 5%"): pairs(20, 0.8, 1),
        (BLANK, "quality 60"): pairs(1, 0.999, 2, blank=True),
    }
    wrong = {(PHOTOS, "of others"): different, (BLANK, "of others"): pairs(1, 0.97, 3, blank=True)}
    hashes = np.random.default_rng(4).integers(0, 2**64, (COUNT, 2), np.uint64)
    return Labelled(copies, wrong, {}, hashes, np.arange(COUNT) % 3)


def test_the_rule_finds_all_copies_that_can_be_told_from_different_pictures() -> None:
    rule = fit_rule(labelled(pairs(18, 0.6, 5)))
    assert (rule.near, rule.far) == (4, 20)
    assert 0.6 < rule.like <= 0.8
    assert 0.97 < rule.poor_like <= 0.999


def test_copies_that_cannot_be_told_from_different_pictures_are_given_up() -> None:
    rule = fit_rule(labelled(pairs(18, 0.85, 5)))
    assert not taken(pairs(18, 0.85, 6), rule).any()
    assert taken(pairs(4, 0.9, 7), rule).mean() > 0.98


def test_nothing_of_the_part_to_report_on_changes_the_rule() -> None:
    data = labelled(pairs(18, 0.6, 5))
    wrong = data.different[PHOTOS, "of others"]
    worse = replace(wrong, alike=np.where(wrong.parts == 2, 0.99, wrong.alike).astype(np.float32))
    changed = replace(data, different={**data.different, (PHOTOS, "of others"): worse})
    assert fit_rule(changed) == fit_rule(data)


def test_pairs_of_two_days_are_copies_by_their_hashes_alone() -> None:
    less_near, near = (pairs(bits, 0.9, 8, apart=RULE.days + 1) for bits in (20, 4))
    assert not taken(less_near, RULE).any()
    assert taken(replace(less_near, days=less_near.days - 1), RULE).mean() > 0.98
    assert taken(near, RULE).mean() > 0.98


def test_labelled_pairs_are_read_back_as_they_were_kept(tmp_path: Path) -> None:
    data = labelled(pairs(18, 0.6, 5, apart=3))
    data = replace(data, compared={(PHOTOS, "of others"): np.array([1, 2, 3])})
    keep(data, tmp_path / "labels.npz")
    again = kept(tmp_path / "labels.npz")
    assert fit_rule(again) == fit_rule(data)
    assert again.compared[PHOTOS, "of others"].tolist() == [1, 2, 3]
    assert (again.different[PHOTOS, "of others"].days == 3).all()


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 broken"])
def test_a_file_of_something_else_is_said_to_hold_no_pairs(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "labels.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="holds no pairs"):
        kept(path)


def test_a_series_is_in_the_same_part_for_ever() -> None:
    assert [part_of(name) for name in ("dog", "cat", "1000268201_693b08cb0e.jpg")] == [1, 1, 0]
    assert {part_of(str(number)) for number in range(50)} == {0, 1, 2}


def test_the_product_has_the_rule_that_is_told_with_its_figures() -> None:
    told = " ".join(READING.read_text("utf-8").split())
    names = ("near", "far", "like", "least", "poor_far", "poor_like")
    assert ", ".join(f"{name}={getattr(RULE, name)}" for name in names) in told


def test_an_interval_of_a_share_is_that_of_wilson() -> None:
    """Where all of n are right it begins at n / (n + z squared)."""
    assert abs(share(10, 10).low - 10 / (10 + 1.959964**2)) < 1e-12
    assert share(5, 10).low + share(5, 10).high == 1


def test_a_made_library_has_bursts_and_blank_pictures_and_its_groups_are_the_bursts() -> None:
    looks = made_looks(2000, dim=64)
    groups = group_copies(looks)
    assert 55 <= len(groups) <= 65
    assert tells_little(looks.hashes).sum() >= 40
