"""Looks for what is wrong with a window as it is laid out now: cut, outside, over another."""

from collections.abc import Iterator
from itertools import combinations

from PySide6.QtCore import QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)


def cut_texts(window: QWidget) -> list[str]:
    """The labels and buttons in sight whose words do not fit."""
    return [
        f"{type(widget).__name__} {words(widget)!r} {widget.size().toTuple()}"
        for widget in window.findChildren(QWidget)
        if widget.isVisible() and is_cut(widget)
    ]


def words(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""


def is_cut(widget: QWidget) -> bool:
    if isinstance(widget.parent(), QLineEdit):  # its buttons have a size of their own
        return False
    if isinstance(widget, QLabel) and widget.text():
        inside = widget.contentsRect()
        if widget.wordWrap():
            return widget.heightForWidth(widget.width()) > widget.height()
        text = widget.fontMetrics().size(0, widget.text())
        return text.width() > inside.width() or text.height() > inside.height()
    if isinstance(widget, QPushButton | QToolButton | QComboBox):
        wanted = widget.minimumSizeHint() if isinstance(widget, QComboBox) else widget.sizeHint()
        return wanted.width() > widget.width() or wanted.height() > widget.height()
    return False


def misplaced(window: QWidget) -> list[str]:
    """The widgets in sight that lie outside of what holds them, or over one beside them."""
    return [*_outside(window), *_overlapping(window)]


def _laid_out(parent: QWidget) -> list[QWidget]:
    """The visible children that a layout of `parent` has placed."""
    layout = parent.layout()
    if layout is None:
        return []
    children = [each for each in parent.children() if isinstance(each, QWidget)]
    return [each for each in children if each.isVisible() and _in(layout, each)]


def _in(layout: object, widget: QWidget) -> bool:
    if layout.indexOf(widget) >= 0:  # type: ignore[attr-defined]
        return True
    items = (layout.itemAt(place) for place in range(layout.count()))  # type: ignore[attr-defined]
    return any(item.layout() is not None and _in(item.layout(), widget) for item in items)


def _parents(window: QWidget) -> Iterator[QWidget]:
    for each in (window, *window.findChildren(QWidget)):
        if each.isVisible() and not isinstance(each, QAbstractScrollArea):
            yield each


def _outside(window: QWidget) -> Iterator[str]:
    for parent in _parents(window):
        for child in _laid_out(parent):
            if not parent.rect().contains(child.geometry()):
                yield f"{_named(child)} outside of {_named(parent)}"


def _overlapping(window: QWidget) -> Iterator[str]:
    for parent in _parents(window):
        for one, other in combinations(_laid_out(parent), 2):
            common: QRect = one.geometry().intersected(other.geometry())
            if common.width() > 0 and common.height() > 0:
                yield f"{_named(one)} over {_named(other)}"


def _named(widget: QWidget) -> str:
    return f"{type(widget).__name__} {words(widget)!r} {widget.geometry().getRect()}"
