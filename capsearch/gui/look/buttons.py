"""Buttons with the program's icons, which follow light and dark."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget

from capsearch.gui.look.icons import icon, icon_pixmap
from capsearch.gui.look.theme import theme_of


class IconButton(QToolButton):
    """A flat button with an icon; `text` is its name, its tool tip and, if `wide`, beside it."""

    def __init__(
        self,
        icon_name: str,
        text: str,
        parent: QWidget | None = None,
        *,
        wide: bool = False,
        shortcut: str = "",
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self.setText(text)
        self.setAccessibleName(text)
        keys = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        self.setToolTip(f"{text} ({keys})" if keys else text)
        self.setIconSize(QSize(20, 20))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            if wide
            else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        self.toggled.connect(lambda _: self._paint_icon())
        self._paint_icon()

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        self._icon_name = name
        self._paint_icon()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_icon_name"):
            self._paint_icon()

    def _paint_icon(self) -> None:
        theme = theme_of(self.palette())
        self.setIcon(icon(self._icon_name, theme.accent if self.isChecked() else theme.text))


class IconLabel(QLabel):
    """An icon that is only looked at."""

    def __init__(self, icon_name: str, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name, self._side = icon_name, side
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._paint_icon()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_icon_name"):
            self._paint_icon()

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        self._icon_name = name
        self._paint_icon()

    def _paint_icon(self) -> None:
        muted = theme_of(self.palette()).muted
        ratio = self.devicePixelRatioF()
        self.setPixmap(icon_pixmap(self._icon_name, muted, self._side, ratio))


class PushButton(QPushButton):
    """Enter presses it too, not only inside of dialogs."""

    def event(self, event: QEvent) -> bool:
        """Never be lower than the words need: the least height of the style sheet knows no larger
        letters."""
        done = super().event(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.Show):
            self.setMinimumHeight(self.sizeHint().height())
        return done

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter does what space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


def push_button(text: str, kind: str = "", parent: QWidget | None = None) -> PushButton:
    """A button with words; `kind` is 'primary', 'quiet' or nothing."""
    button = PushButton(text, parent)
    if kind:
        button.setObjectName(kind)
    button.setAutoDefault(False)
    return button
