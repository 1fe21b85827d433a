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
        ("that dog is ours", 1.0, 1.0),
        ("I want my coat", 1.0, 1.0),
        ("mein Hund", 1.0, 1.0),
        ("wo ist unser Haus", 1.0, 0.33),
        ("ma voiture rouge", 1.0, 0.5),
        ("mi perro", 1.0, 1.0),
        ("il mio cane", 1.0, 0.5),
        ("minha casa", 1.0, 1.0),
        ("mijn fiets", 1.0, 1.0),
        ("min hund", 1.0, 1.0),
        ("moja córka", 1.0, 1.0),
        ("моя собака", 1.0, 1.0),
        ("σκύλος μου", 1.0, 1.0),
        ("benim kedim", 1.0, 1.0),
        ("私の犬", 1.0, 1.0),
        ("我的猫", 1.0, 1.0),
        ("우리 집", 1.0, 1.0),
        ("मेरी बिल्ली", 1.0, 1.0),
        ("Notre Dame in Paris", 0.0, 0.33),
        ("an old coal mine", 0.0, 0.5),
        ("a gold mine in winter", 0.0, 0.33),
        ("Anna with Mia", 0.0, 0.5),
        ("ein Hund mit Ball", 0.0, 0.25),
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
        ("I want my coat", ("I want my coat", "a photo of a coat")),
        ("where is my dog in the snow", (None, "a photo of a dog in the snow")),
        ("show me all photos of our house", (None, "a photo of a house")),
        ("me and my dog", (None, "a photo of me and a dog")),
        ("a ball and my dog", (None, "a photo of a ball and a dog")),
        ("a man is looking at my dog", (None, "a photo of a man is looking at a dog")),
        ("this dog of mine", (None, "a photo of this dog")),
        ("MY DOG", (None, "a photo of a DOG")),
        ("mein Hund im Schnee", (None, "Hund im Schnee")),
        ("il mio cane", (None, "il cane")),
        ("私の犬", (None, "犬")),
        ("dog", ("dog",)),
        ("my", ("my",)),
        ("", ("",)),
    ],
)
def test_a_possessive_query_is_also_encoded_without_the_possessive(
    text: str, variants: tuple[str | None, ...]
) -> None:
    wanted = tuple(text if each is None else each for each in variants)
    assert query_variants(text) == wanted


@given(st.text())
def test_any_text_has_one_or_two_variants_and_is_the_first(text: str) -> None:
    variants = query_variants(text)
    assert variants[0] == text
    assert len(variants) <= 2
