"""A subject in words that a person understands."""

from PySide6.QtCore import QObject

from capsearch.gui.look.translation import in_german
from capsearch.library.values import LearnedSubject


class SubjectWords(QObject):
    """Says what is known of a subject; an object, for numbers are put into words by those alone."""

    def title(self, subject: LearnedSubject) -> str:
        """Its name, or that it has none."""
        return subject.name or self.tr("No name yet")

    def about(self, subject: LearnedSubject) -> str:
        """How many photos it has, when they were taken and where."""
        said = [self.tr("%n photo(s)", "", len(subject.photos))]
        if subject.days > 1 and subject.first is not None and subject.last is not None:
            if subject.first.year == subject.last.year:
                when = self.tr("comes back on %n days in {year}", "", subject.days)
            else:
                when = self.tr("comes back on %n days since {year}", "", subject.days)
            said.append(when.format(year=subject.first.year))
        elif subject.first is not None:
            said.append(str(subject.first.year))
        if subject.places:
            places = [german if in_german() and german else name for name, german in subject.places]
            said.append(", ".join(places))
        return " · ".join(said)

    def likely(self, subject: LearnedSubject) -> str:
        """That CapSearch has added photos by their looks; '' where it has not."""
        if not subject.likely:
            return ""
        return self.tr("%n of them CapSearch has added by their looks", "", subject.likely)
