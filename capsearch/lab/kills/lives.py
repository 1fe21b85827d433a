"""Lives of a library: killed once or more, looked at each time, and brought to its end."""

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from capsearch.lab.kills.actions import (
    Action,
    LostError,
    State,
    count_encoded,
    vectors_to_make,
)
from capsearch.lab.kills.actor import BEGUN, ENDED

_KILLS_A_LIFE = 3
# Of an undisturbed one's time: a little more, to meet it done but not yet told of, too.
_LATEST = 1.1
_PATIENCE_SECONDS = 120.0
_ORPHAN_SECONDS = 30.0


@dataclass
class Tally:
    """What came of one action: how many kills, how many of them before it had ended, how long it
    takes undisturbed (seconds), and what each loss was."""

    name: str
    points: int = 0
    inside: int = 0
    seconds: float = 0.0
    losses: list[str] = field(default_factory=list)


def try_action(
    action: Action, points: int, seed: int, folder: Path, told: Callable[[int], object]
) -> Tally:
    """Kill `action` at `points` moments, in libraries below `folder`; `told` how many
    each life had."""
    tally = Tally(action.name)
    template, undisturbed = folder / "template", folder / "undisturbed"
    template.mkdir(parents=True)
    action.prepare(template)
    shutil.copytree(template, undisturbed)
    tally.seconds = _let_end(action, undisturbed)
    after = action.look(undisturbed)
    before = action.look(shutil.copytree(template, folder / "before"))
    moments = random.Random(f"{seed} {action.name}")
    for number in range(points):
        if tally.points >= points:
            break
        home = shutil.copytree(template, folder / str(number))
        count_encoded(home)
        points_before = tally.points
        try:
            _live(action, home, before, after, moments, tally, points)
        except LostError as error:
            tally.losses.append(f"{action.name}, life {number}, seed {seed}: {error}")
        shutil.rmtree(home)
        told(tally.points - points_before)
    return tally


def _live(
    action: Action,
    home: Path,
    before: State,
    after: State,
    moments: random.Random,
    tally: Tally,
    points: int,
) -> None:
    """Up to some kills, each followed by a look, and a run to the end."""
    known = before
    for _ in range(1 if action.at_once else _KILLS_A_LIFE):
        if tally.points >= points:
            break
        inside = _kill_once(action, home, moments.uniform(0, _LATEST * tally.seconds))
        tally.points += 1
        tally.inside += inside
        now = action.look(home)
        now.check_between(known, after)
        if action.at_once and not (now.is_like(before) or now.is_like(after)):
            raise LostError("it was done in part")
        if count_encoded(home) > vectors_to_make(known, after):
            raise LostError("photos were encoded again before the kill")
        known = now
        if not inside:
            break
    _let_end(action, home)
    missing, encoded = vectors_to_make(known, after), count_encoded(home)
    if encoded != missing:
        raise LostError(f"{missing} photos had no vector, and {encoded} were encoded")
    if not action.look(home).is_like(after):
        raise LostError("it did not end as an undisturbed one")


def _kill_once(action: Action, home: Path, seconds: float) -> bool:
    """Kill it so long after it has begun; whether it was still at it."""
    process = _start(action, home, stderr=subprocess.DEVNULL)  # orphans complain at their end
    time.sleep(seconds)
    children = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    output, _ = process.communicate()
    _, alive = psutil.wait_procs(children, timeout=_ORPHAN_SECONDS)
    if alive:
        raise LostError(f"{len(alive)} processes outlived the one that was killed")
    return ENDED not in output


def _let_end(action: Action, home: Path) -> float:
    """Do it undisturbed; how many seconds it took."""
    process = _start(action, home)
    assert process.stdout is not None
    began = time.monotonic()
    word = process.stdout.readline()
    seconds = time.monotonic() - began
    process.communicate(timeout=_PATIENCE_SECONDS)
    if word != ENDED:
        raise LostError("it could not be done to its end")
    return seconds


def _start(action: Action, home: Path, *, stderr: int | None = None) -> "subprocess.Popen[bytes]":
    """A process that has just begun with it."""
    paths = os.pathsep.join(path for path in sys.path if path)
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "capsearch.lab.kills.actor"),
            *(type(action).__module__, type(action).__name__, os.fspath(home)),
        ],
        env={**os.environ, "PYTHONPATH": paths},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
    )
    assert process.stdout is not None
    if process.stdout.readline() != BEGUN:
        process.communicate()
        raise LostError("it could not even begin")
    return process
