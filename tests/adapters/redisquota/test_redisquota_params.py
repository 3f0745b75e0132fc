"""What may be configured of a redisquota, and where Redis may be."""

import pytest

from adapters.redisquota import INFO, Algorithm, Override, Params, Quota, Tls
from adapters.redisquota.address import Address
from mixer.adapter import Duration, InstanceType, ParamError

SECOND = Duration.parse("1s")
RC = Quota(name="rc.instance.ns", max_amount=5, valid_duration=SECOND)
QUOTA = InstanceType(template="quota", fields={"dimensions": {}})


def rolling(bucket_duration):
    return Quota(
        name="rolling",
        max_amount=5,
        valid_duration=SECOND,
        bucket_duration=Duration.parse(bucket_duration),
        rate_limit_algorithm=Algorithm.ROLLING_WINDOW,
    )


BUCKET = "must be at least 1ms, and less than valid_duration"
FAULTS = [
    (Params(), {}, []),
    (Params(quotas=(RC, rolling("999ms"))), {"rc.instance.ns": QUOTA}, []),
    (
        Params(quotas=(RC,)),
        {"rc.instance.ns": QUOTA, "other.instance.ns": QUOTA},
        [("quotas", "did not find limit defined for quota other.instance.ns")],
    ),
    (Params(quotas=(RC, RC)), {}, [("quotas", "2 limits defined for quota rc.instance.ns")]),
    (
        Params(quotas=(RC, Quota(max_amount=-1))),
        {},
        [
            ("quotas[1].name", "is missing: which quota instance?"),
            ("quotas[1].max_amount", "must be from 0 to 1000000000000000"),
            ("quotas[1].valid_duration", "must be at least 1ms"),
        ],
    ),
    (
        Params(quotas=(Quota(name="q", max_amount=10**15 + 1, valid_duration=SECOND),)),
        {},
        [("quotas[0].max_amount", "must be from 0 to 1000000000000000")],
    ),
    (Params(quotas=(rolling("0s"),)), {}, [("quotas[0].bucket_duration", BUCKET)]),
    (Params(quotas=(rolling("1s"),)), {}, [("quotas[0].bucket_duration", BUCKET)]),
    (
        Params(
            quotas=(Quota(name="q", valid_duration=SECOND, overrides=(Override(max_amount=0),)),)
        ),
        {},
        [
            ("quotas[0].overrides[0].dimensions", "are missing: for whom is it?"),
            ("quotas[0].overrides[0].max_amount", "must be from 1 to 1000000000000000"),
        ],
    ),
    (
        Params(
            connection_pool_size=-1,
            timeout=Duration(0),
            min_deduplication_duration=Duration(999_999),
            local_divisor=0,
        ),
        {},
        [
            ("connection_pool_size", "must not be negative"),
            ("timeout", "must be at least 1ms"),
            ("min_deduplication_duration", "must be at least 1ms"),
            ("local_divisor", "must be at least 1"),
        ],
    ),
    (
        Params(redis_server_url="redis://:secret@host", password_file="/secret"),
        {},
        [("password_file", "redis_server_url has a password already")],
    ),
    (
        Params(redis_server_url="host:1", tls=Tls(client_key="/key")),
        {},
        [
            ("tls", "needs a redis_server_url of rediss://"),
            ("tls.client_certificate", "is missing: both or neither"),
        ],
    ),
    (
        Params(redis_server_url="rediss://host", tls=Tls(client_certificate="/chain")),
        {},
        [("tls.client_key", "is missing: both or neither")],
    ),
]


@pytest.mark.parametrize(("params", "instances", "errors"), FAULTS)
def test_params_are_checked(params, instances, errors):
    assert list(INFO.validate(params, instances)) == [
        ParamError(field=field, message=message) for field, message in errors
    ]


NO_HOST = "a host is missing"
PORT = "a port must be a number from 0 to 65535"
FORM = "want HOST:PORT, or a URL of redis, rediss, unix, redis+cluster, rediss+cluster"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", NO_HOST),
        (":6379", NO_HOST),
        ("redis://", NO_HOST),
        ("redis+cluster://a:1,,b:2", NO_HOST),
        ("redis://:secret@", NO_HOST),
        ("host:port", PORT),
        ("redis://host:70000", PORT),
        ("redis://[::1", "Invalid IPv6 URL"),
        ("http://host", FORM),
        ("redis+sentinel://host", FORM),
        (
            "redis://host?db=1",
            "must not have anything after ? or #; params say what is special",
        ),
        ("redis://host/one", "after the host only the number of a database may stand"),
        ("redis+cluster://host/1", "a cluster has no databases to choose from"),
        ("unix://host/path", "want unix:///PATH of a socket"),
        ("unix://", "want unix:///PATH of a socket"),
    ],
)
def test_urls_are_checked(url, message):
    errors = list(INFO.validate(Params(redis_server_url=url), {}))
    assert errors == [ParamError(field="redis_server_url", message=message)]


@pytest.mark.parametrize(
    ("text", "urls", "more"),
    [
        ("localhost:6379", ("redis://localhost:6379",), {}),
        ("redis.cache", ("redis://redis.cache",), {}),
        ("[::1]:6380", ("redis://[::1]:6380",), {}),
        ("redis://host/3", ("redis://host/3",), {}),
        ("redis://:pw@host:1", ("redis://:pw@host:1",), {"has_password": True}),
        ("redis://me@host", ("redis://me@host",), {"user": "me"}),
        (
            "rediss://a%40b:p%2Fw@host",
            ("rediss://a%40b:p%2Fw@host",),
            {"is_encrypted": True, "user": "a@b", "has_password": True},
        ),
        (
            "rediss+cluster://me:pw@a:1,b:2",
            ("rediss://me:pw@a:1", "rediss://me:pw@b:2"),
            {"is_cluster": True, "is_encrypted": True, "user": "me", "has_password": True},
        ),
        ("redis+cluster://a", ("redis://a",), {"is_cluster": True}),
        ("unix:///run/redis.sock", ("unix:///run/redis.sock",), {}),
    ],
)
def test_redis_may_be_in_many_places(text, urls, more):
    plain = {"is_cluster": False, "is_encrypted": False, "user": None, "has_password": False}
    assert Address.parse(text) == Address(urls=urls, **(plain | more))
