"""What a query asks of the collection is read from its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capsearch.personalize.intent import query_variants, read_intent


@pytest.mark.parametrize(
    ("text", "possessive", "underspecified"),
    [
        ("my dog", 1.0, 1.0),
        ("Our dog", 1.0, 1.0),
        ("a photo of my dog", 1.0, 1.0),
        ("this dog of mine", 1.0, 1.0),
        ("dog", 0.0, 1.0),
        ("a black dog runs through snow", 0.0, 0.2),
        ("the economy of Myanmar", 0.0, 0.5),
        ("", 0.0, 1.0),
    ],
)
def test_possessives_and_telling_words_are_counted(
    text: str, possessive: float, underspecified: float
) -> None:
    intent = read_intent(text)
    assert intent.possessive == possessive
    assert intent.underspecified == pytest.approx(underspecified, abs=0.051)


@pytest.mark.parametrize(
    ("text", "variants"),
    [
        ("my dog", ("my dog", "a photo of a dog")),
        ("a photo of my dog", ("a photo of my dog", "a photo of a dog")),
        ("dog", ("dog",)),
        ("my", ("my",)),
        ("", ("",)),
    ],
)
def test_a_possessive_query_is_also_encoded_without_the_possessive(
    text: str, variants: tuple[str, ...]
) -> None:
    assert query_variants(text) == variants


@given(st.text())
def test_any_text_has_one_or_two_variants_and_is_the_first(text: str) -> None:
    variants = query_variants(text)
    assert variants[0] == text
    assert len(variants) <= 2
