"""The fakes that adapter authors test with."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from mixer.adapter import (
    CheckResult,
    Env,
    Info,
    InstanceType,
    ParamError,
    RegistrationError,
    ValueType,
)
from mixer.adapter.testing import FakeClock, FakeScheduler, ParamsRefusedError, start
from mixer.template import checknothing, quota


@dataclass(frozen=True, kw_only=True)
class Params:
    interval_s: float = 1.0


@dataclass
class Handler:
    env: Env
    params: Params
    events: list[str] = field(default_factory=list)

    def handle_checknothing(self, instance):
        return CheckResult(valid_use_count=7)

    def close(self):
        self.events.append("handler closed")


def validate(params, instances):
    if params.interval_s <= 0:
        yield ParamError(field="interval_s", message="must be positive")
    for name in instances:
        yield ParamError(field="", message=f"does not know {name}")


def info(build: Callable[[Params, Env], object] = lambda params, env: Handler(env, params)) -> Info:
    return Info(
        name="example",
        description="Counts ticks.",
        templates=(checknothing.TEMPLATE,),
        params=Params,
        build=build,
        validate=validate,
    )


def test_a_fake_clock_starts_on_a_known_day_and_stands_still():
    clock = FakeClock().clock
    assert (clock.monotonic(), clock.now_ns()) == (0.0, 1_559_383_200_000_000_000)
    assert (clock.monotonic(), clock.now_ns()) == (0.0, 1_559_383_200_000_000_000)


def test_a_fake_clock_advances_both_of_its_times():
    fake = FakeClock()
    fake.advance(0.1)
    fake.advance(0.2)
    assert (fake.clock.monotonic(), fake.clock.now_ns()) == (0.3, 1_559_383_200_300_000_000)


def test_regular_work_runs_at_its_own_instants_while_time_advances():
    fake = FakeClock()
    scheduler = FakeScheduler(fake)
    ran: list[tuple[str, float]] = []
    scheduler.every(2, lambda: ran.append(("two", fake.clock.monotonic())))
    scheduler.every(3, lambda: ran.append(("three", fake.clock.monotonic())))
    fake.advance(1.9)
    assert ran == []
    fake.advance(4.2)
    # at 6 s both are due; "three" was scheduled for then at 3 s, "two" only at 4 s
    assert ran == [("two", 2.0), ("three", 3.0), ("two", 4.0), ("three", 6.0), ("two", 6.0)]
    assert fake.clock.monotonic() == pytest.approx(6.1)


def test_regular_work_that_fails_is_logged_and_comes_again(caplog):
    fake = FakeClock()
    failures = iter([ValueError("first"), ValueError("second")])

    def work():
        raise next(failures)

    FakeScheduler(fake).every(1, work)
    fake.advance(2)
    assert [record.exc_info[1].args[0] for record in caplog.records] == ["first", "second"]


def test_a_closed_scheduler_runs_nothing_more():
    fake = FakeClock()
    scheduler = FakeScheduler(fake)
    ran: list[str] = []
    scheduler.every(1, lambda: ran.append("ran"))
    fake.advance(1)
    scheduler.close()
    fake.advance(5)
    assert ran == ["ran"]


@pytest.mark.parametrize("interval_s", [0, -1, 1e-12])
def test_an_interval_must_be_positive(interval_s):
    with pytest.raises(ValueError, match="interval must be positive"):
        FakeScheduler(FakeClock()).every(interval_s, lambda: None)


def test_start_builds_a_handler_with_the_adapters_defaults():
    with start(info()) as handler:
        assert handler.params == Params()
        assert handler.env.handler == "example.test"
        assert handler.env.instances == {}
        assert handler.handle_checknothing(None) == CheckResult(valid_use_count=7)


def test_start_hands_over_params_clock_and_instances():
    fake = FakeClock()
    lenient = Info(
        name="example",
        description="Takes anything.",
        templates=(checknothing.TEMPLATE,),
        params=Params,
        build=lambda params, env: Handler(env, params),
    )
    instances = {
        "x.instance.ns": InstanceType(template="listentry", fields={"value": ValueType.STRING})
    }
    with start(lenient, Params(interval_s=5), instances=instances, clock=fake) as handler:
        assert handler.params == Params(interval_s=5)
        assert handler.env.instances == instances
        assert handler.env.clock is fake.clock


def test_start_closes_the_handler_and_then_its_scheduler():
    fake = FakeClock()

    def build(params: Params, env: Env) -> Handler:
        handler = Handler(env, params)
        env.scheduler.every(params.interval_s, lambda: handler.events.append("work"))
        return handler

    with start(info(build), clock=fake) as handler:
        fake.advance(2)
    fake.advance(2)
    assert handler.events == ["work", "work", "handler closed"]


def test_start_lists_all_that_validate_finds():
    instance = InstanceType(template="checknothing", fields={})
    with (
        pytest.raises(ParamsRefusedError) as caught,
        start(info(), Params(interval_s=0), instances={"x.instance.ns": instance}),
    ):
        pass
    assert str(caught.value).splitlines() == [
        "adapter 'example' refuses its params:",
        "  interval_s: must be positive",
        "  params: does not know x.instance.ns",
    ]
    assert caught.value.errors == (
        ParamError(field="interval_s", message="must be positive"),
        ParamError(field="", message="does not know x.instance.ns"),
    )


def test_start_refuses_and_closes_a_handler_that_lacks_a_method():
    handlers: list[Handler] = []

    def build(params: Params, env: Env) -> Handler:
        handlers.append(Handler(env, params))
        return handlers[0]

    incomplete = Info(
        name="example",
        description="Promises too much.",
        templates=(checknothing.TEMPLATE, quota.TEMPLATE),
        params=Params,
        build=build,
    )
    with pytest.raises(RegistrationError, match="no method handle_quota"), start(incomplete):
        pass
    assert handlers[0].events == ["handler closed"]


def test_a_handler_need_not_have_close():
    class Plain:
        def handle_checknothing(self, instance):
            return CheckResult()

    with start(info(lambda params, env: Plain())) as handler:
        assert handler.handle_checknothing(None) == CheckResult()
