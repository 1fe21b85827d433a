"""Colours and measures: light and dark, calm, so that the photos are what is seen."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from capsearch.gui.look.stylesheet import STYLESHEET


@dataclass(frozen=True)
class Theme:
    """The colours of one appearance, as `#rrggbb`."""

    dark: bool
    window: str
    surface: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    accent_soft: str
    on_accent: str
    warning: str


LIGHT = Theme(
    dark=False,
    window="#fafafb",
    surface="#ffffff",
    raised="#eeeff2",
    line="#dcdee4",
    text="#1c1d21",
    muted="#656a76",
    accent="#3756df",
    accent_soft="#e3e8fd",
    on_accent="#ffffff",
    warning="#b25a00",
)
DARK = Theme(
    dark=True,
    window="#17181b",
    surface="#1f2024",
    raised="#2b2d33",
    line="#393c44",
    text="#ececef",
    muted="#a0a5b1",
    accent="#7f97ff",
    accent_soft="#2b3358",
    on_accent="#10131f",
    warning="#ffb454",
)


def system_theme(application: QApplication) -> Theme:
    """What the system asks for; light where it does not say."""
    dark = application.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return DARK if dark else LIGHT


def theme_of(palette: QPalette) -> Theme:
    """The theme whose palette this is."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def apply_theme(application: QApplication, theme: Theme) -> None:
    """Give the whole application this appearance."""
    application.setStyle("Fusion")
    application.setPalette(_palette(theme))
    application.setStyleSheet(STYLESHEET.format(**vars(theme)))


def follow_system(application: QApplication) -> None:
    """Take the system's appearance, now and whenever it changes."""
    apply_theme(application, system_theme(application))
    application.styleHints().colorSchemeChanged.connect(
        lambda _: apply_theme(application, system_theme(application))
    )


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    colours = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: theme.raised,
        role.Text: theme.text,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.muted,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.Mid: theme.line,
        role.Midlight: theme.line,
    }
    for which, colour in colours.items():
        palette.setColor(which, QColor(colour))
    faint = QColor(theme.muted)
    faint.setAlpha(130)
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, faint)
    return palette
