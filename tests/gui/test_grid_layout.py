"""Where photos lie in the grid: pure arithmetic, checked for every shape."""

from hypothesis import given, settings
from hypothesis import strategies as st

from capsearch.gui.grid.grid_layout import GridLayout, Section

counts = st.lists(st.integers(1, 40), min_size=1, max_size=8)
widths = st.integers(120, 2500)
cells = st.integers(90, 380)


def layout_of(counts: list[int], width: int, cell: int, *, titled: bool = True) -> GridLayout:
    sections, first = [], 0
    for number, count in enumerate(counts):
        sections.append(Section(f"month {number}" if titled else "", first, count))
        first += count
    return GridLayout(sections, width, cell)


@settings(deadline=None)
@given(counts, widths, cells)
def test_every_photo_is_found_where_it_lies(counts: list[int], width: int, cell: int) -> None:
    layout = layout_of(counts, width, cell)
    for row in range(layout.count):
        box = layout.box(row)
        assert layout.row_at(box.x + box.width // 2, box.y + box.height // 2) == row
        assert box.x >= 0 and box.x + box.width <= max(width, box.width + 32)
        assert box.y + box.height <= layout.height


@settings(deadline=None)
@given(counts, widths, cells)
def test_no_two_photos_overlap(counts: list[int], width: int, cell: int) -> None:
    layout = layout_of(counts, width, cell)
    corners = [(layout.box(row).x, layout.box(row).y) for row in range(layout.count)]
    assert len(set(corners)) == layout.count


@settings(deadline=None)
@given(counts, widths, cells, st.integers(0, 3000), st.integers(0, 1500))
def test_what_is_painted_is_all_that_is_in_sight(
    counts: list[int], width: int, cell: int, top: int, height: int
) -> None:
    layout = layout_of(counts, width, cell)
    painted = {row for rows in layout.rows_between(top, top + height) for row in rows}
    for row in range(layout.count):
        box = layout.box(row)
        if box.y < top + height and box.y + box.height > top:
            assert row in painted


@settings(deadline=None)
@given(counts, widths, cells)
def test_going_down_from_the_first_photo_ends_in_the_last_line(
    counts: list[int], width: int, cell: int
) -> None:
    layout = layout_of(counts, width, cell)
    row, steps = 0, 0
    while layout.below(row) != row:
        assert layout.below(row) > row
        row, steps = layout.below(row), steps + 1
        assert steps <= layout.count
    assert layout.box(row).y == layout.box(layout.count - 1).y
    while layout.above(row) != row:
        assert layout.above(row) < row
        row = layout.above(row)
    assert layout.box(row).y == layout.box(0).y


def test_an_empty_grid_has_nothing_anywhere() -> None:
    layout = GridLayout((), 800, 180)
    assert layout.row_at(100, 100) is None
    assert layout.rows_between(0, 1000) == []
    assert layout.headings_between(0, 1000) == []
