import json

import pytest

from capsearch.benchmark.report import Figure, Report, load_report, parts_of, save_report
from capsearch.benchmark.table import as_text, number_in_words, table
from capsearch.errors import CapsearchError


def latency(way: str, size: int, *rounds: float, peer: bool = False, note: str = "") -> Figure:
    return Figure(
        "search", "latency", way, "ms", rounds, size=size, better="less", peer=peer, note=note
    )


REPORT = Report(
    command="capsearch benchmark",
    machine={"processor": "a fast one"},
    versions={"capsearch": "1"},
    work={"photos": "made"},
    figures=[
        latency("ours", 1000, 3.0, 1.0, 2.0),
        latency("theirs", 1000, 4.0, peer=True, note="half numbers"),
        latency("ours", 100_000, 1234.5),
        Figure("quality", "recall at 10", "ours", "%", (0.5,), low=0.4, high=0.995),
    ],
    missing=["faiss is not installed"],
    notes=["a note"],
    seconds=7.4,
)


def test_a_report_comes_back_as_it_was_saved(tmp_path):
    file = tmp_path / "report.json"
    save_report(REPORT, file)
    assert load_report(file) == REPORT
    assert json.loads(file.read_text())["figures"][0]["value"] == 2.0


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[1]", b'{"format": 99}', b'{"format": 1}', b'{"format": 1, "figures": [{}]}'],
)
def test_what_is_no_report_is_refused_in_a_sentence(tmp_path, content):
    file = tmp_path / "report.json"
    file.write_bytes(content)
    with pytest.raises(CapsearchError):
        load_report(file)
    with pytest.raises(CapsearchError, match="cannot be read"):
        load_report(tmp_path / "none.json")


def test_a_damaged_figure_or_fact_is_refused_in_a_sentence(tmp_path):
    file = tmp_path / "report.json"
    save_report(REPORT, file)
    whole = file.read_text()
    damages = {
        '"size": 1000': '"size": "many"',
        '"better": "less"': '"better": "blue"',
        '"way": "ours"': '"way": 3',
        '"unit": "%"': '"unit": null',
        '"low": 0.4': '"low": NaN',
        '"machine": {': '"machine": [], "none": {',
        '"processor": "a fast one"': '"processor": 7',
        '"seconds": 7.4': '"seconds": "long"',
        '"a note"': "[]",
        "1234.5": "Infinity",
        "    0.5\n": "    true, null\n",
    }
    for sound, damaged in damages.items():
        assert sound in whole
        file.write_text(whole.replace(sound, damaged))
        with pytest.raises(CapsearchError, match="damaged"):
            load_report(file)
    file.write_text("[" * 100_000)
    with pytest.raises(CapsearchError, match="no report"):
        load_report(file)


def test_a_figures_value_is_the_median_of_its_rounds():
    assert REPORT.figures[0].value == 2.0
    assert REPORT.find("search", "latency", "theirs", 1000) is REPORT.figures[1]
    assert REPORT.find("search", "latency", "theirs", 9) is None


def test_ways_stand_below_each_other_and_sizes_side_by_side():
    assert table("latency", REPORT.figures[:3]) == [
        "latency (ms)  1,000 photos  100,000 photos",
        "  ours                2.00           1,234",
        "  theirs *            4.00                   half numbers",
    ]


def test_the_whole_report_names_machine_figures_what_is_missing_and_the_command():
    text = as_text(REPORT)
    for told in (
        "processor: a fast one", "SEARCH", "50.0% (40.0% to 99.50%)",
        "- faiss is not installed", "- a note", "capsearch benchmark  (7 s)",
    ):  # fmt: skip
        assert told in text
    assert list(parts_of(REPORT.figures)) == ["search", "quality"]


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [(0.1234, "ms", "0.12"), (12.34, "ms", "12.3"), (1234.5, "ms", "1,234"), (0.0, "", "0.00"),
     (0.9987, "%", "99.87%"), (1.0, "%", "100.0%"), (0.5, "%", "50.0%")],
)  # fmt: skip
def test_numbers_have_three_telling_digits(value, unit, told):
    assert number_in_words(value, unit) == told
