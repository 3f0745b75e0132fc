from benchmarks.cell import Cell
from benchmarks.run.order import Step, load_seed, shuffled
from benchmarks.run.plan import Plan, PlannedCell

ARMS = ("direct", "envoy", "native", "wasm-policy", "mixer-client")
CELLS = tuple(
    PlannedCell(
        cell=Cell(scenario="access", sweep="rate", rate_per_s=rate, connections=8),
        arms=ARMS,
        duration_s=1.0,
    )
    for rate in (100, 200, 400, 800)
)
PLAN = Plan(cells=CELLS, repetition_count=3, is_quick=False)


def groups(steps):
    """Cells as they follow each other, with their arms."""
    per_cell = len(ARMS)
    return [
        (group[0].repetition, {step.number for step in group}, [step.arm for step in group])
        for group in (steps[at : at + per_cell] for at in range(0, len(steps), per_cell))
    ]


def test_everything_is_measured_once_in_each_repetition():
    keys = sorted(step.name for step in shuffled(PLAN, seed=1))
    assert keys == sorted(f"{r}/{c}/{arm}" for r in range(3) for c in range(4) for arm in ARMS)


def test_repetitions_follow_each_other():
    repetitions = [step.repetition for step in shuffled(PLAN, seed=1)]
    assert repetitions == sorted(repetitions)


def test_the_arms_of_a_cell_are_measured_one_after_the_other():
    assert all(len(numbers) == 1 for _, numbers, _ in groups(shuffled(PLAN, seed=1)))


def test_cells_and_arms_are_shuffled_anew_in_each_repetition():
    found = groups(shuffled(PLAN, seed=1))
    orders_of_cells = {
        tuple(number for r, (number,), _ in found if r == repetition) for repetition in range(3)
    }
    assert len(orders_of_cells) > 1
    assert len({tuple(arms) for _, _, arms in found}) > 6


def test_a_seed_repeats_an_order_and_another_does_not():
    assert shuffled(PLAN, seed=7) == shuffled(PLAN, seed=7)
    assert shuffled(PLAN, seed=7) != shuffled(PLAN, seed=8)


def step(**changed) -> Step:
    given = {"planned": CELLS[0], "number": 0, "repetition": 0, "arm": "envoy"}
    return Step(**{**given, **changed})


def test_all_arms_get_the_same_load_in_a_cell_and_repetition():
    assert load_seed(1, step(arm="envoy")) == load_seed(1, step(arm="wasm-policy"))


def test_each_cell_repetition_and_run_has_a_load_of_its_own():
    seeds = {
        load_seed(1, step()),
        load_seed(1, step(number=1)),
        load_seed(1, step(repetition=1)),
        load_seed(2, step()),
    }
    assert len(seeds) == 4
