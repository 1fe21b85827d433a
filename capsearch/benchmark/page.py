"""A report as one HTML page that needs nothing else: no script, no network, light and dark."""

import datetime
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from capsearch.benchmark.report import Figure, Report, parts_of
from capsearch.benchmark.table import number_in_words, printable
from capsearch.errors import CapsearchError
from capsearch.files import write_whole

if TYPE_CHECKING:
    from capsearch.benchmark.plots import Plot

_LIGHT = (
    "--paper:#fff;--ink:#1b1f24;--faint:#5b636d;--line:#d9dde2;--raised:#f5f6f8;"
    "--way-0:#0072b2;--way-1:#c24e00;--way-2:#00805d;--way-3:#b0578a;--way-4:#a86f00;"
    "--way-5:#2e8bc0;--way-6:#444"
)
_DARK = (
    "--paper:#15181c;--ink:#e7eaee;--faint:#a0a8b2;--line:#343a42;--raised:#1e2227;"
    "--way-0:#58b0ee;--way-1:#ff8c50;--way-2:#3cc79a;--way-3:#e6a0c6;--way-4:#f0b740;"
    "--way-5:#a5dbfb;--way-6:#ccc"
)
_STYLE = f"""
:root{{color-scheme:light dark;{_LIGHT}}}
@media screen and (prefers-color-scheme:dark){{:root{{{_DARK}}}}}
*{{box-sizing:border-box}}
body{{margin:0 auto;padding:1.5rem 1rem 3rem;max-width:70rem;background:var(--paper);
color:var(--ink);font:16px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}}
h1{{font-size:1.6rem;line-height:1.2;margin:0 0 .3rem}}
h2{{font-size:1.25rem;margin:2.2rem 0 .5rem;border-bottom:1px solid var(--line)}}
h2::first-letter{{text-transform:uppercase}}
p{{margin:.4rem 0}}
code{{overflow-wrap:anywhere;background:var(--raised);padding:.1rem .3rem;border-radius:.2rem}}
small,.faint{{color:var(--faint)}}
small{{display:block;font-size:.78rem;line-height:1.3;white-space:nowrap}}
dl{{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));gap:.5rem 1.5rem;
margin:1rem 0;padding:1rem;background:var(--raised);border-radius:.5rem}}
dt{{color:var(--faint);font-size:.85rem}}
dd{{margin:0;overflow-wrap:anywhere}}
.plots{{columns:26rem;column-gap:2rem}}
figure{{margin:0 0 1.5rem;break-inside:avoid}}
figcaption b{{display:block}}
figcaption{{font-size:.9rem;margin-bottom:.4rem}}
svg{{display:block;width:100%;height:auto;max-width:38rem}}
svg text{{font-family:inherit}}
.wide{{overflow-x:auto;margin:.8rem 0 1.4rem}}
table{{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.95rem}}
caption{{text-align:left;font-weight:600;padding-bottom:.2rem}}
th,td{{padding:.3rem .8rem;text-align:right;vertical-align:top;
border-bottom:1px solid var(--line)}}
th{{font-weight:400}}
thead th{{color:var(--faint);font-size:.85rem;vertical-align:bottom}}
th:first-child{{text-align:left;padding-left:0;min-width:8rem;max-width:18rem;position:sticky;
left:0;background:var(--paper)}}
td{{white-space:nowrap}}
.note{{white-space:normal;text-align:left;color:var(--faint);font-size:.85rem;min-width:9rem}}
.peer::after{{content:" *";color:var(--faint)}}
@media print{{:root{{font-size:10px}}body{{max-width:none;font-size:1rem}}.wide{{overflow:visible}}
tr{{break-inside:avoid}}}}
"""


def as_page(report: Report, when: datetime.datetime) -> str:
    """The whole page: what it ran on, plots, every figure, what is missing, notes.

    Without matplotlib there are no plots, which the page says in a line.
    """
    body = [
        "<h1>CapSearch benchmark</h1>",
        f'<p class="faint">{when:%Y-%m-%d %H:%M} · {report.seconds:,.0f} s</p>',
        f"<p><code>{text(report.command)}</code></p>",
        facts([*report.work.items(), *report.machine.items(), *report.versions.items()]),
        _pictures(report),
        '<p class="faint"><b>Bold</b>: the best at this size. *: what another program does with '
        "the same work. Each value is the median of its rounds; below it from the least to the "
        "most of them, or where it says so its 95% interval.</p>",
    ]
    for part, measured in parts_of(report.figures).items():
        body.append(f"<h2>{text(part)}</h2>")
        body += [_table(what, figures) for what, figures in measured.items()]
    body.append(sentences("Not measured here", report.missing))
    body.append(sentences("Notes", report.notes))
    return document("CapSearch benchmark", body)


def save_page(page: str, file: Path) -> None:
    """Write it whole or not at all.

    Raises:
        CapsearchError: the file cannot be written.
    """
    try:
        with write_whole(file) as out:
            out.write(page.encode())
    except OSError as error:
        raise CapsearchError(
            f"{file} cannot be written ({error.strerror or error}).", "Give another file."
        ) from error


def document(title: str, body: Iterable[str]) -> str:
    """A page of its own around what stands in it."""
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
            *filter(None, body),
            "</body>\n</html>\n",
        ]
    )


def facts(named: Iterable[tuple[str, str]]) -> str:
    """Names with what they are, as a list in columns."""
    pairs = (f"<div><dt>{text(name)}</dt><dd>{text(told)}</dd></div>" for name, told in named)
    return f"<dl>{''.join(pairs)}</dl>"


def sentences(title: str, told: Sequence[str]) -> str:
    """A heading with sentences below it; nothing where there are none."""
    items = "".join(f"<li>{text(each)}</li>" for each in told)
    return f"<h2>{text(title)}</h2>\n<ul>{items}</ul>" if told else ""


def rows(caption: str, titles: Sequence[str], cells: Iterable[Sequence[str]]) -> str:
    """A table whose first column names the row; `cells` are HTML."""
    head = "".join(f'<th scope="col">{text(title)}</th>' for title in titles)
    lines = ("<tr>" + "".join(each) + "</tr>" for each in cells)
    return (
        f'<div class="wide"><table><caption>{text(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>" + "\n".join(lines) + "</tbody></table></div>"
    )


def row_name(way: str, *, peer: bool) -> str:
    """The cell that names a row, marked where another program does the work."""
    marked = ' class="peer"' if peer else ""
    return f'<th scope="row"{marked}>{text(way)}</th>'


def text(told: object) -> str:
    """Safe to stand in a page, whatever it holds."""
    return escape(printable(str(told)))


def _pictures(report: Report) -> str:
    plots = _plots(report)
    if plots is None:
        return (
            '<p class="faint">There are no plots, because matplotlib is not installed: '
            "<code>pip install matplotlib</code> adds it.</p>"
        )
    shown = "\n".join(
        f"<figure><figcaption><b>{text(plot.title)}</b>{text(plot.told)}</figcaption>\n"
        f"{plot.svg}</figure>"
        for plot in plots
    )
    return f'<div class="plots">{shown}</div>' if plots else ""


def _plots(report: Report) -> "list[Plot] | None":
    try:
        from capsearch.benchmark.plots import plots_of  # noqa: PLC0415
    except ImportError:
        return None
    return plots_of(report)


def _table(what: str, figures: Sequence[Figure]) -> str:
    """One thing measured: ways below each other, sizes side by side, as on the terminal."""
    sizes = sorted({figure.size for figure in figures}, key=lambda size: size or 0)
    found = {(figure.way, figure.size): figure for figure in figures}
    best = {size: _best([each for each in figures if each.size == size]) for size in sizes}
    unit = figures[0].unit
    noted = any(figure.note for figure in figures)
    titles = ["", *(f"{size:,} photos" if size is not None else "" for size in sizes)]
    lines = []
    for way in dict.fromkeys(figure.way for figure in figures):
        of_way = [found.get((way, size)) for size in sizes]
        known = [figure for figure in of_way if figure is not None]
        line = [row_name(way, peer=known[0].peer)]
        for figure in of_way:
            line.append("<td></td>" if figure is None else _cell(figure, best[figure.size]))
        if noted:
            told = "; ".join(dict.fromkeys(each.note for each in known if each.note))
            line.append(f'<td class="note">{text(told)}</td>')
        lines.append(line)
    caption = f"{what} ({unit})" if unit and unit != "%" else what
    return rows(caption, [*titles, *([""] if noted else [])], lines)


def _best(figures: Sequence[Figure]) -> float | None:
    """The best value of those that compete; None where none is better than another."""
    better = figures[0].better
    if not better or len(figures) < 2:
        return None
    return (min if better == "less" else max)(figure.value for figure in figures)


def _cell(figure: Figure, best: float | None) -> str:
    told = text(number_in_words(figure.value, figure.unit))
    if figure.value == best:
        told = f"<b>{told}</b>"
    spread = ""
    if figure.low is not None and figure.high is not None:
        spread = f"95%: {_span(figure.low, figure.high, figure.unit)}"
    elif min(figure.rounds) < max(figure.rounds):
        spread = _span(min(figure.rounds), max(figure.rounds), figure.unit)
    return f"<td>{told}{f'<small>{text(spread)}</small>' if spread else ''}</td>"


def _span(low: float, high: float, unit: str) -> str:
    return f"{number_in_words(low, unit)} to {number_in_words(high, unit)}"
