"""Which campaigns are simulated, and how: by turns on as many processors as there are, the largest first."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor

from bench.pipeline.deployment import read_deployment
from bench.pipeline.limits import limits
from bench.pipeline.parameters import AS_IT_IS, BEFORE, NEW_STAGE, Parameters
from bench.pipeline.result import Result, Run, flatness, run_of
from bench.pipeline.simulation import Simulation

SEED = 27
DESIGNS: Mapping[str, Parameters] = {"as it is": AS_IT_IS, "new stage": NEW_STAGE, "before": BEFORE}
RATES = (14.0, 200.0, 1000.0, 10_000.0)

Plan = tuple[str, float, int]  # the design, the account's rate, the recipients


def _plan() -> Sequence[Plan]:
    largest = {14.0: 1_000_000, 200.0: 10_000_000}  # the next size would take longer than an execution may
    sizes = [10**power for power in range(3, 9)]
    return (
        *(("as it is", rate, n) for rate in RATES for n in sizes if n <= largest.get(rate, n)),
        *(("new stage", 10_000.0, n) for n in sizes[2:5]),
        *(("before", rate, n) for rate in RATES[2:] for n in sizes[3:5]),
    )


def measure(plan: Iterable[Plan] = _plan(), processes: int | None = None) -> Result:
    """Simulate all campaigns of the plan."""
    wanted = list(plan)
    with ProcessPoolExecutor(processes) as pool:
        by_size = sorted(wanted, key=lambda each: -each[2])
        runs = dict(zip(by_size, pool.map(simulate, by_size), strict=True))
    in_order = [runs[each] for each in wanted]
    deployment = read_deployment()
    rates = sorted({rate for _, rate, _ in wanted})
    found = {
        design: {f"{rate:.0f}": limits(rate, DESIGNS[design], deployment) for rate in rates}
        for design in dict.fromkeys(("as it is", *(design for design, _, _ in wanted)))
        if design != "new stage"  # what is its own stands in the others' lists, too
    }
    warm = [run for run in in_order if not DESIGNS[run.design].tables_are_new]  # what grows by and by is never flat
    return Result(in_order, flatness(warm), found)


def simulate(plan: Plan, seed: int = SEED) -> Run:
    """Simulate one campaign."""
    design, rate, recipients = plan
    return run_of(design, rate, Simulation(recipients, rate, DESIGNS[design], read_deployment(), seed).run())
