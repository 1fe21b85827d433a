"""What is measured in a process of its own may die in any way, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from capsearch.benchmark.aside import LostError, Tell, aside, ask_aside
from capsearch.errors import CapsearchError


def answer(tell: Tell, words: str) -> None:
    os.write(2, b"not for the terminal\n")
    tell(words)


def end_at_once(tell: Tell) -> None:
    os.write(2, b"no such screen.\n")
    os._exit(3)


def end_by_signal(tell: Tell) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail(tell: Tell) -> None:
    raise ValueError("a most peculiar thing")


def refuse(tell: Tell) -> None:
    raise CapsearchError("There is no such encoder.", "Name another.")


def hang(tell: Tell) -> None:
    time.sleep(600)


def start_another(tell: Tell) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    tell(child.pid)
    time.sleep(600)


def test_its_answer_arrives_and_its_complaints_stay_off_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert ask_aside(answer, "done", log=tmp_path / "log") == "done"
    assert capfd.readouterr().err == ""
    assert (tmp_path / "log").read_text() == "not for the terminal\n"


def test_its_times_count_from_before_its_start(tmp_path: Path) -> None:
    before = time.perf_counter()
    with aside(answer, "done", log=tmp_path / "log") as begun:
        _, seconds = begun.hear_when(60)
    assert 0 < seconds < time.perf_counter() - before


def test_an_end_without_an_answer_is_told_with_its_code_and_last_words(tmp_path: Path) -> None:
    with pytest.raises(LostError, match=r"^its process ended with code 3 \(no such screen\)$"):
        ask_aside(end_at_once, log=tmp_path / "log")


@pytest.mark.skipif(os.name != "posix", reason="signals as Unix has them")
def test_a_kill_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(LostError, match=r"^its process was ended by SIGKILL$"):
        ask_aside(end_by_signal, log=tmp_path / "log")


def test_a_bug_is_told_and_its_traceback_kept(tmp_path: Path) -> None:
    with pytest.raises(LostError, match=r"^ValueError: a most peculiar thing$"):
        ask_aside(fail, log=tmp_path / "log")
    assert "Traceback" in (tmp_path / "log").read_text()


def test_what_the_user_can_mend_stays_that(tmp_path: Path) -> None:
    with pytest.raises(CapsearchError) as refused:
        ask_aside(refuse, log=tmp_path / "log")
    assert refused.value.next_step == "Name another."


def test_one_that_hangs_is_not_waited_for(tmp_path: Path) -> None:
    with pytest.raises(LostError, match="nothing came of it in 1 seconds"):
        ask_aside(hang, log=tmp_path / "log", seconds=1)


def test_what_it_started_is_gone_with_it(tmp_path: Path) -> None:
    with aside(start_another, log=tmp_path / "log") as begun:
        child = psutil.Process(begun.hear(60))
        assert child.is_running()
    assert not child.is_running()
