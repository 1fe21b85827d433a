"""The search box reads what a person means, and leaves the rest to the encoder."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capsearch.language.grammar import understand
from capsearch.language.names import KnownNames
from capsearch.language.parts import Understood

TODAY = datetime.date(2026, 11, 28)
NAMES = KnownNames(
    {
        "person": (("Wilhelmine Testperson", 3), ("Anna Meier", 2), ("Anna Öz", 1), ("Rose", 1)),
        "place": (("Annecy", 4), ("France", 9), ("Nice", 2), ("Saint-Malo", 1)),
        "keyword": (("zeppelin", 3), ("dog", 5)),
        "album": (("Trip 2019", 7),),
    },
    {"Frankreich": "France"},
)


def read(text: str, *, plain: tuple[str, ...] = ()) -> Understood:
    ordinary = {"nice", "rose", "dog"}
    return understand(text, NAMES, today=TODAY, plain=plain, ordinary=ordinary.__contains__)


def asked(text: str) -> list[tuple[str, tuple[str, ...], bool]]:
    return [
        (part.field, part.condition.values if part.condition else (), part.negated)
        for part in read(text).parts
    ]


@pytest.mark.parametrize(
    ("text", "field", "values", "looks"),
    [
        ("wilhelmine testperson", "person", ("Wilhelmine Testperson",), ()),
        ("Wilhelmine on the beach", "person", ("Wilhelmine Testperson",), ("on the beach",)),
        ("Anna", "person", ("Anna Meier", "Anna Öz"), ()),
        ("a cake with anna oz", "person", ("Anna Öz",), ("a cake",)),
        ("dogs in Annecy", "place", ("Annecy",), ("dogs",)),
        ("Fotos aus Frankreich", "place", ("France",), ()),
        ("saint malo harbour", "place", ("Saint-Malo",), ("harbour",)),
        ("in Nice", "place", ("Nice",), ()),
        ("dogs in 2015", "dates", ("2015-01-01/2015-12-31",), ("dogs",)),
        ("family at Christmas", "yearly", ("12-24/12-26",), ("family",)),
        ("dogs on this day in 2019", "dates", ("2019-11-28/2019-11-28",), ("dogs",)),
        ("Sundays", "weekday", ("7",), ()),
        ("videos of my dog", "kind", ("video",), ("of my dog",)),
        ("screenshots", "kind", ("screenshot",), ()),
        ("near copies", "kind", ("copies",), ()),
        ("Duplikate", "kind", ("copies",), ()),
        ("RAW photos", "kind", ("raw",), ()),
        ("Favoriten", "kind", ("favourite",), ()),
        ("png", "format", ("PNG",), ()),
        ("type:heic lake", "format", ("HEIF",), ("lake",)),
        ("4+ stars", "rating", ("4",), ()),
        ("★★★", "rating", ("3",), ()),
        ('"harvest festival" tractor', "words", ("harvest festival",), ("tractor",)),
        ("„Ernte“ Traktor", "words", ("Ernte",), ("Traktor",)),
        ("keyword:zeppelin", "keyword", ("zeppelin",), ()),
        ('album:"Trip 2019" lake', "album", ("Trip 2019",), ("lake",)),
        ("person:Anna lake", "person", ("Anna Meier", "Anna Öz"), ("lake",)),
        ("person:Berta lake", "person", ("Berta",), ("lake",)),
    ],
)
def test_one_part_and_the_rest(
    text: str, field: str, values: tuple[str, ...], looks: tuple[str, ...]
) -> None:
    assert asked(text) == [(field, values, False)]
    assert read(text).looks == looks


@pytest.mark.parametrize(
    "text",
    [
        "christmas tree",
        "nice beach",
        "a rose in a vase",
        "winter landscape",
        "sunday roast",
        "a man may jump",
        "no parking sign",
        "my favourite dog",
        "two people in winter coats",
        "dogs in fall leaves",
        "children on a carnival ride",
        "a bunch of people are standing or sitting in a snow valley",
        "a boy without a shirt on is jumping in the air",
        "a man that is not on the boat",
        "dog",
        "zeppelin over a lake",
    ],
)
def test_what_photos_show_stays_for_the_encoder(text: str) -> None:
    understood = read(text)
    assert not understood.parts
    assert understood.looks == (text,)


@pytest.mark.parametrize(
    ("text", "looks", "unwanted"),
    [
        ("beach without people", ("beach",), ("people",)),
        ("Strand ohne Menschen", ("Strand",), ("Menschen",)),
        ("beach -snow", ("beach",), ("snow",)),
        ("-dog", (), ("dog",)),
        ("harbour, not at night", ("harbour",), ("night",)),
        ("beach without people and dogs at sunset", ("beach at sunset",), ("people", "dogs")),
        ("street without cars or people", ("street",), ("cars", "people")),
        (
            "garden with no flowers and with a bench",
            ("garden and with a bench",),
            ("flowers",),
        ),
        ("people without water in 2015", ("people",), ("water",)),
        ("a man wearing no hat", ("a man",), ("hat",)),
        ("a man with no hat, in the snow", ("a man in the snow",), ("hat",)),
        ("well-known man", ("well-known man",), ()),
    ],
)
def test_exclusion(text: str, looks: tuple[str, ...], unwanted: tuple[str, ...]) -> None:
    understood = read(text)
    assert (understood.looks, understood.unwanted) == (looks, unwanted)
    assert [part.label for part in understood.parts if part.negated] == list(unwanted)


def test_what_is_known_is_excluded_by_what_is_known() -> None:
    assert asked("lake without Wilhelmine") == [("person", ("Wilhelmine Testperson",), True)]
    assert asked("lake not in 2015") == [("dates", ("2015-01-01/2015-12-31",), True)]
    assert asked("lake -place:Annecy") == [("place", ("Annecy",), True)]
    assert asked('lake -"Ernte"') == [("words", ("Ernte",), True)]
    assert asked("Strand ohne Anna und Wilhelmine") == [
        ("person", ("Anna Meier", "Anna Öz"), True),
        ("person", ("Wilhelmine Testperson",), True),
    ]


def test_or() -> None:
    assert read("cats or dogs").looks == ("cats", "dogs")
    assert asked("2015 or 2017") == [
        ("dates", ("2015-01-01/2015-12-31", "2017-01-01/2017-12-31"), False)
    ]
    assert asked("Annecy oder Saint-Malo") == [("place", ("Annecy", "Saint-Malo"), False)]
    assert read("Annecy or dogs").looks == ("Annecy", "dogs")
    assert not read("Annecy or dogs").parts


def test_all_kinds_in_one_text() -> None:
    text = 'Anna and a dog in Annecy last summer "cake" 4 stars without snow'
    assert [(part.field, part.negated) for part in read(text).parts] == [
        ("person", False),
        ("place", False),
        ("dates", False),
        ("words", False),
        ("rating", False),
        ("looks", True),
    ]
    assert read(text).looks == ("and a dog",)


def test_a_part_can_be_turned_back_into_words_or_taken_out() -> None:
    text = "family at Christmas in Annecy"
    assert [part.field for part in read(text).parts] == ["yearly", "place"]
    plain = read(text, plain=("christmas",))
    assert [part.field for part in plain.parts] == ["place"]
    assert plain.looks == ("family at Christmas",)
    understood = read(text)
    assert understood.without(understood.parts[0]) == "family in Annecy"
    assert understood.without(understood.parts[1]) == "family at Christmas"


def test_an_emoji_is_a_word() -> None:
    assert read("🐶 in Annecy").looks == ("🐶",)
    assert read("👩‍🍳🏽 2015").looks == ("👩‍🍳🏽",)


def test_names_complete_what_is_typed() -> None:
    assert [found.name for found in NAMES.complete("wilh")] == ["Wilhelmine Testperson"]
    assert [found.name for found in NAMES.complete("a")][:2] == ["Annecy", "Anna Meier"]
    assert [found.name for found in NAMES.complete("testp")] == ["Wilhelmine Testperson"]
    assert [found.name for found in NAMES.complete("Frankr")] == ["France"]
    assert NAMES.complete("  ") == ()


@given(st.text(max_size=60))
def test_any_text_is_read_and_no_part_lies_outside_of_it(text: str) -> None:
    understood = read(text)
    for part in understood.parts:
        assert 0 <= part.start < part.end <= len(understood.text)
    if understood.parts:
        read(understood.without(understood.parts[0]))


@given(st.lists(st.sampled_from('without - not or and in " Anna 2015 dog Christmas may 3'.split())))
def test_any_mixture_of_the_grammars_words_is_read(words: list[str]) -> None:
    understood = read(" ".join(words))
    starts = [part.start for part in understood.parts]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("area:48.05/11.36/48.25/11.72", "48.05/11.36/48.25/11.72"),
        ('gebiet:"48.05/11.36/48.25/11.72 München, Deutschland"', "München, Deutschland"),
        ('AREA:"48.05/11.36/48.25/11.72 "', "48.05/11.36/48.25/11.72"),
    ],
)
def test_an_area_of_the_map_is_a_part_with_its_name(text: str, label: str) -> None:
    [part] = read(f"dogs {text}").parts
    assert part.condition is not None
    assert (part.field, part.condition.values) == ("area", ("48.05/11.36/48.25/11.72",))
    assert part.label.strip() == label
    assert read(f"dogs {text}").looks == ("dogs",)


@pytest.mark.parametrize(
    "text",
    ["area:51", "area:48/11/47/12", "area:48/11/49/200", "area:-91/0/0/1", "area:a/b/c/d"],
)
def test_what_is_no_area_stays_words(text: str) -> None:
    assert all(part.field != "area" for part in read(text).parts)
