"""Which keys may make which calls."""

import logging
from dataclasses import replace
from hashlib import sha256

import pytest
from prometheus_client import REGISTRY

from adapters.apikey import INFO, Params
from adapters.apikey.params import ApiKey
from mixer.adapter import CheckResult, Duration, ParamError, Status, UnavailableError
from mixer.adapter.testing import Battery, FakeClock, ParamsRefusedError, start
from mixer.template.apikey import Instance


def hashed(key):
    return sha256(key.encode()).hexdigest()


ALL = ApiKey(name="ops", sha256=hashed("all-secret"))
SHOP = ApiKey(
    name="shop",
    sha256=hashed("shop-secret").upper(),
    apis=("orders", "cata*"),
    versions=("v1", "v2*"),
    operations=("get*", "*Order"),
)
PAST = ApiKey(name="past", sha256=hashed("past"), expires="2019-06-01T10:00:00Z")
SOON = ApiKey(name="soon", sha256=hashed("soon"), expires="2019-06-01T10:01:30Z")
PARAMS = Params(keys=(ALL, SHOP, PAST, SOON))

OK = CheckResult(valid_duration_s=60.0, valid_use_count=10_000)


def denial(code, message):
    return OK._replace(status=Status(code=code, message=message))


MISSING = denial(16, "no API key")
UNKNOWN = denial(16, "the API key is not valid")
EXPIRED = denial(7, "the API key has expired")
FORBIDDEN = denial(7, "the API key is not for this API, version or operation")

ANSWERS = [
    (("orders", "v1", "getOrder", "all-secret"), OK),
    (("", "", "", "all-secret"), OK),  # a key without lists is for everything
    (("orders", "v1", "getOrders", "shop-secret"), OK),
    (("catalogue", "v2beta", "newOrder", "shop-secret"), OK),
    (("users", "v1", "getOrders", "shop-secret"), FORBIDDEN),
    (("orders", "v3", "getOrders", "shop-secret"), FORBIDDEN),
    (("orders", "v1", "newOrders", "shop-secret"), FORBIDDEN),
    (("orders", "", "getOrders", "shop-secret"), FORBIDDEN),  # no version is none of the list
    (("orders", "v1", "getOrders", "SHOP-SECRET"), UNKNOWN),
    (("orders", "v1", "getOrders", "shop-secret "), UNKNOWN),
    (("orders", "v1", "getOrders", hashed("shop-secret")), UNKNOWN),  # the hash is no key
    (("orders", "v1", "getOrders", "\udcff"), UNKNOWN),
    (("orders", "v1", "getOrders", ""), MISSING),
    (("orders", "v1", "getOrders", "past"), EXPIRED),  # at the very instant
    (("orders", "v1", "getOrders", "soon"), OK),
]


@pytest.mark.parametrize(("call", "answer"), ANSWERS)
def test_a_key_opens_what_it_is_for(call, answer):
    with start(INFO, PARAMS) as handler:
        assert handler.handle_apikey(Instance("x", *call)) == answer


def test_no_client_uses_an_answer_when_the_key_has_expired():
    clock = FakeClock()
    with start(INFO, PARAMS, clock=clock) as handler:
        clock.advance(60)
        assert ask(handler, "soon") == OK._replace(valid_duration_s=30.0)
        clock.advance(30)
        assert ask(handler, "soon") == EXPIRED


def ask(handler, key):
    return handler.handle_apikey(Instance("x", api="orders", api_key=key))


def test_how_long_answers_are_good_is_configured():
    params = Params(valid_duration=Duration.parse("5s"), valid_use_count=3)
    with start(INFO, params) as handler:
        assert ask(handler, "k") == CheckResult(UNKNOWN.status, 5.0, 3)


def file_errors():
    return REGISTRY.get_sample_value(
        "mixer_adapter_apikey_file_errors_total", {"handler": "apikey.test"}
    )


def test_a_file_is_read_again(tmp_path):
    file, clock = tmp_path / "keys.csv", FakeClock()
    file.write_text(f"sha256,name\n{hashed('one')},first\n")
    with start(INFO, Params(keys=(ALL,), file=str(file)), clock=clock) as handler:
        assert [ask(handler, key) for key in ("one", "two", "all-secret")] == [OK, UNKNOWN, OK]
        file.write_text(f"sha256,apis\n{hashed('two')},orders\n{hashed('three')},users x*\n")
        clock.advance(29)
        assert ask(handler, "two") == UNKNOWN
        clock.advance(1)
        keys = ("one", "two", "three", "all-secret")
        assert [ask(handler, key) for key in keys] == [UNKNOWN, OK, FORBIDDEN, OK]


def test_the_configuration_counts_where_the_file_says_otherwise(tmp_path):
    file = tmp_path / "keys.csv"
    file.write_text(f"sha256\n{hashed('past')}\n")
    with start(INFO, Params(keys=(PAST,), file=str(file))) as handler:
        assert ask(handler, "past") == EXPIRED


def test_a_file_that_is_missing_closes_only_for_keys_that_it_may_hold(tmp_path):
    file, clock = tmp_path / "keys.csv", FakeClock()
    with start(INFO, Params(keys=(ALL,), file=str(file)), clock=clock) as handler:
        assert (ask(handler, "all-secret"), ask(handler, "")) == (OK, MISSING)
        with pytest.raises(UnavailableError, match="could not be read yet"):
            ask(handler, "one")
        file.write_text(f"sha256\n{hashed('one')}\n")
        clock.advance(30)
        assert (ask(handler, "one"), ask(handler, "two")) == (OK, UNKNOWN)


ONE = hashed("one")
BROKEN = [
    ("", "line 1: names no column sha256"),
    ("name\nx\n", "line 1: names no column sha256"),
    (
        "sha256,api\n",
        "line 1: unknown column 'api'; there are name, sha256, apis, versions, operations, expires",
    ),
    ("sha256\nsecret\n", "line 2: sha256: must be 64 hexadecimal digits: the SHA-256 of the key"),
    (f"sha256,name\n{ONE}\n", "line 2: does not have as many columns as the first line"),
    (f"sha256\n{ONE},x\n", "line 2: does not have as many columns as the first line"),
    (f"sha256,expires\n{ONE},soon\n", "line 2: expires: not an RFC 3339 time: 'soon'"),
    (
        f"sha256,apis\n{ONE},a*b\n",
        "line 2: apis: 'a*b': one `*` may be, at the beginning or at the end",
    ),
    (f"sha256\n{ONE}\n{ONE.upper()}\n", "line 3: the same key as in line 2"),
    (f'sha256,name\n{ONE},"x\n', "line 2: unexpected end of data"),
]


@pytest.mark.parametrize(("text", "message"), BROKEN)
def test_a_broken_file_is_told_of_and_changes_nothing(tmp_path, caplog, text, message):
    file, clock = tmp_path / "keys.csv", FakeClock()
    file.write_text(f"sha256\n{ONE}\n")
    with (
        caplog.at_level(logging.WARNING),
        start(INFO, Params(file=str(file)), clock=clock) as handler,
    ):
        before = file_errors()
        file.write_text(text)
        clock.advance(30)
        assert (ask(handler, "one"), ask(handler, "two")) == (OK, UNKNOWN)
    assert file_errors() - before == 1
    told = f"file of API keys {file} not read: {message}"
    assert [record.getMessage() for record in caplog.records] == [told]


GOOD = ApiKey(sha256=ONE)
FAULTS = [
    (
        Params(keys=(ApiKey(name="x"),)),
        "keys[0].sha256",
        "must be 64 hexadecimal digits: the SHA-256 of the key",
    ),
    (
        Params(keys=(GOOD, replace(GOOD, expires="2030-01-01"))),
        "keys[1].expires",
        "not an RFC 3339 time: '2030-01-01'",
    ),
    (
        Params(keys=(replace(GOOD, operations=("",)),)),
        "keys[0].operations",
        "an empty pattern matches nothing; `*` matches everything",
    ),
    (Params(file="keys.csv"), "file", "must be an absolute path"),
    (
        Params(file="/keys.csv", refresh_interval=Duration.parse("999ms")),
        "refresh_interval",
        "must be at least 1s",
    ),
    (Params(valid_duration=Duration(-1)), "valid_duration", "must not be negative"),
    (Params(valid_use_count=1 << 31), "valid_use_count", "must be from 0 to 2147483647"),
]


@pytest.mark.parametrize(("params", "field", "message"), FAULTS)
def test_a_fault_is_told_with_its_place(params, field, message):
    assert ParamError(field=field, message=message) in list(INFO.validate(params, {}))


def test_a_key_that_is_given_in_place_of_its_hash_is_not_told():
    params = Params(keys=(ApiKey(name="x", sha256="shop-secret"),))
    with pytest.raises(ParamsRefusedError) as refused, start(INFO, params):
        pass
    assert "shop-secret" not in str(refused.value)


def test_a_key_is_there_once():
    twice = Params(keys=(GOOD, SHOP, replace(GOOD, sha256=ONE.upper())))
    assert list(INFO.validate(twice, {})) == [
        ParamError(field="keys[2].sha256", message="the same key as keys[0]")
    ]


class TestApikey(Battery):
    info = INFO
    bad_params = tuple(params for params, _, _ in FAULTS)

    def params(self):
        return PARAMS

    def ask(self, handler):
        for call, _ in ANSWERS[2:5]:
            handler.handle_apikey(Instance("x", *call))


class TestApikeyOfAFile(Battery):
    info = INFO
    file: str

    @pytest.fixture(autouse=True)
    def _written(self, tmp_path):
        self.file = str(tmp_path / "keys.csv")
        (tmp_path / "keys.csv").write_text(f"sha256\n{ONE}\n")

    def params(self):
        return Params(file=self.file)

    def ask(self, handler):
        assert ask(handler, "one") == OK
