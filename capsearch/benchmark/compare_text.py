"""A comparison of two runs in plain words: on the terminal, and as a page."""

import datetime
import shutil
import textwrap
from collections.abc import Mapping, Sequence

from capsearch.benchmark.compare import Change, Comparison
from capsearch.benchmark.page import document, row_name, rows, sentences, text
from capsearch.benchmark.report import Figure
from capsearch.benchmark.table import in_words, number_in_words, printable

_COLUMNS = ("A", "B", "B / A", "95% interval", "beside yardsticks", "B is")
_WIDEST = 100


def comparison_as_text(comparison: Comparison) -> str:
    """What differs, which figures changed, a table of all, and how to read it."""
    lines = [*_summary(comparison)]
    for title, told in _lists(comparison).items():
        if told:
            lines += ["", title, *(f"- {each}" for each in told)]
    for part, measured in _by_part(comparison).items():
        lines += ["", part.upper(), *_table(measured)]
    lines += ["", *_reading(comparison)]
    width = min(_WIDEST, shutil.get_terminal_size().columns)
    return "\n".join(_folded(printable(line), width) for line in lines)


def comparison_as_page(comparison: Comparison, when: datetime.datetime) -> str:
    """The same as one HTML page."""
    body = [
        f"<h1>CapSearch benchmark, B against A</h1>\n<p class='faint'>{when:%Y-%m-%d %H:%M}</p>",
        *(f"<p>{text(line)}</p>" for line in _summary(comparison)),
        *(sentences(title, told) for title, told in _lists(comparison).items()),
    ]
    for part, measured in _by_part(comparison).items():
        body.append(f"<h2>{text(part)}</h2>")
        for what, changes in measured.items():
            cells = [
                [row_name(_way(change.a), peer=change.a.peer)]
                + [_html_cell(cell, bold=change.named) for cell in _cells(change)]
                for change in changes
            ]
            body.append(rows(what, ["", *_COLUMNS], cells))
    body += [f'<p class="faint">{text(line)}</p>' for line in _reading(comparison)]
    return document("CapSearch benchmark, B against A", body)


def _summary(comparison: Comparison) -> list[str]:
    lines = [f"A: {comparison.a.command}", f"B: {comparison.b.command}"]
    if comparison.unfair:
        lines.append(
            "This is no fair comparison: "
            + "; ".join(
                f"{name} was {one} in A and is {other} in B"
                for name, (one, other) in comparison.differs.items()
                if name in comparison.unfair
            )
            + "."
        )
    lines += [
        f"{name} was {one} in A and is {other} in B."
        for name, (one, other) in comparison.differs.items()
        if name not in comparison.unfair
    ]
    verdicts = [change.verdict for change in comparison.changes]
    told = [
        f"{verdicts.count(verdict)} {name}"
        for verdict, name in (
            ("better", "better"), ("worse", "worse"), ("changed", "changed"), ("same", "the same"),
            ("unclear", "too noisy to tell"),
        )
        if verdict in verdicts
    ]  # fmt: skip
    if told:
        lines.append(f"Figures in both: {len(verdicts)}. {', '.join(told)}.")
        lines.append(
            f"By chance alone at most {comparison.by_chance:.1f} of them would look changed."
        )
    else:
        lines.append("The two have no figure in common.")
    return lines


def _lists(comparison: Comparison) -> dict[str, list[str]]:
    return {
        "Changed": [_in_words(change) for change in comparison.changes if change.named],
        "The machine": [
            f"{name}: B's ran at {speed:.2f} times the speed of A's"
            for name, speed in comparison.speeds.items()
        ],
        "Only in A": [_alone(figure) for figure in comparison.only_a],
        "Only in B": [_alone(figure) for figure in comparison.only_b],
    }


def _in_words(change: Change) -> str:
    values = [number_in_words(each.value, change.a.unit) for each in (change.a, change.b)]
    if change.ratio is None:
        told = f"{values[1]} instead of {values[0]}"
    elif change.ratio >= 2:
        told = f"{change.ratio:.1f} times as much"
    else:
        told = f"{abs(change.ratio - 1):.0%} {'more' if change.ratio > 1 else 'less'}"
    return f"{change.verdict}: {_name(change.a)}: {told}"


def _reading(comparison: Comparison) -> list[str]:
    lines = [
        "B / A is taken round by round. A figure counts as changed where the 95% interval of that "
        "lies outside 0.95 to 1.05, as far as two runs of one program differ; of shares (%) "
        "outside 0.999 to 1.001.",
    ]
    if comparison.speeds:
        lines.append(
            "Times and rates must have changed more than any yardstick did too: what the machine's "
            "own speed may explain is not named."
        )
    else:
        lines.append(
            "No yardstick is in both, so that a machine that was slower in one of them looks like "
            "slower code."
        )
    if any(change.verdict == "unclear" for change in comparison.changes):
        lines.append("More rounds (--rounds N) tell what is too noisy here.")
    return lines


def _table(measured: Mapping[str, Sequence[Change]]) -> list[str]:
    """What was measured in rows of its own, its ways and sizes below it."""
    lines: list[tuple[str, Sequence[str]]] = [("", _COLUMNS)]
    for what, changes in measured.items():
        lines.append((what, ("",) * len(_COLUMNS)))
        for change in changes:
            marked = " *" if change.a.peer else ""
            lines.append((f"  {_way(change.a)}{marked}", _cells(change)))
    widths = [max(map(len, column)) for column in zip(*(cells for _, cells in lines), strict=True)]
    left = max(len(name) for name, cells in lines if any(cells))
    return [f"  {name:{left}}{_joined(cells, widths)}".rstrip() for name, cells in lines]


def _cells(change: Change) -> tuple[str, ...]:
    ratio, low, high = change.ratio, change.low, change.high
    return (
        number_in_words(change.a.value, change.a.unit),
        number_in_words(change.b.value, change.b.unit),
        "" if ratio is None else f"{ratio:.2f}",
        "" if low is None or high is None else f"{low:.2f} to {high:.2f}",
        "" if change.relative is None else f"{change.relative:.2f}",
        {"same": "the same", "unclear": "too noisy"}.get(change.verdict, change.verdict),
    )


def _html_cell(told: str, *, bold: bool) -> str:
    return f"<td><b>{text(told)}</b></td>" if bold and told else f"<td>{text(told)}</td>"


def _measured(figure: Figure) -> str:
    return figure.what + (f" ({figure.unit})" if figure.unit and figure.unit != "%" else "")


def _way(figure: Figure) -> str:
    return figure.way + ("" if figure.size is None else f", {figure.size:,} photos")


def _name(figure: Figure) -> str:
    return f"{figure.part}, {figure.what}: {_way(figure)}"


def _alone(figure: Figure) -> str:
    unit = "" if figure.unit == "%" else f" {figure.unit}"
    return f"{_name(figure)}: {in_words(figure)}{unit}".rstrip()


def _by_part(comparison: Comparison) -> dict[str, dict[str, list[Change]]]:
    """The changes by part, then by what was measured."""
    parts: dict[str, dict[str, list[Change]]] = {}
    for change in comparison.changes:
        of_part = parts.setdefault(change.a.part, {})
        of_part.setdefault(_measured(change.a), []).append(change)
    return parts


def _joined(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(f"  {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _folded(line: str, width: int) -> str:
    """A sentence on lines of the terminal; tables and lists stay as they are."""
    return (
        line
        if line.startswith(("  ", "- "))
        else textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
    )
