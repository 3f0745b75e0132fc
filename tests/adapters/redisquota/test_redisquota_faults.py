"""Redis that is down, slow, restarted or full, and what is done meanwhile."""

import threading
import time
from contextlib import contextmanager

import pytest
from prometheus_client import REGISTRY

from adapters.redisquota import INFO, OnFailure, Override, Params, Quota
from benchmarks.micro.adapters.redis_server import RedisServer
from mixer.adapter import Duration, QuotaArgs, QuotaResult, UnavailableError
from mixer.adapter.testing import BackendBattery, FakeClock, Link, start
from mixer.template.quota import Instance
from tests.adapters.quota_battery import Caller
from tests.patience import SOON_S

NAME = "requests.instance.ns"
NOBODY = "127.0.0.1:9"
MINUTE = Duration.parse("1m")
BRIEF = Duration.parse("150ms")
"""Half of the deadline of the battery."""


@pytest.fixture(scope="module")
def redis(tmp_path_factory):
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


def params_for(address, **more):
    quota = Quota(
        name=NAME,
        max_amount=10,
        valid_duration=MINUTE,
        overrides=(Override(dimensions={"user": "b"}, max_amount=3),),
    )
    more = {"timeout": Duration.parse("5s"), "key_prefix": address, **more}
    return Params(quotas=(quota,), redis_server_url=address, **more)


class RedisBackend(BackendBattery):
    info = INFO
    bad_params = (
        Params(redis_server_url=""),
        Params(quotas=(Quota(name=NAME),)),
        Params(timeout=Duration(0)),
    )
    on_failure = OnFailure.DENY
    timeout = BRIEF

    @contextmanager
    def handler(self):
        """With a server that is there, on a machine that may be busy."""
        self.timeout = Duration.parse("5s")
        with super().handler() as handler:
            yield handler

    @pytest.fixture(autouse=True)
    def find(self, redis):
        self.server = redis

    @contextmanager
    def backend(self):
        yield self.server.address

    def params_for(self, address):
        return params_for(address, timeout=self.timeout, on_failure=self.on_failure)

    def ask(self, handler):
        return handler.handle_quota(Instance(NAME), QuotaArgs("", 1, best_effort=True))


class TestDeny(RedisBackend):
    pass


class TestAllow(RedisBackend):
    answers_without = True
    on_failure = OnFailure.ALLOW


class TestLocal(RedisBackend):
    answers_without = True
    on_failure = OnFailure.LOCAL


def stood_in():
    name = "mixer_adapter_redisquota_stand_in_calls_total"
    return REGISTRY.get_sample_value(name, {"handler": "redisquota.test"}) or 0


def test_without_redis_a_call_fails_by_default():
    refused = pytest.raises(UnavailableError, match="Redis: ConnectionError: .*refused")
    with start(INFO, params_for(NOBODY)) as handler, refused:
        Caller(handler)(1)


def test_without_redis_all_may_be_granted_and_not_counted():
    before = stood_in()
    with start(INFO, params_for(NOBODY, on_failure=OnFailure.ALLOW)) as handler:
        call = Caller(handler)
        assert [call.ask(n) for n in (10, 7, -3, 0)] == [
            QuotaResult(10, 60.0),
            QuotaResult(7, 60.0),
            QuotaResult(3),
            QuotaResult(),
        ]
    assert stood_in() - before == 4


@pytest.mark.parametrize(("divisor", "amounts"), [(1, [10, 3]), (3, [4, 1]), (100, [1, 1])])
def test_without_redis_each_mixer_may_grant_its_share(divisor, amounts):
    params = params_for(NOBODY, on_failure=OnFailure.LOCAL, local_divisor=divisor)
    clock = FakeClock()
    with start(INFO, params, clock=clock) as handler:
        call = Caller(handler)
        for _ in range(2):
            assert [call(20, best_effort=True, user=user) for user in ("a", "b")] == amounts
            assert [call(20, best_effort=True, user=user) for user in ("a", "b")] == [0, 0]
            clock.advance(60)
        assert [call(1, call_id="one"), call(1, call_id="one"), call(-1), call(-1)] == [1, 1, 1, 0]


def test_what_many_mixers_count_counts_again_when_redis_is_back(redis):
    clock = FakeClock()
    with (
        Link(redis.address) as link,
        start(INFO, params_for(link.address, on_failure=OnFailure.LOCAL), clock=clock) as handler,
    ):
        call = Caller(handler)
        amounts = [call(9)]
        link.cut()
        amounts += [call(10), call(1), call(1), call(1)]
        link.mend()
        amounts.append(call(1))  # Redis is given a pause
        clock.advance(1)
        amounts += [call(2), call(1), call(1)]
        assert amounts == [9, 10, 0, 0, 0, 0, 0, 1, 0]


def test_after_some_failures_nobody_waits_for_redis(redis):
    with Link(redis.address) as link:
        params = params_for(link.address, timeout=BRIEF, on_failure=OnFailure.ALLOW)
        link.stall()
        with start(INFO, params) as handler:
            call = Caller(handler)
            begun = time.monotonic()
            for _ in range(500):
                call(1)
            assert time.monotonic() - begun < 5  # 3 of 150 ms, and not 500
        link.mend()


def test_a_call_that_finds_redis_hanging_is_over_within_its_timeouts(redis):
    with (
        Link(redis.address) as link,
        start(INFO, params_for(link.address, timeout=Duration.parse("500ms"))) as handler,
    ):
        call = Caller(handler)
        assert call(1) == 1
        link.stall()
        begun = time.monotonic()
        with pytest.raises(UnavailableError, match="Redis: TimeoutError"):
            call(1)
        assert 0.5 <= time.monotonic() - begun < 1.9  # it is not tried again
        link.mend()


def test_a_redis_that_has_forgotten_the_scripts_is_told_them_again(redis):
    with start(INFO, params_for(redis.address, key_prefix="forgetful")) as handler:
        call = Caller(handler)
        assert call(6) == 6
        with redis.client() as client:
            client.script_flush()
        assert [call(5), call(4)] == [0, 4]


def test_a_restarted_redis_is_used_at_once(tmp_path):
    on_disk = ("--appendonly", "yes", "--appendfsync", "always")
    with (
        RedisServer(tmp_path, *on_disk) as server,
        start(INFO, params_for(server.address)) as handler,
    ):
        call = Caller(handler)
        assert call(6) == 6
        server.stop()
        server.start()
        end = time.monotonic() + SOON_S
        while (amount := taken(call, 5, best_effort=True)) is None:
            assert time.monotonic() < end
        assert amount == 4


def taken(call, amount, **more):
    """What is granted; None while nobody can say."""
    try:
        return call(amount, **more)
    except UnavailableError:
        return None


def test_a_redis_that_may_not_write_counts_as_away(tmp_path):
    full = pytest.raises(UnavailableError, match="OOM command not allowed")
    with (
        RedisServer(tmp_path, "--maxmemory", "1") as server,
        start(INFO, params_for(server.address)) as handler,
        full,
    ):
        Caller(handler)(1)


def test_a_wrong_password_counts_as_away_and_a_changed_one_is_read_again(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("wrong\n")
    clock = FakeClock()
    with RedisServer(tmp_path, "--requirepass", "right") as server:
        params = params_for(server.address, password_file=str(secret))
        with start(INFO, params, clock=clock) as handler:
            call = Caller(handler)
            with pytest.raises(UnavailableError, match="AuthenticationError"):
                call(1)
            secret.write_text("right!")
            secret.write_text("right")
            clock.advance(1)
            assert call(1) == 1


def test_a_password_file_that_is_not_there_is_an_error_of_the_start(tmp_path):
    params = params_for(NOBODY, password_file=str(tmp_path / "none"))
    with pytest.raises(FileNotFoundError), start(INFO, params):
        pass


def test_no_more_connections_are_made_than_are_allowed(redis):
    params = params_for(redis.address, connection_pool_size=2, key_prefix="few")
    with redis.client() as client:
        before = client.info("clients")["connected_clients"]
        with start(INFO, params) as handler:
            call = Caller(handler)
            threads = [threading.Thread(target=call, args=(0,)) for _ in range(12)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert client.info("clients")["connected_clients"] - before <= 2


def test_after_close_no_connection_is_left_and_none_is_made(redis):
    with redis.client() as client:
        before = client.info("clients")["connected_clients"]
        with start(INFO, params_for(redis.address, key_prefix="closing")) as handler:
            call = Caller(handler)
            assert call(1) == 1
        end = time.monotonic() + SOON_S
        while client.info("clients")["connected_clients"] != before:
            assert time.monotonic() < end
            time.sleep(0.01)
        with pytest.raises(UnavailableError, match="the handler is closed"):
            call(1)
