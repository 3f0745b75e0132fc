"""What the machine itself takes: everything else can be compared with these, round by round."""

from benchmarks.micro.timing import Case, same
from benchmarks.micro.workload import Workload
from protos.mixer.v1.mixer_pb2 import CheckRequest

LOOP = "100 turns of a Python loop"


def yardstick_cases(workload: Workload) -> list[Case]:
    """Neither of them runs any code of Mixer."""
    return [
        Case(name=LOOP, run=_loop, inputs=same(100)),
        Case(
            name="protobuf's parse of the Check",
            run=CheckRequest.FromString,
            inputs=same(workload.check_quota),
        ),
    ]


def _loop(turn_count: int) -> int:
    total = 0
    for turn in range(turn_count):
        total += turn & 3
    return total
