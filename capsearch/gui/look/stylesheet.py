"""How the widgets look, in Qt's style sheet language; filled in from a `Theme`."""

STYLESHEET = """
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {line}; padding: 4px 6px; }}
QWidget#page, QWidget#topBar, QWidget#statusBar {{ background: {window}; }}
QWidget#topBar {{ border-bottom: 1px solid {line}; }}
QWidget#statusBar {{ border-top: 1px solid {line}; }}
QLineEdit#search {{
    background: {surface}; color: {text}; border: 1px solid {line}; border-radius: 19px;
    padding: 0 10px 0 4px; min-height: 36px; font-size: 15px; selection-background-color: {accent};
}}
QLineEdit#search:focus {{ border: 2px solid {accent}; padding: 0 9px 0 3px; }}
QLabel#title {{ font-size: 24px; font-weight: 600; }}
QLabel#heading {{ font-size: 17px; font-weight: 600; }}
QLabel#section {{ font-weight: 600; }}
QLabel#muted, QLabel#status, QLabel#news {{ color: {muted}; }}
QLabel#warning {{ color: {warning}; }}
QLabel#key {{
    background: {raised}; color: {text}; border: 1px solid {line}; border-bottom: 2px solid {line};
    border-radius: 5px; padding: 1px 7px; min-width: 12px;
}}
QToolButton {{ border: none; border-radius: 8px; padding: 6px; color: {text}; }}
QToolButton:hover, QToolButton:open {{ background: {raised}; }}
QToolButton:pressed {{ background: {line}; }}
QToolButton:checked {{ background: {accent_soft}; color: {text}; }}
QToolButton:focus {{ border: 2px solid {accent}; padding: 4px; }}
QToolButton::menu-indicator {{ image: none; width: 0; }}
QToolButton[popupMode="1"] {{ padding-right: 22px; }}
QToolButton[popupMode="1"]:focus {{ padding-right: 20px; }}
QToolButton::menu-button {{ border: none; border-radius: 8px; width: 20px; }}
QToolButton::menu-button:hover {{ background: {line}; }}
QToolButton#chip {{
    border: 1px solid {line}; border-radius: 15px; padding: 4px 12px; background: {surface};
}}
QToolButton#chip:hover {{ background: {raised}; }}
QToolButton#chip:checked {{ background: {accent_soft}; border-color: {accent}; }}
QToolButton#chip:focus {{ border: 2px solid {accent}; padding: 3px 11px; }}
QFrame#partChip {{ background: {accent_soft}; border: 1px solid {accent}; border-radius: 15px; }}
QToolButton#partWords, QToolButton#partCross {{ border-radius: 12px; padding: 3px 6px; }}
QToolButton#partWords:focus, QToolButton#partCross:focus {{
    border: 2px solid {accent}; padding: 1px 4px;
}}
QListView#suggestions {{
    background: {surface}; color: {text}; border: 1px solid {line}; padding: 5px; outline: none;
}}
QListView#suggestions::item {{ padding: 6px 8px; border-radius: 6px; }}
QListView#suggestions::item:selected {{ background: {accent_soft}; color: {text}; }}
QPushButton {{
    background: {raised}; color: {text}; border: 1px solid {line}; border-radius: 8px;
    padding: 7px 16px; min-height: 18px;
}}
QPushButton:hover {{ border-color: {muted}; }}
QPushButton:pressed {{ background: {line}; }}
QPushButton:disabled {{ color: {muted}; }}
QPushButton:focus {{ border: 2px solid {accent}; padding: 6px 15px; }}
QPushButton#primary {{
    background: {accent}; color: {on_accent}; border: 2px solid {accent}; font-weight: 600;
    padding: 8px 22px;
}}
QPushButton#primary:focus {{ border: 2px solid {text}; }}
QPushButton#quiet {{ background: transparent; border: 2px solid transparent; color: {accent}; }}
QPushButton#quiet:hover {{ background: {raised}; }}
QPushButton#quiet:focus {{ border: 2px solid {accent}; padding: 7px 16px; }}
QPushButton#play {{
    background: rgba(0, 0, 0, 170); color: #ffffff; border: 2px solid transparent;
    border-radius: 18px; padding: 7px 18px;
}}
QPushButton#play:hover {{ background: rgba(0, 0, 0, 220); }}
QPushButton#play:focus {{ border: 2px solid #ffffff; padding: 7px 18px; }}
QProgressBar {{ background: {raised}; border: none; border-radius: 3px; max-height: 6px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 3px; }}
QMenu {{ background: {surface}; color: {text}; border: 1px solid {line}; padding: 5px; }}
QMenu::item {{ padding: 6px 26px 6px 12px; border-radius: 6px; }}
QMenu::item:selected {{ background: {accent_soft}; color: {text}; }}
QMenu::item:disabled {{ color: {muted}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 5px 8px; }}
QMenu::icon {{ padding-left: 8px; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar::handle:vertical {{
    background: {line}; border-radius: 4px; min-height: 36px; margin: 2px;
}}
QScrollBar::handle:vertical:hover {{ background: {muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSlider::groove:horizontal {{ height: 4px; background: {line}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {accent}; border-radius: 2px; }}
QSlider::handle:horizontal {{
    background: {surface}; border: 2px solid {accent}; width: 12px; height: 12px;
    margin: -6px 0; border-radius: 8px;
}}
QSlider::handle:horizontal:focus {{ background: {accent}; }}
QFrame#notice {{ background: {accent_soft}; border-radius: 8px; }}
QFrame#card {{ background: {surface}; border: 1px solid {line}; border-radius: 12px; }}
QFrame#details {{ background: {surface}; border: none; border-left: 1px solid {line}; }}
QFrame#drop {{ background: {accent_soft}; border: 2px dashed {accent}; border-radius: 16px; }}
QFrame#popup {{ background: {surface}; border: 1px solid {line}; }}
QListWidget, QTreeView, QTableWidget, QPlainTextEdit {{
    background: {surface}; border: 1px solid {line}; border-radius: 8px; padding: 4px;
}}
QTreeView::item {{ padding: 4px 6px; }}
QHeaderView::section {{
    background: {surface}; color: {muted}; border: none; border-bottom: 1px solid {line};
    padding: 6px;
}}
QListWidget::item {{ padding: 5px; border-radius: 6px; }}
QListWidget::item:selected {{ background: {accent_soft}; color: {text}; }}
QTabWidget::pane {{ border: none; }}
QTabBar::tab {{ padding: 8px 16px; color: {muted}; border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {text}; border-bottom: 2px solid {accent}; }}
QTabBar::tab:focus {{ color: {accent}; }}
"""
