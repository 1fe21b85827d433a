"""`python -m capsearch.lab.kills [--points 100] [--seed 0]`: kill real processes at random moments
of all that writes to a library; 1 where anything is lost by it.

Each library of the trial is made for the purpose and thrown away. After every kill it must be
whole and hold what it held; done again to the end it must be as if nobody had disturbed it, and
no photo that had a vector may have been encoded again.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from capsearch.lab.kills.actions import ACTIONS
from capsearch.lab.kills.lives import Tally, try_action


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table of counts; 0 where nothing was lost."""
    parser = argparse.ArgumentParser(prog="python -m capsearch.lab.kills")
    parser.add_argument("--points", type=int, default=100, help="how many kills in all")
    parser.add_argument("--seed", type=int, default=0, help="the same seed, the same moments")
    options = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        tqdm(total=options.points, unit="kill", disable=None) as bar,
    ):
        tallies = []
        for number, action in enumerate(ACTIONS):
            points = (options.points + number) // len(ACTIONS)
            place = Path(folder).resolve() / str(number)
            tallies.append(try_action(action, points, options.seed, place, bar.update))
    print(table(tallies))
    losses = [loss for tally in tallies for loss in tally.losses]
    for loss in losses:
        print(loss, file=sys.stderr)
    return 1 if losses else 0


def table(tallies: Sequence[Tally]) -> str:
    """What came of all of them, a line for each."""
    lines = [f"{'killed while':26}{'kills':>6}{'inside':>8}{'seconds':>9}{'losses':>8}"]
    lines += [
        f"{each.name:26}{each.points:6}{each.inside:8}{each.seconds:9.2f}{len(each.losses):8}"
        for each in tallies
    ]
    points, inside, losses = (
        sum(counts)
        for counts in zip(*((t.points, t.inside, len(t.losses)) for t in tallies), strict=True)
    )
    lines.append(f"{'all':26}{points:6}{inside:8}{'':9}{losses:8}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
