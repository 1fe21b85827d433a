"""One name in any spelling of its letters is one name."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capsearch.text import folded, nfc


@pytest.mark.parametrize(
    "one, other",
    [
        ("Café", "Cafe\u0301"),
        ("ZÜRICH", "Zurich"),
        ("Straße", "STRASSE"),
        ("Tromsø", "tromso"),
        ("Łódź", "Lodz"),
        ("Æbelø", "aebelo"),
        ("İstanbul", "istanbul"),
        ("ﬁsh", "fish"),
        ("\uff12\uff10\uff11\uff15", "2015"),
        ("Ἀθῆναι", "αθηναι"),
        ("  two\t words\0", "two words"),
    ],
)
def test_spellings_of_one_name_are_equal_when_folded(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    "one, other", [("が", "か"), ("한글", "한긇"), ("का", "की"), ("bar", "bär1")]
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@given(st.text(st.characters()))
def test_both_forms_are_reached_at_once_and_can_be_stored(text: str) -> None:
    kept, compared = nfc(text), folded(text)
    assert nfc(kept) == kept == unicodedata.normalize("NFC", kept)
    assert folded(compared) == compared == folded(kept)
    (kept + compared).encode()
