"""The user's language, where there is a translation; English otherwise.

The texts are in `resources/translations`. After a change of words in the window:

    pyside6-lupdate $(git ls-files 'capsearch/gui/*.py') -no-obsolete -locations none
        -ts resources/translations/capsearch_de.ts          (one line)
    pyside6-lrelease resources/translations/capsearch_de.ts
"""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from capsearch.errors import CapsearchError
from capsearch.resources import resource_path


def translate_application(application: QCoreApplication) -> list[QTranslator]:
    """Install what there is for the system's language; keep the list as long as it is needed.

    English has a file too, for its plurals.
    """
    locale = QLocale()
    installed = []
    for name, folder in (
        ("qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
        ("capsearch", _own_folder()),
    ):
        translator = QTranslator()
        found = bool(folder) and translator.load(locale, name, "_", folder)
        if not found and name == "capsearch" and folder:
            found = translator.load("capsearch_en", folder)
        if found and application.installTranslator(translator):
            installed.append(translator)
    return installed


def in_german() -> bool:
    """Whether names are shown in German, as all texts are."""
    return QLocale().language() == QLocale.Language.German


def _own_folder() -> str:
    try:
        return str(resource_path("translations"))
    except CapsearchError:
        return ""
