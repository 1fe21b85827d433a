"""How far a download is."""

from capsearch.transfer import DownloadProgress, TransferRate


def test_the_time_left_is_what_the_rate_makes_of_the_rest() -> None:
    assert DownloadProgress(250, 1000, 50.0, "a.whl").seconds_left == 15.0


def test_nobody_promises_a_time_while_nothing_arrives() -> None:
    assert DownloadProgress(250, 1000, 0.0, "a.whl").seconds_left is None


def test_the_rate_forgets_what_was_long_ago() -> None:
    clock = iter([0.0, 10.0, 12.0, 14.0])
    rate = TransferRate(lambda: next(clock))
    assert rate.after(0) == 0.0
    rates = [rate.after(done) for done in (1000, 1100, 1200)]
    assert rates == [100.0, 50.0, 50.0]
