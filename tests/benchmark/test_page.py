import datetime
import re
import subprocess
import sys
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from made_report import SIZES, WAYS, made_report

from capsearch.benchmark.page import as_page, save_page
from capsearch.benchmark.plots import plots_of
from capsearch.benchmark.report import Figure, Report, save_report
from capsearch.benchmark.table import number_in_words
from capsearch.errors import CapsearchError

WHEN = datetime.datetime(2026, 1, 2, 3, 4)
EMPTY = {"meta", "br"}
HOSTILE = "<script>alert('1')</script> & \"$\\frac{\" \x00\ud83d \u202e_"


class Reader(HTMLParser):
    """Raises where an element is closed that is not open; keeps what a browser would show."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.shown: list[str] = []
        self.bold: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and "style" not in self.open:
            self.shown.append(data.strip())
            if self.open[-2:] == ["td", "b"]:
                self.bold.append(data)


def svgs(page: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(each) for each in re.findall(r"<svg.*?</svg>", page, re.DOTALL)]


@pytest.fixture(scope="module")
def page():
    return as_page(made_report(), WHEN)


def test_every_figure_and_fact_is_on_the_page(page):
    report = made_report()
    shown = Reader(page).shown
    for figure in report.figures:
        assert number_in_words(figure.value, figure.unit) in shown, figure
        assert figure.way in shown
    for told in (*report.machine.values(), *report.versions.values(), *report.work.values(),
                 report.command, "2026-01-02 03:04 · 74 s", *report.missing, *report.notes,
                 "smaller photos", "95%: 28.0% to 32.0%"):  # fmt: skip
        assert told in shown


def test_the_page_needs_nothing_but_itself(page):
    assert "http" not in page and "url(http" not in page and "@import" not in page
    assert not {"script", "link", "img", "iframe", "object"} & set(Reader(page).tags)
    for element in (each for svg in svgs(page) for each in svg.iter()):
        for name in ("href", "src"):
            assert element.get(name, "#").startswith("#")


def test_the_best_at_each_size_is_bold_and_only_where_there_is_a_choice():
    figures = [
        Figure("search", "latency", "slow", "ms", (3.0,), 10, "less"),
        Figure("search", "latency", "quick", "ms", (2.0, 1.0, 1.5), 10, "less"),
        Figure("search", "recall", "slow", "%", (0.9,), 10, "more"),
        Figure("search", "recall", "quick", "%", (0.8,), 10, "more"),
        Figure("search", "neither", "slow", "MB", (7.0,), 10),
        Figure("search", "neither", "quick", "MB", (8.0,), 10),
        Figure("window", "alone", "slow", "ms", (9.0,), None, "less"),
    ]
    read = Reader(as_page(Report(figures=figures), WHEN))
    assert read.bold == ["1.50", "90.0%"]
    assert "1.00 to 2.00" in read.shown


def test_there_is_a_plot_of_everything_that_can_be_plotted():
    assert [plot.title for plot in plots_of(made_report())] == [
        "Latency against library size",
        "Recall against latency",
        "Indexing, by stage",
        "Quality",
        "Memory against library size",
    ]


@pytest.mark.parametrize("part", ["search", "indexing", "quality", "window"])
def test_a_part_that_was_not_measured_leaves_its_plots_out(part):
    report = made_report()
    report.figures = [figure for figure in report.figures if figure.part == part]
    titles = {plot.title for plot in plots_of(report)}
    assert titles == {
        "search": {"Latency against library size", "Recall against latency",
                   "Memory against library size"},
        "indexing": {"Indexing, by stage"},
        "quality": {"Quality"},
        "window": set(),
    }[part]  # fmt: skip
    assert plots_of(Report()) == []


def test_plots_name_every_way_and_size_and_mark_other_programs(page):
    latency = " ".join("".join(svgs(page)[0].itertext()).split())
    for way, peer in WAYS.items():
        assert (f"{way} *" if peer else way) in latency
    for size in SIZES:
        assert f"{size:,}" in latency


def test_a_way_that_may_look_at_more_photos_has_a_line_of_recall_by_latency():
    report = made_report()
    (before,) = (plot for plot in plots_of(report) if plot.title == "Recall against latency")
    way, size = next(iter(WAYS)), SIZES[0]
    for breadth, recall, latency in ((100, 0.8, 0.5), (200, 0.9, 0.9), (1_600, 0.99, 4.0)):
        name = f"{way}, {breadth:,} candidates"
        for what, unit, value in (
            ("recall at 50", "%", recall),
            ("latency, median", "ms", latency),
        ):
            report.figures.append(Figure("candidates", what, name, unit, (value,), size=size))
    (after,) = (plot for plot in plots_of(report) if plot.title == "Recall against latency")
    line = re.compile(r'style="fill: none; stroke: var\(--way-0\)[^"]*"')
    assert len(line.findall(after.svg)) == len(line.findall(before.svg)) + 1


def test_an_axis_has_numbers_however_little_of_it_is_shown():
    for least, most in ((3.1, 4.4), (0.9, 11.0), (0.001, 9000.0)):
        figures = [
            Figure("search", "latency, median", "ours", "ms", (took,), size, "less")
            for took, size in ((least, 1000), (most, 2000))
        ]
        (plot,) = plots_of(Report(figures=figures))
        words = [text.strip() for text in ElementTree.fromstring(plot.svg).itertext()]
        numbers = [float(word.replace(",", "")) for word in words if re.fullmatch(r"[\d.,]+", word)]
        assert sum(least / 2 <= number <= most * 1.2 for number in numbers) >= 3, words


def test_ids_are_each_there_once_and_what_is_referred_to_exists(page):
    elements = [element for svg in svgs(page) for element in svg.iter()]
    ids = [element.attrib["id"] for element in elements if "id" in element.attrib]
    assert len(ids) == len(set(ids)) > 50
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', page))
    assert used and used <= set(ids)


def test_plots_take_the_colours_of_the_page(page):
    colours = set(
        re.findall(
            r"(?:fill|stroke): ([^;\"]+)", "".join(re.findall("<svg.*?</svg>", page, re.DOTALL))
        )
    )
    assert {"var(--ink)", "var(--line)", "var(--way-0)", "var(--way-1)"} <= colours
    assert all(colour == "none" or colour.startswith("var(--") for colour in colours), colours
    for colour in colours - {"none"}:
        assert page.count(f"{colour[4:-1]}:#") == 2, "one for light, one for dark"


def test_the_same_report_gives_the_same_page(page):
    assert as_page(made_report(), WHEN) == page


def test_hostile_names_are_shown_as_they_are_and_do_nothing(tmp_path):
    report = made_report()
    report.figures = [
        replace(figure, part=figure.part, way=f"{HOSTILE}{figure.way}", note=HOSTILE)
        for figure in report.figures
    ] + [Figure(HOSTILE, HOSTILE, HOSTILE, HOSTILE, (1.0, 2.0), 7)]
    report.machine = {HOSTILE: HOSTILE}
    report.command, report.missing, report.notes = HOSTILE, [HOSTILE], [HOSTILE]
    page = as_page(report, WHEN)
    save_page(page, tmp_path / "page.html")
    assert (tmp_path / "page.html").read_bytes().decode() == page
    read = Reader(page)
    assert "script" not in read.tags and "\x00" not in page
    assert escape("<script>alert('1')</script> & \"$\\frac{\"") in page
    assert len(svgs(page)) == 5 and "\\frac{" in "".join(svgs(page)[0].itertext())


def test_a_name_that_begins_with_an_underscore_is_in_the_legend():
    report = made_report()
    report.figures = [replace(figure, way=f"_{figure.way}") for figure in report.figures]
    assert "_CapSearch, exact" in "".join(
        ElementTree.fromstring(plots_of(report)[0].svg).itertext()
    )


def test_numbers_that_no_axis_can_hold_leave_the_tables_whole():
    figures = [
        Figure("search", "latency, median", "ours", "ms", (0.0,), size, "less") for size in (1, 2)
    ]
    figures.append(Figure("indexing", "end to end", "ours", "photos/s", (0.0,), 1, "more"))
    read = Reader(as_page(Report(figures=figures), WHEN))
    assert read.shown.count("0.00") >= 3


def test_without_matplotlib_there_are_all_tables_and_a_line_says_why_no_plots(tmp_path):
    save_report(made_report(), tmp_path / "report.json")
    program = (
        "import sys, datetime, pathlib\n"
        "sys.modules['matplotlib'] = None\n"
        "from capsearch.benchmark.page import as_page, save_page\n"
        "from capsearch.benchmark.report import load_report\n"
        "report = load_report(pathlib.Path('report.json'))\n"
        "save_page(as_page(report, datetime.datetime(2026, 1, 2)), pathlib.Path('page.html'))\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    shown = Reader(page).shown
    assert "<svg" not in page
    assert page.count("matplotlib is not installed") == 1
    for figure in made_report().figures:
        assert number_in_words(figure.value, figure.unit) in shown


def test_a_page_that_cannot_be_written_is_said_in_a_sentence(tmp_path):
    with pytest.raises(CapsearchError, match="cannot be written"):
        save_page("page", tmp_path)
    assert list(tmp_path.iterdir()) == []
