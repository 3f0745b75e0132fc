"""Memquota on a time line; rows marked "recorded" are what Mixer 1.1.17 gave."""

import itertools

import pytest

from adapters.memquota import INFO, Override, Params, Quota
from mixer.adapter import Duration, InstanceType, QuotaArgs, QuotaResult, ValueType
from mixer.adapter.testing import FakeClock, start
from mixer.template.quota import Instance

NAME = "requestcount.instance.istio-system"
REFUSED = QuotaResult()


def limit(max_amount: int, valid_duration: str, *overrides: Override) -> Params:
    quota = Quota(
        name=NAME,
        max_amount=max_amount,
        valid_duration=Duration.parse(valid_duration),
        overrides=overrides,
    )
    return Params(quotas=(quota,))


def granted(amount: int, valid_duration_s: float = 0.0) -> QuotaResult:
    return QuotaResult(amount=amount, valid_duration_s=valid_duration_s)


# When, how much, whether best effort will do, the answer.
WINDOW_OF_10_IN_1S = [
    (0.0, 7, False, granted(7, 1.0)),
    (0.0, 4, False, REFUSED),  # 3 are left
    (0.0, 4, True, granted(3, 1.0)),
    (0.0, 1, True, granted(0, 1.0)),  # nothing is left, yet the effort was made
    (0.0, 0, False, REFUSED),  # asking for nothing
    (0.99, 1, True, granted(0, 1.0)),  # tick 9: those of tick 0 are in the window still
    (1.0, 6, False, granted(6, 1.0)),  # tick 10: they have left
    (1.5, 4, False, granted(4, 1.0)),
    (1.99, 1, False, REFUSED),
    (2.05, 7, False, REFUSED),  # tick 20: the 6 of tick 10 have left, the 4 of tick 15 have not
    (2.05, 6, False, granted(6, 1.0)),
    (2.5, 4, False, granted(4, 1.0)),
    (9.0, 11, False, REFUSED),  # more than there ever is
    (9.0, 11, True, granted(10, 1.0)),
]
RELEASE_FROM_WINDOW = [
    (0.0, -1, False, REFUSED),  # nothing was ever used
    (0.0, 6, False, granted(6, 1.0)),
    (0.5, 4, False, granted(4, 1.0)),
    (0.5, -5, False, granted(5)),  # the newest first: 4 of tick 5, then 1 of tick 0
    (0.5, 5, False, granted(5, 1.0)),  # in use: 5 of tick 0, 5 of tick 5
    (1.0, 5, False, granted(5, 1.0)),  # those of tick 0 have left
    (1.0, 1, False, REFUSED),
    (1.5, -100, False, granted(5)),  # only what is in use can be given back: 5 of tick 10
    (1.5, -1, False, REFUSED),
    (1.5, 10, False, granted(10, 1.0)),
    (3.0, -1, False, REFUSED),  # all has left by itself
]
RECORDED_RELEASE = [  # recorded: quota-13, max 5 in 30 s
    (0.0, 5, False, granted(5, 30.0)),
    (0.0, -4, False, granted(4)),
    (0.0, 4, False, granted(4, 30.0)),
    (0.0, -100, False, granted(5)),
]
RECORDED_EXCEEDED = [  # recorded: quota-02, max 5 in 30 s
    (0.0, 3, False, granted(3, 30.0)),
    (0.0, 3, False, REFUSED),
    (0.0, 2, False, granted(2, 30.0)),
    (0.0, 1, False, REFUSED),
]
RECORDED_WINDOW = [  # recorded: quota-20, max 4 in 1 s
    (0.0, 4, False, granted(4, 1.0)),
    (0.5, 1, False, REFUSED),
    (1.7, 4, False, granted(4, 1.0)),
]
WINDOW_OF_PART_OF_A_SECOND = [  # 1.2 s make a window of 2 s, and clients are told 1.2 s
    (0.0, 1, False, granted(1, 1.2)),
    (1.9, 1, False, REFUSED),
    (2.0, 1, False, granted(1, 1.2)),
]
COUNTER_OF_10 = [
    (0.0, 7, False, granted(7)),
    (0.0, 4, False, REFUSED),
    (0.0, 4, True, granted(3)),
    (0.0, 1, True, REFUSED),  # nothing left looks like a refusal here
    (1000.0, 1, False, REFUSED),  # nothing leaves by itself
    (1000.0, -4, False, granted(4)),
    (1000.0, 4, False, granted(4)),
    (1000.0, -100, False, granted(10)),
    (1000.0, -1, False, REFUSED),
    (1000.0, 11, False, REFUSED),
    (1000.0, 10, False, granted(10)),
]
LARGE = [(0.0, 100_000, False, granted(100_000, 1.0)), (0.0, 899_999, True, granted(899_999, 1.0))]


@pytest.mark.parametrize(
    ("params", "calls"),
    [
        (limit(10, "1s"), WINDOW_OF_10_IN_1S),
        (limit(10, "1s"), RELEASE_FROM_WINDOW),
        (limit(5, "30s"), RECORDED_RELEASE),
        (limit(5, "30s"), RECORDED_EXCEEDED),
        (limit(4, "1s"), RECORDED_WINDOW),
        (limit(1, "1.2s"), WINDOW_OF_PART_OF_A_SECOND),
        (limit(10, "0s"), COUNTER_OF_10),
        (limit(1_000_000, "1s"), LARGE),
        (limit(0, "1s"), [(0.0, 1, False, REFUSED), (0.0, 1, True, granted(0, 1.0))]),
    ],
)
def test_a_limit_on_a_time_line(params, calls):
    clock = FakeClock()
    with start(INFO, params, clock=clock) as handler:
        answers = []
        for number, (at_s, amount, best_effort, _) in enumerate(calls):
            clock.advance(at_s - clock.clock.monotonic())
            args = QuotaArgs(deduplication_id=str(number), amount=amount, best_effort=best_effort)
            answers.append((at_s, amount, best_effort, handler.handle_quota(Instance(NAME), args)))
    assert answers == calls


class Caller:
    """Calls a handler with a new deduplication id each time, unless it is given one."""

    def __init__(self, handler, name: str = NAME) -> None:
        self._handler = handler
        self._name = name
        self._ids = (f"call-{n}" for n in itertools.count())

    def __call__(self, amount: int, deduplication_id: str | None = None, **dimensions):
        args = QuotaArgs(
            deduplication_id=next(self._ids) if deduplication_id is None else deduplication_id,
            amount=amount,
            best_effort=False,
        )
        return self._handler.handle_quota(Instance(self._name, dimensions), args)


def test_every_combination_of_dimension_values_is_counted_apart():
    with start(INFO, limit(1, "1s")) as handler:
        call = Caller(handler)
        assert [
            call(1, user="a", path="x").amount,
            call(1, user="b", path="x").amount,
            call(1, user="a", path="y").amount,
            call(1, path="x", user="a").amount,  # the first one again
        ] == [1, 1, 1, 0]


DIMENSIONS = {
    "user": ValueType.STRING,
    "code": ValueType.INT64,
    "load": ValueType.DOUBLE,
    "tags": ValueType.STRING_MAP,
    "peer": ValueType.IP_ADDRESS,
}
V4, V6 = bytes((10, 0, 0, 1)), bytes(10) + b"\xff\xff" + bytes((10, 0, 0, 1))
"""Two forms of one address."""


@pytest.mark.parametrize(
    "names", [("user",), ("user", "code"), ("user", "load"), ("tags",), ("peer",), ()]
)
def test_the_types_of_dimensions_may_be_known(names):
    types = {name: DIMENSIONS[name] for name in names}
    instances = {NAME: InstanceType(template="quota", fields={"dimensions": types})}
    first = {
        "user": "a",
        "code": 200,
        "load": float("nan"),
        "tags": {"k": "v", "l": "w"},
        "peer": V4,
    }
    same = {
        "user": "a",
        "code": 200,
        "load": float("nan"),
        "tags": {"l": "w", "k": "v"},
        "peer": V6,
    }
    other = {"user": "b", "code": 404, "load": 0.5, "tags": {}, "peer": bytes(4)}
    with start(INFO, limit(1, "1s"), instances=instances) as handler:
        call = Caller(handler)
        amounts = [
            call(1, **{name: values[name] for name in names}).amount
            for values in (first, same, other)
        ]
    assert amounts == [1, 0, 1 if names else 0]


def test_quotas_are_counted_apart():
    quotas = (Quota(name="a.instance.ns", max_amount=1), Quota(name="b.instance.ns", max_amount=1))
    with start(INFO, Params(quotas=quotas)) as handler:
        a, b = Caller(handler, "a.instance.ns"), Caller(handler, "b.instance.ns")
        assert [a(1, "1").amount, b(1, "2").amount, a(1, "3").amount] == [1, 1, 0]


BY_PATH = (
    Override(
        dimensions={"destination": "ratings", "source": "reviews"},
        max_amount=1,
        valid_duration=Duration.parse("40s"),
    ),
    Override(
        dimensions={"destination": "ratings"}, max_amount=3, valid_duration=Duration.parse("50s")
    ),
)


@pytest.mark.parametrize(
    ("source", "answers"),
    [
        ("reviews", [granted(1, 40.0), REFUSED, REFUSED, REFUSED]),
        # recorded: quota-10
        ("ingress", [granted(1, 50.0), granted(1, 50.0), granted(1, 50.0), REFUSED]),
    ],
)
def test_the_first_override_that_matches_takes_the_place_of_the_limit(source, answers):
    with start(INFO, limit(5, "30s", *BY_PATH)) as handler:
        call = Caller(handler)
        assert [call(1, source=source, destination="ratings") for _ in range(4)] == answers


def test_without_a_matching_override_the_limit_counts():
    with start(INFO, limit(5, "30s", *BY_PATH)) as handler:
        assert Caller(handler)(5, source="reviews", destination="details") == granted(5, 30.0)


def test_an_override_may_make_a_counter_of_a_window():
    clock = FakeClock()
    with start(
        INFO, limit(5, "1s", Override(dimensions={"user": "x"}, max_amount=2)), clock=clock
    ) as handler:
        call = Caller(handler)
        assert call(2, user="x") == granted(2)
        clock.advance(3600)
        assert call(1, user="x") == REFUSED


def test_a_call_with_a_recent_id_gets_the_earlier_answer_with_what_remains_of_it():
    clock = FakeClock()
    with start(INFO, limit(5, "30s"), clock=clock) as handler:
        call = Caller(handler)
        assert call(3, "one") == granted(3, 30.0)
        clock.advance(0.5)
        assert call(3, "one") == granted(3, 29.5)
        assert call(1, "one", user="b") == granted(3, 29.5)  # recorded: quota-05
        assert call(2) == granted(2, 30.0)  # nothing was taken for the retries
        assert call(1) == REFUSED


def test_a_refusal_is_remembered_as_a_grant_is():
    with start(INFO, limit(5, "30s")) as handler:
        call = Caller(handler)
        assert call(6, "one") == REFUSED
        assert call(1, "one") == REFUSED


def test_a_release_is_remembered_too():
    with start(INFO, limit(5, "30s")) as handler:
        call = Caller(handler)
        assert call(4) == granted(4, 30.0)
        assert call(-2, "back") == granted(2)
        assert call(-2, "back") == granted(2)
        assert call(-100) == granted(2)


def test_a_call_for_nothing_is_not_remembered():
    with start(INFO, limit(5, "30s")) as handler:
        call = Caller(handler)
        assert call(0, "one") == REFUSED
        assert call(5, "one") == granted(5, 30.0)


def test_calls_with_the_empty_id_are_calls_of_their_own():
    with start(INFO, limit(5, "30s")) as handler:
        call = Caller(handler)
        assert call(2, "") == granted(2, 30.0)
        assert call(2, "") == granted(2, 30.0)
        assert call(2, "") == REFUSED


@pytest.mark.parametrize(
    ("first_s", "again_s", "is_remembered"),
    [
        (0.0, 1.9, True),  # in the first period; forgotten at the end of the second
        (0.0, 2.0, False),
        (0.9, 1.9, True),  # a whole period later, at least
        (0.9, 2.0, False),
        (1.0, 2.9, True),
        (1.0, 7.5, False),  # with no call in between
    ],
)
def test_an_id_is_remembered_for_one_period_at_least_and_two_at_most(
    first_s, again_s, is_remembered
):
    clock = FakeClock()
    with start(INFO, limit(100, "0s"), clock=clock) as handler:
        call = Caller(handler)
        clock.advance(first_s)
        assert call(3, "one").amount == 3
        clock.advance(again_s - first_s)
        assert call(4, "one").amount == (3 if is_remembered else 4)


def test_an_answer_outlived_by_its_memory_has_no_duration_left():
    clock = FakeClock()
    params = Params(quotas=limit(5, "1s").quotas, min_deduplication_duration=Duration.parse("10s"))
    with start(INFO, params, clock=clock) as handler:
        call = Caller(handler)
        assert call(3, "one") == granted(3, 1.0)
        clock.advance(5)
        assert call(3, "one") == granted(3, 0.0)


def test_a_quota_without_a_limit_is_an_error():
    with start(INFO) as handler, pytest.raises(KeyError, match=NAME):
        Caller(handler)(1)
