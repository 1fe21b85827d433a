"""A report as tables for the terminal."""

from collections.abc import Sequence

from capsearch.benchmark.report import Figure, Report, parts_of

_WIDEST_WAY = 44


def as_text(report: Report) -> str:
    """Facts about the run, then each part's figures: ways below each other, sizes side by side."""
    lines = [f"{name}: {told}" for name, told in {**report.machine, **report.work}.items()]
    lines.append(", ".join(f"{name} {version}" for name, version in report.versions.items()))
    for part, measured in parts_of(report.figures).items():
        lines += ["", part.upper()]
        for what, figures in measured.items():
            lines += table(what, figures)
    for title, sentences in (("Not measured here", report.missing), ("Notes", report.notes)):
        if sentences:
            lines += ["", title, *(f"- {sentence}" for sentence in sentences)]
    lines += ["", f"{report.command}  ({report.seconds:.0f} s)"]
    return "\n".join(lines)


def table(what: str, figures: Sequence[Figure]) -> list[str]:
    """One thing measured in several ways, `*` at what other programs do."""
    sizes = sorted({figure.size for figure in figures}, key=lambda size: size or 0)
    ways = list(dict.fromkeys(figure.way for figure in figures))
    found = {(figure.way, figure.size): figure for figure in figures}
    unit = figures[0].unit
    titles = [f"{size:,} photos" if size is not None else "" for size in sizes]
    rows = []
    for way in ways:
        of_way = [found.get((way, size)) for size in sizes]
        first = next(figure for figure in of_way if figure is not None)
        name = f"{way} *" if first.peer else way
        cells = [in_words(figure) if figure is not None else "" for figure in of_way]
        rows.append((name, cells, first.note))
    columns = range(len(sizes))
    widths = [max(len(titles[at]), *(len(cells[at]) for _, cells, _ in rows)) for at in columns]
    left = min(_WIDEST_WAY, max(len(name) for name, _, _ in rows))
    head = f"{what} ({unit})" if unit and unit != "%" else what
    if any(titles):
        left = max(left, len(head) - 2)
        lines = [f"{head:{left + 2}}" + _joined(titles, widths)]
    else:
        lines = [head]
    for name, cells, note in rows:
        told = f"   {note}" if note else ""
        lines.append(f"  {name:{left}}" + _joined(cells, widths) + told)
    return [line.rstrip() for line in lines]


def in_words(figure: Figure) -> str:
    """Its value as people read it, with its interval where it has one."""
    told = number_in_words(figure.value, figure.unit)
    if figure.low is None or figure.high is None:
        return told
    low, high = (number_in_words(each, figure.unit) for each in (figure.low, figure.high))
    return f"{told} ({low} to {high})"


def number_in_words(value: float, unit: str) -> str:
    """Three telling digits, a share in percent; the unit is named elsewhere but for `%`."""
    if unit == "%":
        return f"{value:.1%}" if value < 0.99 or value == 1 else f"{value:.2%}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def printable(text: str) -> str:
    """Without the signs that no page and no picture can hold: controls, halves of a character."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def _joined(cells: Sequence[str], widths: Sequence[int]) -> str:
    pairs = zip(cells, widths, strict=True)
    return "".join(f"  {cell:>{width}}" for cell, width in pairs)
