"""Redisquota does what every adapter that counts quotas must do: with both kinds of windows, and
over every kind of connection."""

import itertools
from contextlib import contextmanager
from types import MappingProxyType

import pytest

from adapters.redisquota import INFO, Algorithm, Override, Params, Quota, Tls
from benchmarks.micro.adapters.redis_server import RedisServer
from mixer.adapter import Duration, UnavailableError
from mixer.adapter.testing import start
from tests.adapters.quota_battery import NAME, OTHER, WINDOW_S, Caller, QuotaBattery
from tests.adapters.redisquota.given_time import started
from tests.adapters.redisquota.servers import cluster, tls_in_front
from tests.certificates import certify

PREFIXES = (f"battery-{n}" for n in itertools.count())
"""Each handler has keys of its own, so that nothing is left from the test before."""


@pytest.fixture(scope="module")
def redis(tmp_path_factory):
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(scope="module")
def behind_tls(tmp_path_factory):
    """Params of a way to a Redis that wants a password, through TLS."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = certify(folder, "redis", "DNS:localhost")
    secret = folder / "password"
    secret.write_text("p@ss/word\n")
    with (
        RedisServer(folder, "--requirepass", "p@ss/word") as server,
        tls_in_front(server, certificate, key) as port,
    ):
        yield {
            "redis_server_url": f"rediss://localhost:{port}",
            "tls": Tls(
                ca=str(certificate), client_certificate=str(certificate), client_key=str(key)
            ),
            "password_file": str(secret),
        }


@pytest.fixture(scope="module")
def redis_cluster(tmp_path_factory):
    with cluster(tmp_path_factory.mktemp("cluster")) as nodes:
        yield nodes


class RedisBattery(QuotaBattery):
    algorithm = Algorithm.FIXED_WINDOW
    connection = MappingProxyType({})
    """Params that say where Redis is."""

    @contextmanager
    def handler(self, limits):
        params = Params(quotas=self.quotas(limits), timeout=Duration.parse("5s"), **self.connection)
        assert list(INFO.validate(params, limits.instances)) == []
        with started(params, next(PREFIXES)) as started_handler:
            yield started_handler

    def quotas(self, limits):
        overrides = tuple(
            Override(dimensions=dimensions, max_amount=amount)
            for dimensions, amount in limits.overrides
        )
        return tuple(
            Quota(
                name=name,
                max_amount=limits.max_amount,
                valid_duration=Duration.from_seconds(WINDOW_S),
                bucket_duration=Duration.from_seconds(1),
                rate_limit_algorithm=self.algorithm,
                overrides=overrides,
            )
            for name in (NAME, OTHER)
        )


class TestFixedWindow(RedisBattery):
    @pytest.fixture(autouse=True)
    def connect(self, redis):
        self.connection = {"redis_server_url": redis.address}


class TestRollingWindow(TestFixedWindow):
    algorithm = Algorithm.ROLLING_WINDOW


class TestOverTls(RedisBattery):
    @pytest.fixture(autouse=True)
    def connect(self, behind_tls):
        self.connection = behind_tls


@pytest.mark.parametrize(
    ("tls", "message"),
    [
        (lambda tls: None, "certificate verify failed"),
        (lambda tls: Tls(ca=tls.ca), "Redis: ConnectionError"),
    ],
)
def test_without_the_right_certificates_nobody_is_asked(behind_tls, tls, message):
    quota = Quota(name=NAME, max_amount=1, valid_duration=Duration.from_seconds(WINDOW_S))
    where = {**behind_tls, "tls": tls(behind_tls["tls"])}
    params = Params(quotas=(quota,), timeout=Duration.parse("5s"), **where)
    with start(INFO, params) as handler, pytest.raises(UnavailableError, match=message):
        Caller(handler)(1)


class TestCluster(RedisBattery):
    algorithm = Algorithm.ROLLING_WINDOW

    @pytest.fixture(autouse=True)
    def connect(self, redis_cluster):
        hosts = ",".join(node.address for node in redis_cluster)
        self.connection = {"redis_server_url": f"redis+cluster://{hosts}"}
