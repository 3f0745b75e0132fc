"""Redisquota as configurations name it, in a Mixer that serves."""

import time
from types import MappingProxyType

import pytest

from adapters.redisquota import INFO
from benchmarks.micro.adapters.redis_server import RedisServer
from mixer.adapter import Code, QuotaLimit, QuotaState
from mixer.attribute.bag import MappingBag
from mixer.dispatch.verdict import QuotaRequest
from mixer.errors import ConfigErrors
from mixer.runtime import Runtime
from tests.integration.documents import contents, document, handler, instance, rule
from tests.integration.spy import Registry
from tests.patience import SOON_S

QUOTA = {
    "name": "calls.instance.istio-system",
    "maxAmount": 10,
    "validDuration": "60s",
    "bucketDuration": "1s",
    "rateLimitAlgorithm": "ROLLING_WINDOW",
    "overrides": [{"dimensions": {"source": "batch"}, "maxAmount": 2}],
}
CALLS = instance("calls", "quota", dimensions={"source": 'source.name | "unknown"'})
NO_MORE = MappingProxyType({})
WEB, BATCH = MappingBag({"source.name": "web"}), MappingBag({"source.name": "batch"})


@pytest.fixture(scope="module")
def redis(tmp_path_factory):
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


def mixer(address, *, on_error="fail", isolation=NO_MORE, **params):
    """A Mixer with that limit, which counts in the Redis at that address."""
    params = {"quotas": [QUOTA], "redisServerUrl": address, "timeout": "5s", **params}
    spec = {
        "compiledAdapter": "redisquota",
        "params": params,
        "isolation": {"timeout": "10s", **isolation},
    }
    runtime = Runtime(Registry(INFO))
    rules = rule("calls", ("limits", "calls"), onError=on_error)
    runtime.apply(contents(document("handler", "limits", spec), CALLS, rules))
    return runtime


def granted(runtime, bag, amount, call_id):
    (verdict,) = runtime.dispatcher.check(
        bag, [QuotaRequest("calls", amount, True)], call_id
    ).quotas.values()
    return verdict.amount


def test_mixers_share_what_there_is(redis):
    one, other = mixer(redis.address), mixer(redis.address)
    amounts = [granted(one, WEB, 7, "a"), granted(other, WEB, 7, "a")]  # a retry elsewhere
    amounts += [granted(other, WEB, 7, "b"), granted(one, WEB, 1, "c")]
    amounts += [granted(one, BATCH, 5, "d"), granted(other, BATCH, 5, "e")]
    one.close()
    assert granted(other, WEB, 1, "f") == 0
    other.close()
    assert amounts == [7, 7, 3, 0, 2, 0]


def test_callers_of_rate_limits_hear_of_state_and_status(redis):
    runtime = mixer(redis.address, keyPrefix="rate-limits")
    asked = [QuotaRequest("calls", 3, limit=QuotaLimit(3, 60.0), wants_state=True)] * 2
    first, second = runtime.dispatcher.quota(WEB, asked)
    runtime.close()
    assert (first.amount, first.status.code, first.state) == (3, 0, QuotaState(3, 60.0, 0, 60.0))
    assert (second.amount, second.status.code) == (0, Code.RESOURCE_EXHAUSTED)
    assert second.status.message == "limits.istio-system:redisquota: Resource exhausted"


@pytest.mark.parametrize(
    ("on_error", "params", "amounts"),
    [
        ("fail", {}, [0, 0]),
        ("allow", {}, [8, 8]),
        ("fail", {"onFailure": "ALLOW"}, [8, 8]),
        ("fail", {"onFailure": "LOCAL"}, [8, 2]),
        ("fail", {"onFailure": "LOCAL", "localDivisor": 2}, [5, 0]),
    ],
)
def test_without_redis_it_is_as_the_configuration_says(on_error, params, amounts):
    runtime = mixer("127.0.0.1:9", on_error=on_error, **params)
    assert [granted(runtime, WEB, 8, call_id) for call_id in "ab"] == amounts
    runtime.close()


def test_a_mixer_finds_redis_when_it_comes(tmp_path):
    server = RedisServer(tmp_path)
    brief = {"breakerFailures": 1, "breakerPause": "50ms"}
    runtime = mixer(server.address, isolation=brief)
    assert granted(runtime, WEB, 1, "a") == 0
    with server:
        end = time.monotonic() + SOON_S
        while not granted(runtime, WEB, 1, "a"):
            assert time.monotonic() < end
            time.sleep(0.02)
    runtime.close()


def test_mistakes_are_named(redis):
    with pytest.raises(ConfigErrors, match=r"params.quotas\[0\].overrides\[0\].maxAmoun"):
        bad = {**QUOTA, "overrides": [{"dimensions": {"source": "a"}, "maxAmoun": 1}]}
        rules = rule("calls", ("limits", "calls"))
        Runtime(Registry(INFO)).apply(
            contents(handler("limits", "redisquota", quotas=[bad]), CALLS, rules)
        )
