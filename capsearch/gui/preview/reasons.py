"""Why a photo was found, in sentences."""

from PySide6.QtCore import QCoreApplication, QObject

from capsearch.gui.look.dates import number_text
from capsearch.library.values import Explanation, Moved, PersonDays, TextReason


def reasons(explanation: Explanation) -> list[str]:
    """What its own texts say, or that it looks like what was asked; how the collection has moved
    it, if it has, and why."""
    said, moved = explanation.said, explanation.moved
    found = [] if said is None else [_said_words(said)]
    if said is None and explanation.looked_for:
        words = QCoreApplication.translate("reasons", "It looks like “{words}”.")
        found.append(words.format(words=explanation.looked_for))
    if explanation.meant is not None:
        found.append(
            QCoreApplication.translate("reasons", "You said that this is what you mean.")
            if explanation.meant
            else QCoreApplication.translate("reasons", "You said that you do not mean this.")
        )
    if moved is not None:
        found.append(_moved_words(moved))
        if moved.reason is not None and explanation.meant is None:
            found.append(_reason_words(moved, explanation.looked_for))
    return found


def _said_words(said: TextReason) -> str:
    translate = QCoreApplication.translate
    kinds = {
        "title": translate("reasons", "Its title: {words}"),
        "text": translate("reasons", "Its description: {words}"),
        "person": translate("reasons", "Named on it: {words}"),
        "keyword": translate("reasons", "Its keyword: {words}"),
        "place": translate("reasons", "Taken in {words}"),
        "album": translate("reasons", "Its folder: {words}"),
        "name": translate("reasons", "Its file name: {words}"),
        "camera": translate("reasons", "Its camera: {words}"),
    }
    return kinds[said.field].format(words=said.value)


def _moved_words(moved: Moved) -> str:
    translate = QCoreApplication.translate
    if moved.before is None:
        words = translate(
            "reasons", "Without your collection it would stand far behind, not in place {now}."
        )
    elif moved.now is None:
        words = translate("reasons", "Your collection moved it far back from place {before}.")
    else:
        words = translate("reasons", "Your collection moved it from place {before} to {now}.")
    before, now = (number_text(place or 0) for place in (moved.before, moved.now))
    return words.format(before=before, now=now)


def _reason_words(moved: Moved, looked_for: str) -> str:
    translate = QCoreApplication.translate
    forward = moved.before is None or (moved.now is not None and moved.now < moved.before)
    if moved.reason == "recurrence" and moved.person is not None and moved.person.days > 1:
        return _PersonWords().days(moved.person)
    words = {
        ("meaning", True): translate("reasons", "It fits what “{words}” mostly is in your photos."),
        ("meaning", False): translate(
            "reasons", "Other photos fit better what “{words}” mostly is in your collection."
        ),
        ("recurrence", True): translate(
            "reasons", "What it shows keeps coming back in your photos."
        ),
        ("recurrence", False): translate(
            "reasons", "Photos of what keeps coming back were put before it."
        ),
        ("hub", True): translate("reasons", "It looks like few other things, so it was moved up."),
        ("hub", False): translate(
            "reasons", "It looks like nearly everything, so it was moved back."
        ),
    }[str(moved.reason), forward]
    return words.format(words=looked_for)


class _PersonWords(QObject):
    """An object, for numbers are put into words by those alone."""

    def days(self, person: PersonDays) -> str:
        words = self.tr("{name} is in your photos on %n day(s).", "", person.days)
        return words.format(name=person.name)
