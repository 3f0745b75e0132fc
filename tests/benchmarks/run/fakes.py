"""Arms and loads for a run in which nothing is started and nothing is sent."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.arm import Arm, Claim, Place, Running, Sent
from benchmarks.load import LoadPlan, LoadRecord
from benchmarks.load.record import histogram
from benchmarks.run.measurement import Bench
from benchmarks.run.pinning import Pinning
from benchmarks.run.warm_up import WarmUpOptions
from benchmarks.scenario import RequestKind, Scenario, Workload

MS = 1_000_000


def record(**changed) -> LoadRecord:
    """100 requests in a second, answered with 200 after 2 ms; what is changed goes before that."""
    count = changed.pop("count", 100)
    latencies_ns = changed.pop("latencies_ns", [2 * MS] * count)
    lags_ns = changed.pop("lags_ns", [50_000] * count)
    given = {
        "planned_count": count,
        "sent_count": count,
        "answered_count": count,
        "by_status": {200: count},
        "errors": {},
        "latency_ns": histogram(latencies_ns),
        "send_lag_ns": histogram(lags_ns),
        "elapsed_s": 1.0,
        "cpu_s": 0.1,
        "medians_ns": (2 * MS, 2 * MS),
    }
    return LoadRecord(**{**given, **changed})


def plan(**changed) -> LoadPlan:
    """100 requests in a second."""
    given = {
        "address": "127.0.0.1:1",
        "kinds": (RequestKind(path="/"),),
        "connections": 1,
        "duration_s": 1.0,
        "rate_per_s": 100.0,
    }
    return LoadPlan(**{**given, **changed})


def scenario(name: str = "access", status: int | None = 200) -> Scenario:
    kinds = (RequestKind(path="/", status=status),)
    return Scenario(name=name, title=name.title(), config=Path(), kinds=kinds, fixed_attributes={})


@dataclass
class FakeLoad:
    """Answers as fast as it is asked; notes what it was asked for."""

    answers: Callable[[LoadPlan, LoadRecord], LoadRecord] = field(default=lambda _, ideal: ideal)
    """What comes of a plan, instead of the record given."""
    plans: list[LoadPlan] = field(default_factory=list)

    def __call__(self, plan: LoadPlan) -> LoadRecord:
        self.plans.append(plan)
        count = round((plan.rate_per_s or 1000) * plan.duration_s)
        ideal = record(count=count, elapsed_s=plan.duration_s, cpu_s=0.1 * plan.duration_s)
        return self.answers(plan, ideal)

    def measured(self) -> Iterator[LoadPlan]:
        """The plans that were no warm-up; a warm-up of a fake takes one round."""
        yield from self.plans[1::2]


class FakeUpstream:
    pid = os.getpid()

    def address(self, name: str) -> str:
        return f"upstream-of-{name}:80"

    def count(self, name: str) -> int:
        return len(name)


def bench(load: FakeLoad, of: Scenario | None = None) -> Bench:
    def made(name: str, workload: Workload) -> Scenario:
        return of or scenario(name)

    return Bench(
        load=load,
        scenario=made,
        upstream=FakeUpstream(),
        pinning=Pinning(words="nothing is pinned"),
        warm_up=WarmUpOptions(round_s=0.5, most_rounds=1),
    )


def arm(
    name: str,
    counted: Callable[[Sent], int] = lambda sent: sent.count,
    *,
    stops: list[str] | None = None,
    **changed,
) -> Arm:
    """An arm that claims to have counted what was sent; `stops` gets its name when it ends."""

    def start(_scenario: Scenario, _workload: Workload, place: Place, stack: ExitStack) -> Running:
        assert place.folder.is_dir()
        if stops is not None:
            stack.callback(stops.append, name)
        calls = iter((10, 17, 0, 0, 0, 0))

        def prove(sent: Sent) -> list[Claim]:
            return [Claim(what="seen", counted=counted(sent), least=sent.count, most=sent.count)]

        return Running(
            address=f"{name}:80",
            processes={"envoy": os.getpid()},
            prove=prove,
            policy_calls=lambda: next(calls),
        )

    return Arm(**{"name": name, "title": name.title(), "color_order": 5, "start": start, **changed})
