"""What every adapter that counts quotas must do, whatever it counts in.

A test class derives from `QuotaBattery` and says how a handler is made. Time stands still but for
`advance`, and each test has counts of its own.
"""

import itertools
from abc import abstractmethod
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from mixer.adapter import InstanceType, QuotaArgs, QuotaLimit, QuotaState, ValueType
from mixer.template.quota import Instance

NAME, OTHER = "requests.instance.ns", "others.instance.ns"
WINDOW_S = 60
"""The length of every window of the battery, in whole seconds."""
_IDS = (f"call-{n}" for n in itertools.count())


@dataclass(frozen=True)
class Limits:
    """What the battery wants to be configured, in no adapter's words."""

    max_amount: int
    overrides: tuple[tuple[dict[str, str], int], ...] = ()
    """Dimensions, and the amount for them."""
    instances: dict = field(default_factory=dict)


class Caller:
    """Asks for amounts; every call is one of its own unless it is given an id."""

    def __init__(self, handler):
        self._handler = handler

    def ask(self, amount, *, call_id=None, best_effort=False, name=NAME, limit=None, **dimensions):
        """The whole answer, with the state."""
        call_id = next(_IDS) if call_id is None else call_id
        args = QuotaArgs(call_id, amount, best_effort, limit, wants_state=True)
        return self._handler.handle_quota(Instance(name, dimensions), args)

    def __call__(self, amount, **more):
        return self.ask(amount, **more).amount


class QuotaBattery:
    """The cases. `requests` and `others` are two quotas with the same limits."""

    @abstractmethod
    def handler(self, limits):
        """A context manager that gives a handler with these limits, and a function that advances
        its time by seconds."""

    @contextmanager
    def caller(self, max_amount, *overrides):
        with self.handler(Limits(max_amount, overrides)) as (handler, _):
            yield Caller(handler)

    @contextmanager
    def timed(self, max_amount):
        with self.handler(Limits(max_amount)) as (handler, advance):
            yield Caller(handler), advance

    def test_what_there_is_is_granted_and_no_more(self):
        with self.caller(10) as call:
            assert [call(3), call(7), call(1), call(0)] == [3, 7, 0, 0]

    def test_more_than_is_left_is_refused_and_takes_nothing(self):
        with self.caller(10) as call:
            assert [call(7), call(4), call(11), call(3), call(1)] == [7, 0, 0, 3, 0]

    def test_best_effort_gets_what_is_left(self):
        with self.caller(10) as call:
            amounts = [call(n, best_effort=True) for n in (4, 9, 1)]
            assert amounts == [4, 6, 0]

    def test_a_limit_of_zero_refuses_all(self):
        with self.caller(0) as call:
            assert [call(1), call(1, best_effort=True), call(0), call(-1)] == [0, 0, 0, 0]

    def test_a_window_gives_all_back_when_it_has_passed(self):
        with self.timed(10) as (call, advance):
            answers = [call(10)]
            advance(WINDOW_S - 1)
            answers.append(call(1))
            advance(1)
            answers += [call(10), call(1)]
            advance(100 * WINDOW_S)
            answers += [call(11), call(10)]
            assert answers == [10, 0, 10, 0, 0, 10]

    def test_a_grant_says_how_long_it_lasts(self):
        with self.caller(10) as call:
            assert call.ask(3).valid_duration_s == WINDOW_S
            assert call.ask(8).valid_duration_s == 0.0

    def test_calls_with_one_id_are_one_call(self):
        with self.timed(10) as (call, advance):
            first = call.ask(4, call_id="one")
            advance(0.5)
            again = call.ask(4, call_id="one")
            assert (first.amount, again.amount, call(7), call(6)) == (4, 4, 0, 6)
            assert again.valid_duration_s == WINDOW_S - 0.5

    def test_a_retry_gets_the_answer_of_old_also_when_it_asks_for_another_amount(self):
        with self.caller(10) as call:
            assert [call(4, call_id="one"), call(9, call_id="one"), call(6)] == [4, 4, 6]

    def test_a_refusal_is_remembered_as_a_grant_is(self):
        with self.caller(10) as call:
            assert [call(11, call_id="one"), call(1, call_id="one"), call(10)] == [0, 0, 10]

    def test_a_retry_of_giving_back_gives_back_once(self):
        with self.caller(10) as call:
            assert call(8) == 8
            assert [call(-3, call_id="back"), call(-3, call_id="back")] == [3, 3]
            assert [call(6), call(5)] == [0, 5]

    def test_ids_of_different_quotas_are_different_calls(self):
        with self.caller(10) as call:
            amounts = [call(6, call_id=f"one{name}", name=name) for name in (NAME, OTHER)]
            assert amounts == [6, 6]

    def test_the_empty_id_is_no_id(self):
        with self.caller(10) as call:
            assert [call(6, call_id=""), call(4, call_id=""), call(1, call_id="")] == [6, 4, 0]

    def test_every_combination_of_dimension_values_counts_apart(self):
        with self.caller(1) as call:
            assert [
                call(1, user="a", path="x"),
                call(1, user="b", path="x"),
                call(1, user="a", path="y"),
                call(1, path="x", user="a"),  # the first one again
                call(1, user="a"),
                call(1),
            ] == [1, 1, 1, 0, 1, 1]

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ({"a": "x", "b": ""}, {"a": "", "b": "x"}),
            ({"a": "b=c;d"}, {"a": "b", "c": "d"}),
            ({"a": "{x}"}, {"a": "{y}"}),  # what marks the slot in a key of Redis
            ({"a": "x\ny"}, {"a": "x y"}),
            ({"a": "ä"}, {"a": "a"}),
        ],
    )
    def test_values_are_told_apart_whatever_is_in_them(self, one, other):
        with self.caller(1) as call:
            assert [call(1, **one), call(1, **other), call(1, **one)] == [1, 1, 0]

    def test_quotas_count_apart(self):
        with self.caller(1) as call:
            assert [call(1, name=NAME), call(1, name=OTHER), call(1, name=NAME)] == [1, 1, 0]

    def test_the_first_override_that_matches_takes_the_place_of_the_limit(self):
        both, one = {"source": "a", "target": "b"}, {"target": "b"}
        with self.caller(5, (both, 1), (one, 3)) as call:
            assert [
                call(2, source="a", target="b"),
                call(1, source="a", target="b"),
                call(4, source="x", target="b"),
                call(3, source="x", target="b"),
                call(5, source="a", target="x"),
            ] == [0, 1, 0, 3, 5]

    def test_an_override_needs_all_its_dimensions(self):
        with self.caller(5, ({"source": "a", "target": "b"}, 1)) as call:
            assert [call(5, source="a"), call(5, target="b")] == [5, 5]

    def test_the_text_of_an_override_means_a_value_of_any_type(self):
        with self.caller(5, ({"code": "404"}, 1), ({"fast": "true"}, 2)) as call:
            assert [call(5, best_effort=True, code=404), call(5, best_effort=True, fast=True)] == [
                1,
                2,
            ]

    def test_what_is_given_back_can_be_taken_again(self):
        with self.caller(10) as call:
            assert [call(10), call(-4), call(5), call(4), call(1)] == [10, 4, 0, 4, 0]

    def test_no_more_is_given_back_than_is_in_use(self):
        with self.caller(10) as call:
            assert [call(-1), call(6), call(-100), call(-1), call(10)] == [0, 6, 6, 0, 10]

    def test_nothing_is_left_to_give_back_when_the_window_has_passed(self):
        with self.timed(10) as (call, advance):
            assert call(10) == 10
            advance(WINDOW_S)
            assert [call(-10), call(10)] == [0, 10]

    def test_the_state_says_what_remains_and_when_all_is_there_again(self):
        with self.timed(10) as (call, advance):
            states = [call.ask(0).state, call.ask(4).state]
            advance(20)
            states += [call.ask(0).state, call.ask(7).state, call.ask(-4).state]
            assert states == [
                QuotaState(10, WINDOW_S, 10, 0.0),
                QuotaState(10, WINDOW_S, 6, WINDOW_S),
                QuotaState(10, WINDOW_S, 6, WINDOW_S - 20),
                QuotaState(10, WINDOW_S, 6, WINDOW_S - 20),  # a refusal
                QuotaState(10, WINDOW_S, 10, 0.0),
            ]

    def test_no_state_is_told_unasked(self):
        with self.handler(Limits(10)) as (handler, _):
            args = QuotaArgs("", 3, best_effort=False)
            assert handler.handle_quota(Instance(NAME), args).state is None
            nothing = QuotaArgs("", 0, best_effort=False)
            assert handler.handle_quota(Instance(NAME), nothing).amount == 0

    def test_a_given_limit_counts_in_place_of_the_configured_one_and_apart(self):
        given, longer = QuotaLimit(3, 10.0), QuotaLimit(3, 20.0)
        with self.timed(10) as (call, advance):
            assert [call(2, limit=given), call(2, limit=given), call(2, limit=longer)] == [2, 0, 2]
            assert call(10) == 10
            assert call.ask(1, limit=given).state == QuotaState(3, 10.0, 0, 10.0)
            advance(10)
            assert [call(3, limit=given), call(3, limit=longer)] == [3, 0]

    def test_a_given_limit_without_a_window_is_in_use_until_it_is_given_back(self):
        given = QuotaLimit(3, 0.0)
        with self.timed(10) as (call, advance):
            assert call.ask(3, limit=given).valid_duration_s == 0.0
            advance(1000 * WINDOW_S)
            assert [call(1, limit=given), call(-2, limit=given), call(2, limit=given)] == [0, 2, 2]
            assert call.ask(0, limit=given).state == QuotaState(3, 0.0, 0, 0.0)

    def test_large_amounts_are_exact(self):
        most = 10**15
        with self.caller(most) as call:
            assert [call(most - 1), call(2), call(1), call(-most), call(most)] == [
                most - 1,
                0,
                1,
                most,
                most,
            ]

    def test_types_of_dimensions_may_be_known(self):
        types = {"user": ValueType.STRING, "code": ValueType.INT64}
        instance = InstanceType(template="quota", fields={"dimensions": types})
        with self.handler(Limits(1, instances={NAME: instance})) as (handler, _):
            call = Caller(handler)
            assert [call(1, user="a", code=n) for n in (200, 404, 200)] == [1, 1, 0]

    def test_many_threads_get_no_more_than_there_is(self):
        with self.caller(200) as call, ThreadPoolExecutor(8) as pool:
            amounts = pool.map(lambda n: call(1, call_id=f"id-{n}"), range(400))
            assert sum(amounts) == 200

    def test_what_many_threads_take_and_give_back_is_all_there_again(self):
        with self.caller(7) as call, ThreadPoolExecutor(8) as pool:

            def work(thread):
                for n in range(20):
                    taken = call(2, call_id=f"take-{thread}-{n}", best_effort=True)
                    assert not taken or call(-taken, call_id=f"back-{thread}-{n}") == taken

            list(pool.map(work, range(8)))
            assert call(7) == 7

    def test_many_threads_with_one_id_are_one_call(self):
        with self.caller(100) as call, ThreadPoolExecutor(8) as pool:
            amounts = set(pool.map(lambda _: call(10, call_id="one"), range(40)))
            assert (amounts, call(100, best_effort=True)) == ({10}, 90)
