"""A report with every kind of figure, with seeded noise."""

import numpy as np

from capsearch.benchmark.report import Better, Figure, Report

WAYS = {"CapSearch, exact": False, "CapSearch, hnswlib": False, "faiss, HNSW": True}
SIZES = (1_000, 10_000, 100_000)


def made_report(seed: int = 0, noise: float = 0.02, rounds: int = 5) -> Report:
    """Latency, recall, memory, speed, quality and a yardstick; `noise` is that of each round."""
    random = np.random.default_rng(seed)
    report = Report(
        command="capsearch benchmark",
        machine={"processor": "a fast one", "cores": "2"},
        versions={"capsearch": "1", "numpy": "2"},
        work={"photos": "made for the purpose", "encoder": "starter", "rounds": str(rounds)},
        missing=["rclip is not installed; `pip install rclip` adds it."],
        notes=["Vectors are made."],
        seconds=74,
    )

    def add(
        part: str,
        what: str,
        way: str,
        unit: str,
        value: float,
        *,
        size: int | None = None,
        better: Better = "less",
        half: float | None = None,
        peer: bool = False,
        note: str = "",
    ) -> None:
        noisy = np.zeros(rounds) if unit == "%" else random.normal(0, noise, rounds)
        low, high = (None, None) if half is None else (value - half, value + half)
        values = tuple((value * np.exp(noisy)).tolist())
        report.figures.append(
            Figure(part, what, way, unit, values, size, better, low, high, peer, note)
        )

    for size in SIZES:
        for number, (way, peer) in enumerate(WAYS.items()):
            took, share = size / 5000 / (1 + number), 1 - 0.03 * number
            add("search", "latency, median", way, "ms", took, size=size, peer=peer)
            add("search", "recall at 50", way, "%", share, size=size, better="more", peer=peer)
            add("search", "memory", way, "MB", 30 + size / 1000, size=size, peer=peer)
    for stage, speed in {"decode alone": 181.0, "end to end": 93.0}.items():
        add("indexing", stage, "starter on cpu", "photos/s", speed, size=1000, better="more")
        add(
            "indexing", stage, "rclip", "photos/s", speed / 3, size=1000, better="more",
            peer=True, note="smaller photos",
        )  # fmt: skip
    for number, way in enumerate(("plain", "personal")):
        add("quality", "recall at 1", way, "%", 0.3 + number / 5, better="more", half=0.02)
    add("window", "longest block", "the window", "ms", 21)
    add("yardstick", "speed", "read memory", "GB/s", 9, better="more")
    add("yardstick", "time", "multiply matrices", "ms", 4)
    return report
