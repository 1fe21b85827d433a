"""What writes to a library may be killed at any moment; and the trial of it sees what is lost."""

from pathlib import Path

import pytest
from torn_action import Forgetful, Torn

from capsearch.lab.kills.__main__ import main
from capsearch.lab.kills.actions import ACTIONS, Action
from capsearch.lab.kills.lives import try_action


@pytest.mark.parametrize("points", [12, pytest.param(100, marks=pytest.mark.nightly)])
def test_nothing_is_lost_by_kills_at_random_moments(
    points: int, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["--points", str(points), "--seed", "1"])
    told = capsys.readouterr()
    assert (code, told.err) == (0, "")
    lines = {line[:26].strip(): line[26:].split() for line in told.out.splitlines()}
    assert {action.name for action in ACTIONS} < lines.keys()
    kills, inside, losses = map(int, lines["all"])
    assert (kills, losses) == (points, 0)
    assert inside >= points // 2


@pytest.mark.parametrize(
    ("action", "loss"), [(Torn(), "done in part"), (Forgetful(), "embeddings: 20 lost")]
)
def test_an_action_that_a_kill_tears_apart_is_noticed(
    action: Action, loss: str, tmp_path: Path
) -> None:
    kills: list[int] = []
    tally = try_action(action, 4, 0, tmp_path, kills.append)
    assert any(loss in told for told in tally.losses)
    assert sum(kills) == tally.points == 4
