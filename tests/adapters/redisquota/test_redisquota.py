"""What is redisquota's own: its clock, its keys, its round trips, and what it says to a refusal."""

import time
from dataclasses import replace
from tempfile import TemporaryDirectory

import pytest

from adapters.redisquota import INFO, Algorithm, Override, Params, Quota
from benchmarks.micro.adapters.redis_server import RedisServer
from mixer.adapter import Code, Duration, QuotaLimit, QuotaResult, QuotaState, Status
from mixer.adapter.testing import FakeClock, start
from tests.adapters.quota_battery import Caller
from tests.adapters.redisquota.given_time import started

NAME = "requests.instance.ns"
ALGORITHMS = list(Algorithm)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with RedisServer(tmp_path_factory.mktemp("redis")) as running:
        yield running


@pytest.fixture
def redis(server):
    with server.client() as client:
        client.flushall()
        yield client


def limit(server, algorithm=Algorithm.FIXED_WINDOW, **more):
    more = {"max_amount": 10, "valid_duration": "60s", "bucket_duration": "10s", **more}
    for name in ("valid_duration", "bucket_duration"):
        more[name] = Duration.parse(more[name])
    quota = Quota(name=NAME, rate_limit_algorithm=algorithm, **more)
    timeout = Duration.parse("5s")
    return Params(quotas=(quota,), redis_server_url=server.address, timeout=timeout)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_window_passes_by_the_clock_of_redis(server, redis, algorithm):
    params = limit(server, algorithm, valid_duration="200ms", bucket_duration="20ms")
    with start(INFO, params) as handler:
        call = Caller(handler)
        begun = time.monotonic()
        assert call(10) == 10
        while call(1) == 0:
            assert time.monotonic() < begun + 10
        assert time.monotonic() - begun >= 0.2


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_mixers_whose_clocks_differ_count_together(server, redis, algorithm):
    params, ahead = limit(server, algorithm), FakeClock()
    ahead.advance(3600)
    with start(INFO, params) as one, start(INFO, params, clock=ahead) as other:
        assert [Caller(handler)(6) for handler in (one, other)] == [6, 0]
        assert [Caller(handler)(6, call_id="one") for handler in (one, other)] == [0, 0]
        assert [Caller(handler)(4, call_id="two") for handler in (one, other)] == [4, 4]


def test_handlers_with_other_prefixes_count_apart(server, redis):
    params = limit(server)
    with started(params, "a") as (one, _), started(params, "b") as (other, _):
        assert [Caller(handler)(10) for handler in (one, other)] == [10, 10]


def test_a_refusal_says_so(server, redis):
    refused = QuotaResult(
        status=Status(code=Code.RESOURCE_EXHAUSTED, message="redisquota: Resource exhausted")
    )
    with start(INFO, limit(server)) as handler:
        call = Caller(handler)
        assert call.ask(11)._replace(state=None) == refused
        assert call.ask(10).status.code == 0
        assert call.ask(1, best_effort=True)._replace(state=None) == refused
        assert call.ask(0).status.code == 0
        assert [call.ask(-10).status.code, call.ask(-1).status.code] == [0, 0]


def test_a_grant_of_a_fixed_window_lasts_to_its_end(server, redis):
    with started(limit(server), "p") as (handler, advance):
        call = Caller(handler)
        durations = [call.ask(1).valid_duration_s]
        advance(45.5)
        durations.append(call.ask(1).valid_duration_s)
        advance(14.5)
        durations.append(call.ask(1).valid_duration_s)
        assert durations == [60.0, 14.5, 60.0]


def test_amounts_of_one_bucket_leave_a_rolling_window_together(server, redis):
    with started(limit(server, Algorithm.ROLLING_WINDOW), "p") as (handler, advance):
        call = Caller(handler)
        seen = [call(4)]  # at 0: the bucket lasts until 10
        advance(9)
        seen.append(call(3))
        advance(1)
        seen.append(call(3))  # at 10: the next one
        advance(49)
        seen.append(call(1))
        advance(1)
        seen += [call(8), call(7)]  # at 60: the first bucket has left
        assert seen == [4, 3, 3, 0, 0, 7]


# When, how much, the amount granted, what remains, when all is there again.
BUCKET_BY_BUCKET = [
    (0, 4, 4, 6, 60.0),
    (20, 3, 3, 3, 60.0),
    (40, 2, 2, 1, 60.0),
    (40, -2, 2, 3, 40.0),  # just those of the newest bucket: now that of 20 is the newest
    (40, -1, 1, 4, 40.0),
    (40, -3, 3, 7, 20.0),  # the other 2 of 20, and 1 of 0
    (50, 2, 2, 5, 60.0),
    (59, 1, 1, 4, 51.0),  # the bucket of 50 is not over
    (60, 0, 0, 7, 50.0),
    (60, 1, 1, 6, 60.0),  # the next bucket
    (109, 0, 0, 6, 11.0),
    (110, 0, 0, 9, 10.0),
    (120, 0, 0, 10, 0.0),
]


def test_a_rolling_window_gives_back_bucket_by_bucket(server, redis):
    params = limit(server, Algorithm.ROLLING_WINDOW)
    with started(params, "p") as (handler, advance):
        call, now_s = Caller(handler), 0
        for at_s, amount, granted, remaining, reset_s in BUCKET_BY_BUCKET:
            advance(at_s - now_s)
            now_s = at_s
            result = call.ask(amount)
            assert (at_s, result.amount, result.state) == (
                at_s,
                granted,
                QuotaState(10, 60.0, remaining, reset_s),
            )


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_changed_amount_keeps_what_is_in_use(server, redis, algorithm):
    lower = limit(server, algorithm, max_amount=5)
    with started(limit(server, algorithm), "p") as (one, _), started(lower, "p") as (other, _):
        many, few = Caller(one), Caller(other)
        assert [many(7), few(1, best_effort=True), few.ask(0).state.remaining] == [7, 0, 0]
        assert [few(-3), few(1), many(5)] == [3, 1, 5]


def test_a_window_that_was_made_shorter_is_not_waited_for(server, redis):
    shorter = limit(server, valid_duration="5s")
    with started(limit(server), "p") as (one, _), started(shorter, "p") as (other, _):
        assert Caller(one)(10) == 10
        assert Caller(other).ask(0).state.reset_s == 5.0


def test_a_clock_of_redis_that_is_set_back_keeps_a_fixed_window_from_lasting_longer(server, redis):
    with started(limit(server), "p") as (ahead, advance), started(limit(server), "p") as (late, _):
        advance(3600)
        assert Caller(ahead)(10) == 10
        assert Caller(late).ask(1).state.reset_s == 60.0


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_all_keys_expire_with_what_they_hold_and_lie_in_one_slot(server, redis, algorithm):
    with start(INFO, limit(server, algorithm)) as handler:
        Caller(handler)(1, call_id="one", user="a")
    cell, remembered = sorted(redis.keys(), key=len)
    tag, _, rest = cell.partition(":")
    assert (tag[0], len(tag), tag[-1]) == ("{", 34, "}")
    assert (rest, remembered) == (f"redisquota.test/{NAME}", f"{cell}:one")
    assert 50_000 < redis.pttl(cell) <= 60_000
    assert 2_000 < redis.pttl(remembered) <= 10_000


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_nothing_is_kept_of_what_nobody_uses(server, redis, algorithm):
    with started(limit(server, algorithm), "p") as (handler, _):
        call = Caller(handler)
        call(0, call_id="")
        call(11, call_id="")
        call(-1, call_id="")
        assert redis.keys() == []
        call(4, call_id="")
        call(-4, call_id="")
        assert redis.keys() == []


def test_a_counter_of_a_caller_does_not_expire(server, redis):
    with start(INFO, limit(server)) as handler:
        call = Caller(handler)
        call(2, call_id="", limit=QuotaLimit(3, 0.0))
        (cell,) = redis.keys()
        assert redis.ttl(cell) == -1
        call(-2, call_id="", limit=QuotaLimit(3, 0.0))
    assert redis.keys() == []


def test_a_rolling_window_holds_one_entry_for_each_bucket(server, redis):
    params = limit(server, Algorithm.ROLLING_WINDOW, max_amount=1000)
    with started(params, "p") as (handler, advance):
        call = Caller(handler)
        for _ in range(500):
            call(1, call_id="")
            advance(1)
        (cell,) = redis.keys()
        assert redis.llen(cell) == 1 + 6  # the sum; 60 s of buckets of 10 s


def test_a_call_is_one_round_trip(server, redis):
    with start(INFO, limit(server)) as handler:
        call = Caller(handler)
        call(1)
        with redis.monitor() as monitor:
            for amount in (1, -1, 0):
                call(amount)
            seen = []
            while seen.count("EVALSHA") < 3:
                command = monitor.next_command()
                if command["client_type"] != "lua":
                    seen.append(command["command"].split()[0])
        assert seen == ["EVALSHA", "EVALSHA", "EVALSHA"]


@pytest.mark.parametrize(
    ("wanted", "dimensions", "is_meant"),
    [
        ({"user": "a"}, {"user": "a", "path": "/"}, True),
        ({"user": ""}, {"user": ""}, True),
        ({"user": ""}, {}, False),  # with memquota, one that is missing is empty
        ({"user": "a", "path": "/"}, {"user": "a"}, False),
    ],
)
def test_an_override_is_for_instances_that_have_its_dimensions(
    server, redis, wanted, dimensions, is_meant
):
    override = Override(dimensions=wanted, max_amount=1)
    with start(INFO, limit(server, overrides=(override,))) as handler:
        assert Caller(handler)(10, best_effort=True, **dimensions) == (1 if is_meant else 10)


def test_a_caller_may_give_a_limit_that_redis_cannot_count(server, redis):
    huge = QuotaLimit(2**60, 60.0)
    with start(INFO, limit(server)) as handler:
        call = Caller(handler)
        assert call.ask(2**60, limit=huge, best_effort=True).amount == 10**15
        assert call.ask(0, limit=huge).state.remaining == 0
        assert call(-(2**60), limit=huge) == 10**15


def test_redis_may_listen_on_a_socket_of_the_system_and_want_a_user(tmp_path):
    # The path of a socket must be short.
    user = ("--user", "mixer", "on", ">pw", "~*", "+@all")
    with (
        TemporaryDirectory() as folder,
        RedisServer(tmp_path, *user, "--unixsocket", f"{folder}/s") as server,
    ):
        url = f"unix://mixer:pw@{folder}/s"
        params = replace(limit(server), redis_server_url=url)
        with start(INFO, params) as handler:
            assert Caller(handler)(10) == 10


@pytest.mark.parametrize("path", ["", "/3"])
def test_a_database_may_be_chosen(server, redis, path):
    params = replace(limit(server), redis_server_url=f"redis://{server.address}{path}")
    with start(INFO, params) as handler:
        Caller(handler)(1, call_id="")
    assert list(redis.info("keyspace")) == [f"db{path.strip('/') or 0}"]


def test_a_quota_without_a_limit_is_an_error(server):
    with start(INFO, limit(server)) as handler, pytest.raises(KeyError, match="other"):
        Caller(handler)(1, name="other")
