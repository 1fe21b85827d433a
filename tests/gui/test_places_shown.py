"""Places have names in the filters and beside a photo, in the window's language."""

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from capsearch.gui.panels.filter_bar import FilterBar
from capsearch.gui.preview.details import DetailsPanel
from capsearch.library.values import Choices, Condition, Filters, NamedPlace, PhotoFacts

CHOICES = Choices(
    people=(),
    places=(("Switzerland", 5), ("Geneva", 3), ("Lavaux", 1)),
    german_places={"Switzerland": "Schweiz", "Geneva": "Genf"},
    cameras=(),
    formats=(),
    first=None,
    last=None,
    offline=0,
)


@pytest.fixture
def german():
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def english():
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def bar(qtbot: QtBot) -> FilterBar:
    made = FilterBar()
    qtbot.addWidget(made)
    made.set_choices(CHOICES)
    return made


def offered(bar: FilterBar) -> list[str]:
    return [action.text() for action in bar.menu_for("places").actions()]


def choose(bar: FilterBar, row: int) -> None:
    bar.menu_for("places").actions()[row].trigger()


def test_places_are_offered_with_their_counts(bar: FilterBar, english: None) -> None:
    assert offered(bar) == ["Switzerland\t5", "Geneva\t3", "Lavaux\t1"]
    assert not bar.chips["places"].isHidden()
    bar.set_choices(Choices((), (), {}, (), (), None, None, 0))
    assert bar.chips["places"].isHidden()


def test_places_are_offered_in_german(bar: FilterBar, german: None) -> None:
    assert offered(bar) == ["Schweiz\t5", "Genf\t3", "Lavaux\t1"]
    choose(bar, 1)
    assert bar.chips["places"].text() == "Genf"
    assert bar.filters.conditions == (Condition("place", ("Geneva",)),)


def test_any_of_the_chosen_places_suffices_and_other_conditions_stay(
    bar: FilterBar, english: None
) -> None:
    other = Condition("kind", ("video",))
    bar.set_filters(Filters(conditions=(other,)))
    choose(bar, 1)
    choose(bar, 2)
    assert list(bar.filters.conditions) == [other, Condition("place", ("Geneva", "Lavaux"))]
    assert bar.chips["places"].text() == "Geneva, Lavaux"
    choose(bar, 1)
    choose(bar, 2)
    assert list(bar.filters.conditions) == [other]


def shown(qtbot: QtBot, place: NamedPlace | None) -> str:
    panel = DetailsPanel()
    qtbot.addWidget(panel)
    panel.show_facts(
        PhotoFacts(
            id=1,
            paths=("/photos/a.jpg",),
            offline=False,
            width=4,
            height=3,
            format="JPEG",
            taken=None,
            latitude=46.2,
            longitude=6.15,
            camera=None,
            rating=None,
            keywords=(),
            people=(),
            title=None,
            texts=(),
            place=place,
        )
    )
    texts = [label.text() for label in panel.findChildren(QLabel)]
    return next(text for text in texts if "46.20000°" in text)


GENEVA = NamedPlace("Geneva", "Geneva", "Switzerland", "Genf", "Genf", "Schweiz")


def test_the_preview_names_the_place(qtbot: QtBot, english: None) -> None:
    assert shown(qtbot, GENEVA) == "Geneva\nSwitzerland\n46.20000° N\n6.15000° E"
    assert shown(qtbot, None) == "46.20000° N\n6.15000° E"


def test_the_preview_names_the_place_in_german(qtbot: QtBot, german: None) -> None:
    assert shown(qtbot, GENEVA) == "Genf\nSchweiz\n46.20000° N\n6.15000° E"
    nice = NamedPlace("Nice", "Brittany", "France", "Nizza", "Bretagne", "Frankreich")
    assert shown(qtbot, nice).startswith("Nizza\nBretagne, Frankreich\n")
