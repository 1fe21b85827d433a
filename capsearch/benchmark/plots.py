"""A report's figures as pictures: SVG that stands inside a page and takes the page's colours.

Needs matplotlib, which the extra `benchmark` brings.
"""

import io
import re
import statistics
import textwrap
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D
from matplotlib.ticker import AutoLocator, FuncFormatter, LogLocator, NullLocator

from capsearch.benchmark.report import Figure, Report
from capsearch.benchmark.table import number_in_words, printable

# Okabe and Ito's colours, which colour-blind people can tell apart, the faintest last. The page
# gives each its own tone for light and dark by the name that stands for it here.
_WAYS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#101010")
_INK, _LINE = "#101010", "#d0d0d0"
_NAMED = {_LINE: "var(--line)", **{each: f"var(--way-{n})" for n, each in enumerate(_WAYS)}}
_NAMED[_INK] = "var(--ink)"
_MARKERS = "os^DvPX"
_WIDTH = 5.6
_LABEL_WIDTH = 58
_LOOK: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "capsearch",
    # A name may hold dollars.
    "text.parse_math": False,
    "font.size": 9.5,
    "axes.titlesize": 9.5,
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": _LINE,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "text.color": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
}
_LINK = "{http://www.w3.org/1999/xlink}href"


@dataclass(frozen=True)
class Plot:
    """A picture with a heading, as an `<svg>` element, and one sentence on how to read it."""

    title: str
    svg: str
    told: str


def plots_of(report: Report) -> list[Plot]:
    """Every plot whose figures are there; the same report gives the same bytes."""
    kinds: list[tuple[str, Callable[[Report], Drawing | None], str]] = [
        ("Latency against library size", _draw_latency,
         "Median; the band goes from the fastest to the slowest round. Lower is better."),
        ("Recall against latency", _draw_recall,
         "Each way at the same library size; a line, where it is told to look at more photos or "
         "fewer. Up and to the left is better."),
        ("Indexing, by stage", _draw_indexing,
         "Photos a second; the line goes from the slowest to the fastest round. "
         "Longer is better."),
        ("Quality", _draw_quality, "The line is the 95% interval."),
        ("Memory against library size", _draw_memory,
         "The band goes from the least to the most of the rounds."),
    ]  # fmt: skip
    plots = []
    for number, (title, draw, told) in enumerate(kinds):
        with matplotlib.rc_context(), warnings.catch_warnings():
            # A person's own settings of matplotlib change nothing, and a sign that its font lacks
            # is drawn by the browser.
            warnings.simplefilter("ignore")
            matplotlib.rcdefaults()
            matplotlib.rcParams.update(_LOOK)
            drawing = draw(report)
            if drawing is not None:
                plots.append(Plot(title, _as_svg(drawing, f"plot{number}-", title), told))
    return plots


def _draw_latency(report: Report) -> Drawing | None:
    ways = _by_way(_measured(report, "search", "latency, median"))
    if _most_sizes(ways) < 2:
        return None
    drawing, axes = _drawing(3.2)
    _draw_lines(axes, ways)
    axes.set_yscale("log")
    _plain_log(axes, "y")
    _finish_sizes(drawing, axes, ways)
    return drawing


def _draw_memory(report: Report) -> Drawing | None:
    sized = [
        figure
        for figure in report.figures
        if figure.unit == "MB" and figure.size and min(figure.rounds) > 0
    ]
    named = {
        f"{figure.part}: {figure.what}, {figure.way}": [
            each for each in sized if each.key[:3] == figure.key[:3]
        ]
        for figure in sized
    }
    ways = {name: figures for name, figures in named.items() if len(figures) > 1}
    if not ways:
        return None
    drawing, axes = _drawing(2.8)
    _draw_lines(axes, ways)
    axes.set_yscale("log")
    _plain_log(axes, "y")
    _finish_sizes(drawing, axes, ways)
    return drawing


def _draw_lines(axes: Axes, ways: dict[str, list[Figure]]) -> None:
    for number, figures in enumerate(ways.values()):
        ordered = sorted(figures, key=lambda figure: figure.size or 0)
        sizes = [figure.size or 0 for figure in ordered]
        look = _look(number, peer=ordered[0].peer)
        axes.plot(sizes, [figure.value for figure in ordered], **look)
        least = [min(figure.rounds) for figure in ordered]
        most = [max(figure.rounds) for figure in ordered]
        axes.fill_between(sizes, least, most, color=look["color"], alpha=0.18, linewidth=0)


def _finish_sizes(drawing: Drawing, axes: Axes, ways: dict[str, list[Figure]]) -> None:
    figures = [figure for of_way in ways.values() for figure in of_way]
    axes.set_xscale("log")
    sizes = sorted({figure.size or 0 for figure in figures})
    if len(sizes) < 6:
        axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        _plain_log(axes, "x")
    axes.set_xlabel("photos in the library")
    axes.set_ylabel(printable(figures[0].unit))
    axes.grid(visible=True)
    _add_legend(drawing, {name: of_way[0].peer for name, of_way in ways.items()})


def _draw_recall(report: Report) -> Drawing | None:
    """One row of axes for each library size at which ways can be compared."""
    latencies = _measured(report, "search", "latency, median")
    recalls = {
        (figure.way, figure.size): figure for figure in _measured(report, "search", "recall at 50")
    }
    pairs = [
        (latency, recalls[latency.way, latency.size])
        for latency in latencies
        if (latency.way, latency.size) in recalls
    ]
    ways = list(dict.fromkeys(latency.way for latency, _ in pairs))
    sizes = sorted({latency.size or 0 for latency, _ in pairs})
    rows = {size: [pair for pair in pairs if (pair[0].size or 0) == size] for size in sizes}
    rows = {size: row for size, row in rows.items() if len(row) > 1}
    if not rows:
        return None
    drawing = Drawing(figsize=(_WIDTH, 0.7 + 1.7 * len(rows)), layout="constrained")
    grid = drawing.subplots(len(rows), sharex=True, squeeze=False)
    for axes, (size, row) in zip(grid[:, 0], rows.items(), strict=True):
        for latency, recall in row:
            look = _look(ways.index(latency.way), peer=latency.peer)
            axes.plot(latency.value, 100 * recall.value, **{**look, "linestyle": "none"})
            for name, times, shares in _by_breadth(report, size):
                if name == latency.way:
                    axes.plot(times, shares, **{**look, "marker": "", "linewidth": 1.0})
        axes.set_title(f"{size:,} photos" if size else "", loc="left")
        axes.set_ylabel("recall at 50 (%)")
        axes.set_xscale("log")
        _plain_log(axes, "x")
        axes.margins(0.08, 0.15)
        axes.grid(visible=True)
    grid[-1, 0].set_xlabel(printable(f"{latencies[0].what} ({latencies[0].unit})"))
    peers = {latency.way: latency.peer for latency, _ in pairs}
    _add_legend(drawing, {way: peers[way] for way in ways}, lines=False)
    return drawing


def _by_breadth(report: Report, size: int) -> Iterator[tuple[str, list[float], list[float]]]:
    """Ways that look at some photos only: latency and recall in percent as they look at more."""
    latencies = [
        figure
        for figure in _measured(report, "candidates", "latency, median")
        if figure.size == size
    ]
    for name in dict.fromkeys(_without_breadth(figure.way) for figure in latencies):
        of_name = [figure for figure in latencies if _without_breadth(figure.way) == name]
        found = [report.find("candidates", "recall at 50", each.way, size) for each in of_name]
        pairs = [(each, recall) for each, recall in zip(of_name, found, strict=True) if recall]
        yield name, [each.value for each, _ in pairs], [100 * recall.value for _, recall in pairs]


def _without_breadth(way: str) -> str:
    return way.rpartition(", ")[0]


def _draw_indexing(report: Report) -> Drawing | None:
    figures = [
        figure
        for figure in report.figures
        if figure.part == "indexing" and figure.unit == "photos/s"
    ]
    if not figures:
        return None
    rows = _grouped(figures)
    ways = list(dict.fromkeys(figure.way for figure in figures))
    drawing, axes = _drawing(0.9 + 0.3 * len(rows))
    for place, figure in rows:
        number = ways.index(figure.way)
        colour = _WAYS[number % len(_WAYS)]
        axes.barh(
            place, figure.value, height=0.72, edgecolor=colour, alpha=0.85,
            facecolor="none" if figure.peer else colour, linestyle="--" if figure.peer else "-",
        )  # fmt: skip
        axes.plot([min(figure.rounds), max(figure.rounds)], [place] * 2, color=_INK, linewidth=1.2)
        axes.annotate(
            number_in_words(figure.value, figure.unit),
            (max(figure.value, *figure.rounds), place), (4, 0),
            textcoords="offset points", va="center",
        )  # fmt: skip
    _name_groups(axes, rows)
    axes.set_xlim(0, 1.15 * max(max(figure.rounds) for figure in figures))
    axes.set_xlabel("photos/s")
    axes.grid(visible=True, axis="x")
    peers = {figure.way: figure.peer for figure in figures}
    _add_legend(drawing, {way: peers[way] for way in ways}, lines=False, marker="s")
    return drawing


def _draw_quality(report: Report) -> Drawing | None:
    """Shares alone share an axis; other units of quality stand in the tables."""
    figures = [
        figure
        for figure in report.figures
        if figure.part == "quality" and figure.unit == "%" and figure.low is not None
    ]
    if not figures:
        return None
    rows = _grouped(figures)
    ways = list(dict.fromkeys(figure.way for figure in figures))
    drawing, axes = _drawing(0.9 + 0.26 * len(rows))
    for place, figure in rows:
        look = _look(ways.index(figure.way), peer=figure.peer)
        low, high = figure.low or 0.0, figure.high if figure.high is not None else figure.value
        axes.plot([100 * low, 100 * high], [place] * 2, **{**look, "marker": ""})
        axes.plot(100 * figure.value, place, **{**look, "linestyle": "none"})
    _name_groups(axes, rows)
    axes.set_xlabel("%")
    axes.grid(visible=True, axis="x")
    peers = {figure.way: figure.peer for figure in figures}
    _add_legend(drawing, {way: peers[way] for way in ways})
    return drawing


def _grouped(figures: Sequence[Figure]) -> list[tuple[float, Figure]]:
    """Where each stands from the top down, those of one thing measured below each other."""
    groups: dict[str, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(_heading(figure), []).append(figure)
    rows, place = [], 0.0
    for group in groups.values():
        for figure in group:
            rows.append((place, figure))
            place += 1
        place += 0.6
    return rows


def _name_groups(axes: Axes, rows: Sequence[tuple[float, Figure]]) -> None:
    places: dict[str, list[float]] = {}
    for place, figure in rows:
        places.setdefault(_heading(figure), []).append(place)
    names = [textwrap.fill(printable(name), 24) for name in places]
    axes.set_yticks([statistics.mean(each) for each in places.values()], names)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(rows[-1][0] + 0.6, -0.6)


def _heading(figure: Figure) -> str:
    return figure.what if figure.size is None else f"{figure.what}, {figure.size:,} photos"


def _measured(report: Report, part: str, what: str) -> list[Figure]:
    return [
        figure
        for figure in report.figures
        if (figure.part, figure.what) == (part, what)
        and figure.size is not None
        and min(figure.rounds) > 0
    ]


def _by_way(figures: Iterable[Figure]) -> dict[str, list[Figure]]:
    ways: dict[str, list[Figure]] = {}
    for figure in figures:
        ways.setdefault(figure.way, []).append(figure)
    return ways


def _most_sizes(ways: dict[str, list[Figure]]) -> int:
    return max((len({each.size for each in figures}) for figures in ways.values()), default=0)


def _drawing(height: float) -> tuple[Drawing, Axes]:
    drawing = Drawing(figsize=(_WIDTH, height), layout="constrained")
    return drawing, drawing.add_subplot()


def _look(number: int, *, peer: bool) -> dict[str, Any]:
    """Of the `number`th way: another colour and marker, and a peer dashed and hollow."""
    colour = _WAYS[number % len(_WAYS)]
    marker = _MARKERS[(number + number // len(_WAYS)) % len(_MARKERS)]
    return {
        "color": colour,
        "marker": marker,
        "markersize": 5.5,
        "markerfacecolor": "none" if peer else colour,
        "linestyle": "--" if peer else "-",
        "linewidth": 1.5,
    }


def _add_legend(
    drawing: Drawing, ways: dict[str, bool], *, lines: bool = True, marker: str = ""
) -> None:
    """Below the axes, so that it covers no data; `ways`: name -> whether it is a peer's."""
    signs = []
    for number, (way, peer) in enumerate(ways.items()):
        look = _look(number, peer=peer)
        if not lines:
            look["linestyle"] = "none"
        if marker:
            look |= {"marker": marker, "markersize": 8.0}
        # matplotlib leaves out what begins with an underscore.
        name = re.sub("^_", "\u200b_", textwrap.shorten(printable(way), _LABEL_WIDTH) or way)
        told = f"{name} *" if peer else name
        signs.append(Line2D([], [], label=told, **look))
    drawing.legend(handles=signs, loc="outside lower left", handlelength=3)
    height = drawing.get_figheight() + 0.2 * len(signs)
    drawing.set_figheight(height)


def _plain_log(axes: Axes, which: str) -> None:
    """Numbers as people write them, some of them whatever part of a power of ten is shown."""
    axis = axes.yaxis if which == "y" else axes.xaxis
    low, high = sorted(axis.get_view_interval())
    narrow = 0 < high < 8 * low
    subs = (1.0, 2.0, 5.0) if 0 < high < 1e3 * low else (1.0,)
    axis.set_major_locator(AutoLocator() if narrow else LogLocator(subs=subs))
    axis.set_major_formatter(FuncFormatter(_plainly))
    axis.set_minor_locator(NullLocator())


def _plainly(value: float, _: int | None) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:g}"


def _as_svg(drawing: Drawing, prefix: str, title: str) -> str:
    """As an element of HTML, whose ids begin with `prefix` and whose colours are the page's."""
    out = io.BytesIO()
    drawing.savefig(out, format="svg", metadata={"Date": None}, transparent=True)
    root = ElementTree.fromstring(out.getvalue())
    for parent in root.iter():
        for child in [each for each in parent if each.tag.endswith("metadata")]:
            parent.remove(child)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        if _LINK in element.attrib:
            element.set("href", element.attrib.pop(_LINK))
        for name, value in element.attrib.items():
            element.set(name, _adapted(name, value, prefix))
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    root.attrib |= {"role": "img", "aria-label": title}
    return ElementTree.tostring(root, encoding="unicode")


def _adapted(name: str, value: str, prefix: str) -> str:
    if name == "id":
        return prefix + value
    if name == "href":
        return value.replace("#", f"#{prefix}")
    if name == "style":
        value = re.sub(r"font(-family)?: [^;]*'[^;]*", _font, value)
        return re.sub("#[0-9a-f]{6}", lambda found: _NAMED.get(found[0], found[0]), value)
    return value.replace("url(#", f"url(#{prefix}")


def _font(found: re.Match[str]) -> str:
    """Of the page, in the size that was drawn."""
    size = re.search(r"[\d.]+px", found[0])
    return f"font-size: {size[0]}" if size else "font-family: inherit"
