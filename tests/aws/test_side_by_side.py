"""Several calls at once: in order, all of them to their end, and no thread where one will do."""

import threading

import pytest

from chalicelib.aws.side_by_side import SideBySide


def test_results_come_in_the_order_of_the_items_whichever_call_ends_first():
    last_may_end = threading.Event()

    def call(number: int) -> int:
        if number == 0:
            assert last_may_end.wait(10)
        if number == 4:
            last_may_end.set()
        return number * 10

    assert SideBySide(5)(call, range(5)) == [0, 10, 20, 30, 40]


def test_no_call_is_under_way_any_more_when_an_error_is_raised():
    may_end, ended = threading.Event(), list[int]()

    def call(number: int) -> None:
        if number == 0:
            may_end.set()
            raise KeyError("the first one fails")
        assert may_end.wait(10)
        ended.append(number)

    with pytest.raises(KeyError, match="the first one fails"):
        SideBySide(3)(call, range(3))
    assert sorted(ended) == [1, 2]


def test_a_single_call_is_made_in_the_callers_own_thread():
    assert SideBySide(4)(lambda item: threading.current_thread(), ["one"]) == [threading.current_thread()]


def test_nothing_is_called_for_nothing():
    assert SideBySide(4)(lambda item: pytest.fail("called"), []) == []
