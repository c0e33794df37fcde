"""The simulated pipeline: nothing is lost in it, more is never less, and a narrow place shows."""

import math
from dataclasses import replace

import pytest
from rich.console import Console

from bench.pipeline.capacity import Capacity, GrowingCapacity, take_of_all
from bench.pipeline.deployment import concurrency_of, read_deployment
from bench.pipeline.limits import limits, reached_at
from bench.pipeline.measuring import measure, simulate
from bench.pipeline.parameters import AS_IT_IS, BEFORE, NEW_STAGE, Parameters
from bench.pipeline.result import Flatness, flatness, run_of
from bench.pipeline.simulation import Simulation
from bench.pipeline.tables import limits_table, table, verdicts
from chalicelib.domain.pacing import MOST_AT_ONCE

DEPLOYMENT = read_deployment()
NARROW = replace(AS_IT_IS, tables_are_new=True, writes_of_a_new_table=300.0, writes_of_a_table=300.0)


def simulated(recipients: int, rate: float, parameters: Parameters = AS_IT_IS, seed: int = 1) -> Simulation:
    return Simulation(recipients, rate, parameters, DEPLOYMENT, seed).run()


@pytest.mark.parametrize(
    ("rate", "recipients"), [(14.0, 1_001), (200.0, 20_003), (1000.0, 100_000), (10_000.0, 250_001)]
)
def test_every_batch_is_sent_once(rate: float, recipients: int) -> None:
    done = simulated(recipients, rate)
    assert set(done.tally.times) == {1}
    assert done.tally.sent == recipients
    assert done.tally.sent_twice == 0
    assert done.tally.counted == done.batches


@pytest.mark.parametrize("parameters", [AS_IT_IS, NEW_STAGE, BEFORE])
def test_nobody_is_left_on_the_way(parameters: Parameters) -> None:
    done = simulated(200_000, 10_000.0, parameters)
    assert (done.children.running, done.children.left, done.pollers.busy, len(done.pollers.queue)) == (0, 0, 0, 0)
    assert done.events.came == pytest.approx(done.events.recorded + done.events.given_up)


def test_every_mail_has_its_events() -> None:
    done = simulated(100_000, 1000.0)
    given = AS_IT_IS
    a_mail = given.delivered + given.bounced + given.delivered * (given.opened + given.clicked)
    assert done.events.came == pytest.approx(done.recipients * a_mail, rel=1e-6)


def test_a_larger_campaign_takes_longer_and_costs_more() -> None:
    runs = [simulated(recipients, 1000.0) for recipients in (1_000, 10_000, 100_000, 500_000)]
    assert [run.ended_at for run in runs] == sorted(run.ended_at for run in runs)
    assert [run.bill.dollars() for run in runs] == sorted(run.bill.dollars() for run in runs)


def test_a_faster_account_is_faster() -> None:
    runs = [simulated(50_000, rate) for rate in (10_000.0, 1000.0, 200.0)]
    assert [run.ended_at for run in runs] == sorted(run.ended_at for run in runs)


def test_no_more_goes_at_once_than_the_map_and_the_queue_let() -> None:
    done = simulated(300_000, 10_000.0)
    assert done.pollers.most_busy <= min(done.children.most_at_once, concurrency_of(10_000.0), MOST_AT_ONCE)


@pytest.mark.parametrize("rate", [14.0, 200.0, 1000.0, 10_000.0])
def test_ses_is_never_asked_for_more_than_its_rate(rate: float) -> None:
    assert simulated(int(rate) * 60, rate).pace.throttles == 0


def test_cost_and_use_of_the_rate_are_flat_once_a_campaign_is_longer_than_its_start_up() -> None:
    runs = [simulate(("as it is", rate, n)) for rate, n in ((200.0, 20_000), (200.0, 200_000), (200.0, 1_000_000))]
    (flat,) = flatness(runs)
    assert flat.holds
    assert flat.recipients == [20_000, 200_000, 1_000_000]


def test_they_are_flat_on_the_fastest_account_too() -> None:
    runs = [simulate(("as it is", 10_000.0, n)) for n in (4_000_000, 10_000_000)]
    (flat,) = flatness(runs)
    assert flat.holds


def test_a_start_up_is_not_taken_for_a_slope() -> None:
    run = simulate(("as it is", 10_000.0, 10_000))
    assert not run.is_past_start_up
    assert flatness([run, run]) == []


def test_a_slope_is_seen() -> None:
    assert not Flatness("", 1.0, [1, 2], cost=0.051, use=0.0).holds
    assert not Flatness("", 1.0, [1, 2], cost=0.0, use=0.051).holds


def test_a_throttled_ledger_shows() -> None:
    done = simulated(50_000, 1000.0, NARROW)
    run = run_of("narrow", 1000.0, done)
    assert run.throttles["claims"] > 0
    assert run.throttles["records"] > 0
    assert run.use < 0.8 * run_of("", 1000.0, simulated(50_000, 1000.0)).use


def test_a_ledger_that_takes_next_to_nothing_ends_the_campaign() -> None:
    none = replace(NARROW, writes_of_a_new_table=10.0, writes_of_a_table=10.0)
    done = simulated(50_000, 1000.0, none)
    assert done.broke_off
    assert done.tally.sent < done.recipients


def test_one_key_for_all_counters_makes_events_wait_and_32_do_not() -> None:
    one, many = (simulated(200_000, 10_000.0, parameters) for parameters in (BEFORE, AS_IT_IS))
    assert one.events.throttled > 0
    assert one.events.longest_wait > 10
    assert (many.events.throttled, many.events.longest_wait) == (0, 0)


def test_batches_that_are_counted_by_their_numbers_cost_ever_more_to_count() -> None:
    long_numbers = replace(AS_IT_IS, number_bytes=5000.0)
    one, other = (
        [
            simulated(recipients, 1000.0, parameters).bill.units["writes"] / recipients
            for recipients in (50_000, 200_000)
        ]
        for parameters in (long_numbers, replace(long_numbers, is_counted_in_counter=False))
    )
    assert one[1] > 1.005 * one[0]
    assert other[1] == pytest.approx(other[0])


def test_the_same_seed_gives_the_same_result() -> None:
    assert simulate(("new stage", 10_000.0, 100_000), seed=3) == simulate(("new stage", 10_000.0, 100_000), seed=3)


def test_another_seed_gives_another_result() -> None:
    assert simulate(("as it is", 200.0, 20_000), seed=3) != simulate(("as it is", 200.0, 20_000), seed=4)


@pytest.mark.parametrize("rate", [14.0, 1000.0])
def test_a_limit_is_passed_at_its_number_of_recipients_and_not_one_before(rate: float) -> None:
    found = {limit.name.split(",")[0]: limit for limit in limits(rate, AS_IT_IS, DEPLOYMENT)}
    timeout = found["14 days at the full rate"].recipients
    assert timeout == 14 * 86_400 * rate * AS_IT_IS.sending_share + 1


def test_the_first_limit_comes_first() -> None:
    found = [limit.recipients for limit in limits(1000.0, AS_IT_IS, DEPLOYMENT)]
    assert found == sorted(found)


def test_what_was_mended_breaks_later_and_nothing_sooner() -> None:
    before, after = (
        {limit.name: limit.recipients for limit in limits(10_000.0, parameters, DEPLOYMENT)}
        for parameters in (BEFORE, AS_IT_IS)
    )
    for name in ("writes of the campaign's key", "reads of the campaign's key"):
        assert before[name] < after[name]
    assert all(before[name] <= after[name] for name in before)


def test_limits_follow_what_is_deployed() -> None:
    functions = DEPLOYMENT.functions | {
        "prepare_batches": replace(DEPLOYMENT.functions["prepare_batches"], memory=10_240)
    }
    larger = replace(DEPLOYMENT, functions=functions)
    memory = [
        next(limit.recipients for limit in limits(200.0, AS_IT_IS, each) if limit.name.startswith("memory"))
        for each in (DEPLOYMENT, larger)
    ]
    assert memory[1] > 3 * memory[0]


@pytest.mark.parametrize(("most", "recipients"), [(0.5, 1), (1, 2), (999, 1000), (1e12, math.inf)])
def test_reached_at_finds_the_smallest_number(most: float, recipients: float) -> None:
    assert reached_at(lambda n: n, most) == recipients


def test_capacity_gives_no_more_than_its_rate_and_a_second_more() -> None:
    capacity = Capacity(100.0)
    assert sum(capacity.take(second / 10, 50) for second in range(101)) == pytest.approx(100 + 100 * 10)


def test_a_table_doubles_only_where_it_is_used() -> None:
    used, idle = (GrowingCapacity(100.0, 1000.0, doubles_within=10.0) for _ in range(2))
    for second in range(40):
        used.take(float(second), 1000)
    idle.take(0.0, 10)
    idle.take(39.0, 10)
    assert used.rate == 800
    assert idle.rate == 100


def test_of_two_capacities_the_smaller_counts() -> None:
    large, small = Capacity(100.0), Capacity(10.0)
    assert take_of_all((large, small), 0.0, 50) == 10
    assert large.left(0.0) == 90


def test_it_prints() -> None:
    result = measure(
        [("as it is", 200.0, 1_000), ("as it is", 200.0, 20_000), ("as it is", 200.0, 40_000)], processes=1
    )
    console = Console(width=200, record=True)
    for part in (table(result), limits_table(result), verdicts(result)):
        console.print(part)
    text = console.export_text()
    assert "1,000 *" in text
    assert "flat; cost differs by" in text
    assert "14 days of the daily quota" in text
    assert result.holds
