"""The files that say how each batch's rows ended: the fake and S3 promise the same."""

import random

import pytest

from chalicelib.domain.outcome import Outcome, OutcomeKind
from chalicelib.errors import ListNotFound

# Line separators that are no line ends, and what a spreadsheet would run.
ODD = ["plain", "名前\u2028様", 'quote " and, comma', "two\nlines", "=1+1", "\u0085", ""]


def outcomes(batch_number: int, count: int = 2) -> list[Outcome]:
    rows = range(batch_number * count, (batch_number + 1) * count)
    return [Outcome(row, f"p{row}@example.com", OutcomeKind.ACCEPTED, ODD[row % 7], f"id-{row}") for row in rows]


class TestWhichThereAre:
    def test_batches_with_outcomes_are_those_of_this_campaign(self, files):
        for campaign, number in (("c1", 0), ("c1", 12), ("c11", 3)):
            files.write_outcomes(campaign, number, outcomes(number))
        assert files.batches_with_outcomes("c1") == {0, 12}
        assert files.batches_with_outcomes("c2") == set()

    def test_batches_that_were_given_up_are_those_of_this_campaign_and_this_round(self, files):
        for campaign, number, given_up in (("c1", 1, 0), ("c1", 1, 12), ("c1", 2, 7), ("c1", 12, 8), ("c11", 1, 9)):
            files.write_unsent(campaign, number, given_up, outcomes(given_up))
        assert files.unsent_batches("c1", 1) == {0, 12}
        assert files.unsent_batches("c1", 2) == {7}
        assert files.unsent_batches("c1", 3) == files.unsent_batches("c2", 1) == set()

    def test_what_was_sent_and_what_was_given_up_are_told_apart(self, files):
        files.write_outcomes("c1", 0, outcomes(0))
        files.write_unsent("c1", 1, 1, outcomes(1))
        assert files.batches_with_outcomes("c1") == {0}
        assert files.unsent_batches("c1", 1) == {1}


class TestOutcomes:
    def test_the_outcomes_of_many_batches_come_in_the_order_of_the_batches(self, files):
        numbers = list(range(150))
        random.Random(1).shuffle(numbers)
        for number in numbers:
            files.write_outcomes("c1", number, outcomes(number))
        assert list(files.outcomes("c1", 150, 1, set())) == [each for number in range(150) for each in outcomes(number)]

    def test_those_of_batches_that_were_given_up_stand_in_their_place(self, files):
        for number in (0, 2, 3):
            files.write_outcomes("c1", number, outcomes(number))
        for number in (1, 4):
            files.write_unsent("c1", 1, number, outcomes(number))
        expected = [each for number in range(5) for each in outcomes(number)]
        assert list(files.outcomes("c1", 5, 1, {1, 4})) == expected

    def test_each_round_has_given_up_its_own(self, files):
        for number in (1, 2):
            files.write_unsent("c1", number, 0, outcomes(number))
        assert list(files.outcomes("c1", 1, 1, {0})) == outcomes(1)
        assert list(files.outcomes("c1", 1, 2, {0})) == outcomes(2)

    def test_a_batch_that_a_later_round_has_sent_goes_by_what_that_wrote(self, files):
        files.write_unsent("c1", 1, 0, outcomes(1))
        files.write_outcomes("c1", 0, outcomes(0))
        assert list(files.outcomes("c1", 1, 2, set())) == outcomes(0)

    @pytest.mark.parametrize("unsent", [set(), {1}, {0, 1}], ids=str)
    def test_an_outcome_file_that_is_missing_is_noticed(self, files, unsent):
        files.write_outcomes("c1", 0, outcomes(0))
        files.write_unsent("c1", 1, 1, outcomes(1))
        with pytest.raises(ListNotFound):
            list(files.outcomes("c1", 2, 2, unsent))

    def test_writing_outcomes_again_replaces_them(self, files):
        for once in (outcomes(7), outcomes(0)):
            files.write_outcomes("c1", 0, once)
            files.write_unsent("c1", 1, 1, once)
        assert list(files.outcomes("c1", 2, 1, {1})) == outcomes(0) * 2


def test_more_than_a_thousand_outcome_files_are_all_seen(s3_files):
    for number in range(1005):
        s3_files.write_outcomes("c1", number, outcomes(number, 1))
    assert s3_files.batches_with_outcomes("c1") == set(range(1005))
