"""A quiet word beside the summary where there are photos of this day in former years."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from capsearch.gui.bridge import Bridge
from capsearch.gui.browser import Shown
from capsearch.gui.look.buttons import PushButton
from capsearch.library.values import ThisDay
from capsearch.service.operations import ReadThisDay


class ThisDayLink(PushButton):
    """Seen only below all photos by date, and only where there are any; `clicked` asks for them."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.setObjectName("quiet")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hide()

    def follow(self, shown: Shown) -> None:
        """Count anew, or hide where an answer or filtered photos are shown."""
        question = shown.question
        whole = shown.answer is None and shown.by_date
        if question is None or not whole or not question.filters.empty:
            self.hide()
            return
        self._bridge.ask(
            ReadThisDay(question.stacked),
            then=self._show,
            otherwise=lambda _: self.hide(),
            key="this day",
        )

    def _show(self, found: ThisDay) -> None:
        words = self.tr("On this day: %n photo(s) since {year}", "", found.photos)
        self.setText(words.format(year=found.first_year))
        self.setVisible(found.photos > 0)
