"""What a person types reaches the encoder in words that it knows, or is said not to be known."""

import csv
import random
import re
from pathlib import Path

import pytest

from capsearch.encoders.vocabulary import is_multilingual, starter_vocabulary, vocabulary_of
from capsearch.language.emoji_names import emoji_name
from capsearch.language.german import to_english
from capsearch.language.wording import KnownWords, Wording, reword

STARTER = starter_vocabulary()
KNOWN = KnownWords(
    STARTER,
    STARTER,
    own=frozenset({"quillbrook"}).__contains__,
    names=frozenset({"annecy", "wilhelmine"}),
)


def unknown(wording: Wording) -> list[tuple[str, str]]:
    return [(word.word, word.nearest) for word in wording.unknown]


@pytest.mark.parametrize(
    "text",
    [
        "a dog on the beach",
        "my dog",
        "treehouse",
        "kayaking",
        "submarine",
        "12 ladies",
        "ladies",
    ],
)
def test_english_is_left_as_it_is(text: str) -> None:
    assert reword(text, KNOWN) == Wording(text)


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Hund", "dog"),
        ("Strand", "beach"),
        ("mein roter Hund am Strand", "my red dog at the beach"),
        ("unser Haus im Schnee", "our house in the snow"),
        ("spielende Kinder", "playing children"),
        ("Holzhaus", "wood house"),
        ("Voegel", "birds"),
        ("Weihnachtsbaum", "christmas tree"),
        ("ein Hund mit dem Kind", "a dog with the child"),
    ],
)
def test_everyday_german_is_read_as_english(german: str, english: str) -> None:
    wording = reword(german, KNOWN)
    assert wording.text == english
    assert {change.why for change in wording.changes} == {"german"}


def test_a_word_of_both_languages_is_english_unless_the_user_is_german() -> None:
    assert reword("Hut", KNOWN).text == "Hut"
    german = KnownWords(STARTER, STARTER, german=True)
    assert reword("Hut", german).text == "hat"
    assert reword("roter Hut", KNOWN).text == "red hat"


def test_a_multilingual_encoder_gets_what_was_typed() -> None:
    known = KnownWords(None, STARTER, multilingual=is_multilingual("ViT-B-16-SigLIP2/webli"))
    assert reword("mein Hund am Strand", known) == Wording("mein Hund am Strand")
    assert not is_multilingual("ViT-B-32-256/datacomp_s34b_b86k")
    assert vocabulary_of("ViT-B-32-256/datacomp_s34b_b86k") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("asdfqwerzxcv", [("asdfqwerzxcv", "")]),
        ("chien sur la plage", [("chien", ""), ("plage", "")]),
        ("snwo", [("snwo", "snow")]),
        ("Anecy", [("Anecy", "annecy")]),
        ("hydrangea bush", [("hydrangea", "")]),
    ],
)
def test_what_is_not_known_is_told_with_the_nearest_word(
    text: str, told: list[tuple[str, str]]
) -> None:
    assert unknown(reword(text, KNOWN)) == told


def test_long_words_are_mended_and_can_be_kept() -> None:
    assert reword("mountian lake", KNOWN).text == "mountain lake"
    assert reword("Wilhelmin", KNOWN).text == "wilhelmine"
    assert reword("birtday cake", KNOWN).text == "birthday cake"
    assert reword("mountian", KNOWN, kept={"mountian"}) == Wording("mountian")


def test_words_of_the_librarys_own_texts_are_known() -> None:
    assert reword("Quillbrook lake", KNOWN) == Wording("Quillbrook lake", own=("Quillbrook",))


@pytest.mark.parametrize(
    ("emoji", "name"),
    [
        ("🐶", "dog"),
        ("❤️", "heart"),
        ("🎂", "birthday cake"),
        ("👨‍👩‍👧", "man woman girl"),
        ("👍🏽", "thumbs up"),
        ("🇫🇷", "flag"),
        ("dog", None),
    ],
)
def test_emoji_have_names(emoji: str, name: str | None) -> None:
    assert emoji_name(emoji) == name


def test_what_is_no_german_is_not_translated() -> None:
    assert to_english("zeppelin") is None
    assert to_english("x") is None
    assert to_english("") is None


def test_slips_of_the_hand_are_mended_rightly() -> None:
    """One slip in each of the training's frequent words: with six letters and more at least nine
    in ten of those that are mended are mended rightly, and shorter ones are offered, not taken."""
    hand = random.Random(0)
    frequent = [word for word, said in STARTER.counts.items() if said >= 20 and len(word) >= 6]
    right = wrong = 0
    for word in frequent:
        at = hand.randrange(1, len(word))
        typed = word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
        if typed == word:
            continue
        changes = reword(typed, KNOWN).changes
        right += [change.read for change in changes] == [word]
        wrong += bool(changes) and [change.read for change in changes] != [word]
    assert right > 300
    assert wrong < right / 10


def test_real_captions_are_hardly_ever_called_strange(shared_data: Path) -> None:
    """Captions that the vocabulary was not made of: of their words at most one in 100 is told to
    be unknown, one in 200 mended, one in 1,000 taken for German."""
    names = set((shared_data / "flickr8k/dev.txt").read_text().split())
    with (shared_data / "flickr8k/captions.csv").open(newline="") as file:
        captions = [row["caption"] for row in csv.DictReader(file) if row["image"] in names]
    words = sum(len(re.findall(r"\w+", caption)) for caption in captions)
    told = [reword(caption, KNOWN) for caption in captions]
    reasons = [change.why for wording in told for change in wording.changes]
    assert sum(len(wording.unknown) for wording in told) < words / 100
    assert reasons.count("spelling") < words / 200
    assert reasons.count("german") < words / 1000
