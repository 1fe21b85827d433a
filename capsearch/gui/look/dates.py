"""Dates and numbers in the user's language and habit."""

import datetime

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, QTime

from capsearch.library.values import TakenAt


def month_text(month: tuple[int, int | None] | None) -> str:
    """Such as 'May 2023', or '1978' without a month; None is a photo without a date."""
    if month is None:
        return QCoreApplication.translate("dates", "No date")
    year, number = month
    return str(year) if number is None else f"{_locale().standaloneMonthName(number)} {year}"


def taken_text(taken: TakenAt) -> str:
    """Such as 'Saturday, 6 May 2023', 'May 2023' or '2023': what is known, without the time."""
    local = taken.local
    if taken.precision in ("year", "month"):
        return month_text((local.year, None if taken.precision == "year" else local.month))
    day = QDate(local.year, local.month, local.day)
    return _locale().toString(day, QLocale.FormatType.LongFormat)


def time_text(moment: datetime.datetime) -> str:
    """Hours and minutes."""
    return _locale().toString(QTime(moment.hour, moment.minute), QLocale.FormatType.ShortFormat)


def moment_text(seconds: float) -> str:
    """Day and time, short; of seconds since 1970."""
    moment = QDateTime.fromSecsSinceEpoch(int(seconds))
    return _locale().toString(moment, QLocale.FormatType.ShortFormat)


def number_text(number: int) -> str:
    """With separators."""
    return _locale().toString(number)


def size_text(byte_count: int) -> str:
    """How much of a disk that is."""
    return _locale().formattedDataSize(byte_count, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def duration_text(seconds: float) -> str:
    """About how long, in one unit."""
    translate = QCoreApplication.translate
    if seconds < 60:
        return translate("dates", "less than a minute")
    if seconds < 90 * 60:
        return translate("dates", "about {} min").format(number_text(round(seconds / 60)))
    return translate("dates", "about {} h").format(number_text(round(seconds / 3600)))


def _locale() -> QLocale:
    return QLocale()
