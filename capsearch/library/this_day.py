"""The photos of this day in former years, counted."""

import datetime

from capsearch.catalog.catalog import Catalog
from capsearch.language.dates import this_day_before, written_days
from capsearch.library.stacks import shown_of
from capsearch.library.values import UNDATED, Condition, Filters, ThisDay


def count_this_day(catalog: Catalog, today: datetime.date, *, stacked: bool) -> ThisDay:
    """Those that 'on this day' finds; one for all its near copies where they are `stacked`."""
    first_year = catalog.first_year()
    spans = this_day_before(today, first_year) if first_year else []
    if not spans:
        return ThisDay(0, 0)
    days_asked = Condition("dates", written_days(spans))
    ids, days = catalog.timeline(Filters(conditions=(days_asked,)))
    if stacked:
        shown = shown_of(catalog, ids)
        days = days[shown]
    # A file's own time is no day that a photo was taken on.
    days = days[days > UNDATED + datetime.MAXYEAR]
    if not len(days):
        return ThisDay(0, 0)
    earliest = datetime.date(1970, 1, 1) + datetime.timedelta(days=int(days.min()))
    return ThisDay(len(days), earliest.year)
