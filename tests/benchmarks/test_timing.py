from benchmarks.micro.timing import Case, Effort, calibrate, measure, same


class Machine:
    """Time that passes only while cases run."""

    def __init__(self):
        self.now_s = 0.0
        self.log = []

    def clock(self):
        return self.now_s

    def case(self, name, cost_s, units=1):
        def run(item):
            self.log.append(name)
            self.now_s += cost_s

        return Case(name=name, run=run, inputs=same(None), units=units)


def test_a_sample_is_the_time_for_one_unit():
    machine = Machine()
    cases = [machine.case("call", 0.25), machine.case("bags", 0.5, units=4)]

    samples = measure(cases, Effort(round_count=2, batch_s=1.0), machine.clock)

    assert samples == {"call": [0.25, 0.25], "bags": [0.125, 0.125]}


def test_each_round_goes_through_all_cases():
    machine = Machine()
    cases = [machine.case("a", 1.0), machine.case("b", 1.0)]

    measure(cases, Effort(round_count=3, batch_s=2.0), machine.clock)

    assert machine.log[-12:] == ["a", "a", "b", "b"] * 3


def test_a_case_is_run_as_often_as_fits_into_a_batch():
    machine = Machine()

    assert calibrate(machine.case("quick", 0.125), 8.0, machine.clock) == 64


def test_a_case_that_takes_longer_than_a_batch_is_run_once():
    machine = Machine()

    assert calibrate(machine.case("slow", 5.0), 1.0, machine.clock) == 1


def test_inputs_are_made_for_each_run_before_the_time_is_taken():
    machine = Machine()
    seen = []

    def inputs(how_many):
        machine.now_s += 100.0
        return range(how_many)

    def run(item):
        seen.append(item)
        machine.now_s += 1.0

    samples = measure(
        [Case(name="numbered", run=run, inputs=inputs)],
        Effort(round_count=1, batch_s=3.0),
        machine.clock,
    )

    assert samples == {"numbered": [1.0]}
    assert seen[-3:] == [0, 1, 2]
