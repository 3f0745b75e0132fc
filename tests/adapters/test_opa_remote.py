"""What a server of Open Policy Agent decides; its REST API is played."""

from contextlib import contextmanager

import pytest

from adapters.call_out import AnswerError, Token
from adapters.opa_remote import INFO, Params
from mixer.adapter import CheckResult, Duration, ParamError, Status, UnavailableError
from mixer.adapter.testing import BackendBattery, start
from mixer.template.authorization import Action, Instance, Subject
from tests.adapters.opa_server import running

PATH = "/v1/data/mixerauthz/allow"
OK = CheckResult()
DENIAL = CheckResult(status=Status(code=7, message="opa: request was rejected"))
ALICE = Instance("x", Subject("alice", "staff", {"age": 7}), Action(method="GET", path="/"))
BOB = Instance("x", Subject("bob"), None)


def params_for(address, **more):
    return Params(server_url=f"http://{address}", check_method="data.mixerauthz.allow", **more)


def is_alice(document):
    return document["subject"].get("user") == "alice"


@contextmanager
def handler_of(answer, **more):
    with (
        running({PATH: answer}) as server,
        start(INFO, params_for(server.address, **more)) as handler,
    ):
        yield handler, server


@pytest.mark.parametrize("fail_close", [True, False])
def test_the_server_decides(fail_close):
    with handler_of(is_alice, fail_close=fail_close) as (handler, server):
        assert handler.handle_authorization(ALICE) == OK
        assert handler.handle_authorization(BOB) == DENIAL
        assert [asked[:2] for asked in server.asked] == [
            (
                PATH,
                {
                    "input": {
                        "subject": {"user": "alice", "groups": ["staff"], "properties": {"age": 7}},
                        "action": {"method": "GET", "path": "/"},
                    }
                },
            ),
            (PATH, {"input": {"subject": {"user": "bob"}, "action": {}}}),
        ]


@pytest.mark.parametrize("value", [None, "true", 1, {"allow": True}, []])
def test_what_is_not_decided_is_denied_or_not_as_configured(value):
    for fail_close, answer in ((True, DENIAL), (False, OK)):
        with handler_of(lambda _document: value, fail_close=fail_close) as (handler, _):
            assert handler.handle_authorization(ALICE) == answer


ERRORS = [
    ((500, '{"code": "internal_error"}'), AnswerError, "HTTP 500"),
    ((404, ""), AnswerError, "HTTP 404"),
    ((401, ""), AnswerError, "HTTP 401"),
    ((302, ""), AnswerError, "HTTP 302"),
    ((200, "<html>"), AnswerError, "the answer is no JSON"),
    ((200, "[true]"), AnswerError, "the answer is no object"),
    ((503, ""), UnavailableError, "HTTP 503"),
    ((429, ""), UnavailableError, "HTTP 429"),
]


@pytest.mark.parametrize(("answer", "error", "message"), ERRORS)
def test_no_decision_is_an_error_whatever_fail_close_says(answer, error, message):
    for fail_close in (True, False):
        with (
            handler_of(answer, fail_close=fail_close) as (handler, _),
            pytest.raises(error, match=message),
        ):
            handler.handle_authorization(ALICE)


def test_the_api_may_be_below_a_path_and_need_a_token(tmp_path):
    (tmp_path / "token").write_text("secret\n")
    with running({f"/opa{PATH}": is_alice}) as server:
        params = Params(
            server_url=f"http://{server.address}/opa/",
            check_method="data.mixerauthz.allow",
            token=Token(path=str(tmp_path / "token")),
        )
        with start(INFO, params) as handler:
            assert handler.handle_authorization(ALICE) == OK
        [(_, _, headers)] = server.asked
        assert headers["authorization"] == "Bearer secret"


def test_calls_share_a_connection():
    ports = set()
    with handler_of(is_alice) as (handler, server):
        answer = server.finish_request

        def finish_request(request, client):
            ports.add(client[1])
            answer(request, client)

        server.finish_request = finish_request
        for _ in range(5):
            assert handler.handle_authorization(ALICE) == OK
    assert len(ports) == 1


RULE = "must name a rule, such as data.mixerauthz.allow"
FAULTS = [
    (Params(server_url="http://opa:8181"), "check_method", RULE),
    (Params(server_url="http://opa:8181", check_method="data"), "check_method", RULE),
    (params_for("opa:8181/?a=b"), "server_url", "can't have a query"),
    (params_for("opa:8181", timeout=Duration(0)), "timeout", "must be more than 0"),
    (params_for("opa", retry_percent=101), "retry_percent", "must be from 0 to 100"),
    (
        params_for("opa", token=Token(path="/token")),
        "token",
        "would be readable on the way to opa: it needs TLS",
    ),
]


@pytest.mark.parametrize(("params", "field", "message"), FAULTS)
def test_a_fault_is_told_with_its_place(params, field, message):
    assert list(INFO.validate(params, {})) == [ParamError(field=field, message=message)]


@pytest.mark.parametrize("url", ["", "opa:8181", "ftp://opa", "http://me:secret@opa"])
def test_what_is_no_server_is_refused(url):
    params = Params(server_url=url, check_method="data.a.b")
    assert [error.field for error in INFO.validate(params, {})] == ["server_url"]


class TestOpaRemote(BackendBattery):
    info = INFO
    bad_params = tuple(params for params, _, _ in FAULTS)

    @contextmanager
    def backend(self):
        with running({PATH: is_alice}) as server:
            server.asked = _Forgetful()
            yield server.address

    def params_for(self, address):
        return params_for(address, timeout=Duration.parse("10s"))

    def ask(self, handler):
        assert handler.handle_authorization(ALICE) == OK


class _Forgetful:
    def append(self, _asked):
        """The battery watches memory."""
