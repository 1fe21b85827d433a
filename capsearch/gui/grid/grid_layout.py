"""Where each photo of a grid with headings lies. Plain arithmetic: knows no Qt."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

GAP = 4
MARGIN = 16
HEADING = 46
FIRST_TOP = 12


@dataclass(frozen=True)
class Section:
    """A heading ('' for none) over the photos `first` to `first + count - 1`."""

    title: str
    first: int
    count: int


@dataclass(frozen=True)
class Box:
    """A rectangle in the grid's own coordinates, logical pixels."""

    x: int
    y: int
    width: int
    height: int


class GridLayout:
    """Square cells of about `wished` pixels that fill `width`, section after section."""

    def __init__(self, sections: Sequence[Section], width: int, wished: int) -> None:
        self.sections = tuple(section for section in sections if section.count)
        room = max(1, width - 2 * MARGIN)
        self.columns = max(1, round((room + GAP) / (wished + GAP)))
        self.cell = max(16, (room + GAP) // self.columns - GAP)
        self.width = width
        self._firsts = [section.first for section in self.sections]
        self._tops: list[int] = []
        top = FIRST_TOP
        for section in self.sections:
            self._tops.append(top)
            top += self._heading(section) + self._lines(section) * (self.cell + GAP)
        self.height = top + MARGIN - GAP
        self.count = sum(section.count for section in self.sections)

    def box(self, row: int) -> Box:
        """The cell of photo `row`."""
        at = self._section_of(row)
        section = self.sections[at]
        line, column = divmod(row - section.first, self.columns)
        step = self.cell + GAP
        top = self._tops[at] + self._heading(section)
        return Box(MARGIN + column * step, top + line * step, self.cell, self.cell)

    def row_at(self, x: int, y: int) -> int | None:
        """The photo at a point; None between the cells."""
        at = bisect_right(self._tops, y) - 1
        if at < 0:
            return None
        section = self.sections[at]
        step = self.cell + GAP
        line, below = divmod(y - self._tops[at] - self._heading(section), step)
        column, beside = divmod(x - MARGIN, step)
        row = line * self.columns + column
        outside = below >= self.cell or beside >= self.cell or not 0 <= column < self.columns
        if line < 0 or outside or row >= section.count:
            return None
        return section.first + row

    def rows_between(self, top: int, bottom: int) -> list[range]:
        """The photos that are seen, in whole or part, from `top` to `bottom`, by section."""
        return [rows for _, rows in self._seen(top, bottom) if rows]

    def headings_between(self, top: int, bottom: int) -> list[tuple[str, Box]]:
        """The headings seen from `top` to `bottom`."""
        return [
            (self.sections[at].title, Box(MARGIN, self._tops[at], self.width, HEADING))
            for at, _ in self._seen(top, bottom)
            if self.sections[at].title
        ]

    def above(self, row: int) -> int:
        """The photo one line up, in the section before where need be."""
        at = self._section_of(row)
        section = self.sections[at]
        line, column = divmod(row - section.first, self.columns)
        if line > 0:
            return row - self.columns
        if at == 0:
            return row
        before = self.sections[at - 1]
        last_line = (before.count - 1) // self.columns * self.columns
        return before.first + min(last_line + column, before.count - 1)

    def below(self, row: int) -> int:
        """The photo one line down, in the next section where need be."""
        at = self._section_of(row)
        section = self.sections[at]
        place = row - section.first
        if place // self.columns < (section.count - 1) // self.columns:
            return section.first + min(place + self.columns, section.count - 1)
        if at + 1 == len(self.sections):
            return row
        after = self.sections[at + 1]
        return after.first + min(place % self.columns, after.count - 1)

    def _seen(self, top: int, bottom: int) -> list[tuple[int, range]]:
        seen = []
        step = self.cell + GAP
        at = max(0, bisect_right(self._tops, top) - 1)
        while at < len(self.sections) and self._tops[at] <= bottom:
            section = self.sections[at]
            start = self._tops[at] + self._heading(section)
            first = max(0, (top - start) // step) * self.columns
            last = min(section.count, ((bottom - start) // step + 1) * self.columns)
            seen.append((at, range(section.first + first, section.first + max(first, last))))
            at += 1
        return seen

    def _section_of(self, row: int) -> int:
        return bisect_right(self._firsts, row) - 1

    def _lines(self, section: Section) -> int:
        return -(-section.count // self.columns)

    @staticmethod
    def _heading(section: Section) -> int:
        return HEADING if section.title else 0
