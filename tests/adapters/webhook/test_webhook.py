"""What a service is asked in JSON, what it may answer, and how it is called."""

import hashlib
import hmac
import ssl
from collections import deque
from contextlib import contextmanager

import pytest

from adapters.call_out import Tls, Token
from adapters.webhook import INFO, Params
from mixer.adapter import (
    CheckResult,
    Code,
    DirectHttpResponse,
    Duration,
    QuotaArgs,
    QuotaLimit,
    QuotaResult,
    Status,
    Timestamp,
    UnavailableError,
)
from mixer.adapter.testing import BackendBattery, FakeClock, start
from mixer.errors import MixerError
from mixer.template import authorization, checknothing, listentry, logentry, metric, quota
from tests.adapters.webhook.service import Service, serving
from tests.certificates import certify

VISIT = checknothing.Instance(name="visit")
LONG = Duration.parse("10s")
ALLOW = {"allow": True}


@contextmanager
def started(service, clock=None, **params):
    with (
        serving(service) as address,
        start(
            INFO, Params(url=f"http://{address}/hook?a=b", timeout=LONG, **params), clock=clock
        ) as handler,
    ):
        yield handler


class TestWebhook(BackendBattery):
    info = INFO
    bad_params = (
        Params(),
        Params(url="ftp://a/"),
        Params(url="http://user:secret@a/"),
        Params(url="http://a/#fragment"),
        Params(url="http://a/", timeout=Duration(0)),
        Params(url="http://a/", max_answer_bytes=0),
        Params(url="http://a/", max_connections=0),
        Params(url="http://a/", retry_percent=-1),
        Params(url="http://a/", headers={"Host": "b"}),
        Params(url="http://a/", headers={"X": "a\r\nb"}),
        Params(url="http://a/", tls=Tls()),
        Params(url="http://a/", token=Token(path="t")),
        Params(url="https://a/", tls=Tls(client_certificate="c")),
    )

    def backend(self):
        return serving(Service(ALLOW, requests=deque(maxlen=1)))

    def params_for(self, address):
        return Params(url=f"http://{address}/", timeout=LONG)

    def ask(self, handler):
        return handler.handle_checknothing(VISIT)


def test_a_check_is_a_post_of_json():
    service = Service(ALLOW)
    with started(service, headers={"X-Tenant": "t"}) as handler:
        handler.handle_listentry(listentry.Instance(name="n", value="abc"))
    ((path, headers, _),) = service.requests
    (body,) = service.bodies()
    assert (path, headers["content-type"], headers["x-tenant"]) == (
        "/hook?a=b",
        "application/json",
        "t",
    )
    assert len(body.pop("deduplicationId")) == 32
    assert body == {
        "template": "listentry",
        "handler": "webhook.test",
        "instance": {"name": "n", "value": "abc"},
    }


VALUES = [
    (None, None),
    (7, 7),
    (1.5, 1.5),
    (float("nan"), "NaN"),
    (True, True),
    (Timestamp.parse("2019-06-01T10:00:00Z"), "2019-06-01T10:00:00.000000Z"),
    (Duration.parse("90s"), "1m30s"),
    (bytes([10, 0, 0, 1]), "10.0.0.1"),
    ({"a": "b"}, {"a": "b"}),
    # half of a pair is no character
    ("\ud800", "?"),
    ("Zürich", "Zürich"),
]


@pytest.mark.parametrize(("value", "expected"), VALUES)
def test_values_are_said_in_json(value, expected):
    service = Service(ALLOW)
    with started(service) as handler:
        handler.handle_listentry(listentry.Instance(name="n", value=value))
    assert service.bodies()[0]["instance"]["value"] == expected


def test_messages_are_objects_and_names_are_in_camel_case():
    service = Service([ALLOW, b""])
    subject = authorization.Subject(user="u", properties={"some_key": 1})
    with started(service) as handler:
        handler.handle_authorization(authorization.Instance(name="a", subject=subject))
        handler.handle_logentry([logentry.Instance(name="l", severity="info")])
    check, report = service.bodies()
    assert check["instance"] == {
        "name": "a",
        "subject": {"user": "u", "groups": "", "properties": {"some_key": 1}},
        "action": None,
    }
    assert report["instances"] == [
        {
            "name": "l",
            "variables": {},
            "timestamp": None,
            "severity": "info",
            "monitoredResourceType": "",
            "monitoredResourceDimensions": {},
        }
    ]


ANSWERS = [
    (ALLOW, CheckResult()),
    # what we don't know may come later
    (
        {"allow": True, "message": "hi", "validFor": "5s", "uses": 100, "note": 1},
        CheckResult(Status(message="hi"), 5.0, 100),
    ),
    ({"allow": False}, CheckResult(Status(code=Code.PERMISSION_DENIED))),
    (
        {"allow": False, "code": "UNAUTHENTICATED", "message": "who?"},
        CheckResult(Status(code=16, message="who?")),
    ),
    (
        {"allow": False, "response": {"status": 302, "body": "b", "headers": {"location": "/"}}},
        CheckResult(
            Status(
                code=7,
                direct_response=DirectHttpResponse(code=302, body="b", headers={"location": "/"}),
            )
        ),
    ),
]


@pytest.mark.parametrize(("answer", "result"), ANSWERS)
def test_the_answer_to_a_check_is_understood(answer, result):
    with started(Service(answer)) as handler:
        assert handler.handle_checknothing(VISIT) == result


FAULTS = [
    (b"", "the answer is no JSON"),
    (b"\xff", "the answer is no JSON"),
    (b"[" * 60_000, "the answer is no JSON"),
    ([[]], "the answer is no object"),
    ({}, "allow is missing"),
    ({"allow": "yes"}, 'allow: want true or false, got "yes"'),
    ({"allow": 1}, "allow: want true or false, got 1"),
    ({"allow": True, "uses": True}, "uses: want an integer, got true"),
    ({"allow": True, "uses": 1 << 31}, "uses: want a number"),
    ({"allow": True, "validFor": "soon"}, "validFor: not a duration"),
    ({"allow": True, "validFor": "-1s"}, "validFor: must not be negative"),
    ({"allow": False, "code": "OK"}, "code: want a code of gRPC that is an error"),
    ({"allow": False, "response": 1}, "response: want an object"),
    ({"allow": False, "response": {"status": 99}}, "response.status: want"),
    ({"allow": False, "response": {"headers": {"a": 1}}}, "response.headers: want strings"),
    (b'{"allow": true, "message": "' + b"x" * 65536 + b'"}', "longer than 65536 bytes"),
    ((404, b"no such hook"), "HTTP 404: no such hook"),
    ((500, b""), "HTTP 500"),
    # a redirect might lead anywhere
    ((307, b""), "HTTP 307"),
]


@pytest.mark.parametrize(("answer", "message"), FAULTS)
def test_an_answer_that_is_none_is_an_error(answer, message):
    service = Service(answer if not isinstance(answer, list) else b"[]")
    with started(service) as handler, pytest.raises(MixerError, match=message) as raised:
        handler.handle_checknothing(VISIT)
    assert not isinstance(raised.value, UnavailableError)
    assert len(service.requests) == 1


def test_a_quota_is_asked_for_with_all_that_was_asked():
    service = Service({"granted": 2, "validFor": "1m"})
    args = QuotaArgs("id-1", 3, best_effort=True, limit=QuotaLimit(10, 60.0))
    with started(service) as handler:
        result = handler.handle_quota(quota.Instance(name="q", dimensions={"d": "x"}), args)
    assert result == QuotaResult(amount=2, valid_duration_s=60.0)
    assert service.bodies() == [
        {
            "template": "quota",
            "handler": "webhook.test",
            "deduplicationId": "id-1",
            "instance": {"name": "q", "dimensions": {"d": "x"}},
            "quota": {
                "amount": 3,
                "bestEffort": True,
                "limit": {"maxAmount": 10, "window": "1m0s"},
            },
        }
    ]


def test_a_report_needs_no_answer_and_is_never_sent_again():
    service = Service([(204, b""), (503, b"later")])
    with started(service) as handler:
        handler.handle_metric(
            [metric.Instance(name="m", value=1), metric.Instance(name="m", value=2)]
        )
        with pytest.raises(UnavailableError, match="HTTP 503: later"):
            handler.handle_metric([metric.Instance(name="m", value=3)])
    values = [[one["value"] for one in body["instances"]] for body in service.bodies()]
    assert values == [[1, 2], [3]]


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_check_is_made_again_with_the_same_id(status):
    service = Service([(status, b""), {"allow": True, "uses": 9}])
    with started(service) as handler:
        assert handler.handle_checknothing(VISIT) == CheckResult(valid_use_count=9)
    first, second = service.bodies()
    assert first == second


@pytest.mark.parametrize("status", [408, 429])
def test_a_service_that_is_busy_is_not_asked_again(status):
    service = Service((status, b""))
    with started(service) as handler, pytest.raises(UnavailableError, match=str(status)):
        handler.handle_checknothing(VISIT)
    assert len(service.requests) == 1


def test_retries_have_a_budget():
    # as in remote: 10 saved up, 19 earned
    service = Service((503, b""))
    with started(service, retry_percent=20) as handler:
        for _ in range(100):
            with pytest.raises(UnavailableError):
                handler.handle_checknothing(VISIT)
    assert len(service.requests) == 129


def test_calls_are_signed(tmp_path):
    (tmp_path / "key").write_text("sesame\n")
    service, clock = Service(ALLOW), FakeClock()
    with started(service, clock, signing_key=str(tmp_path / "key")) as handler:
        handler.handle_checknothing(VISIT)
    ((_, headers, body),) = service.requests
    # 2019-06-01T10:00:00Z
    assert headers["x-mixer-timestamp"] == "1559383200"
    wanted = hmac.new(b"sesame", b"1559383200." + body, hashlib.sha256).hexdigest()
    assert headers["x-mixer-signature"] == f"sha256={wanted}"


def test_a_token_goes_with_each_call_and_is_read_again(tmp_path):
    file = tmp_path / "token"
    file.write_text("first")
    service, clock = Service(ALLOW), FakeClock()
    with started(service, clock, token=Token(path=str(file))) as handler:
        handler.handle_checknothing(VISIT)
        file.unlink()
        clock.advance(1)
        handler.handle_checknothing(VISIT)
        file.write_text("the second")
        clock.advance(1)
        handler.handle_checknothing(VISIT)
    assert [headers["authorization"] for _, headers, _ in service.requests] == [
        "Bearer first",
        "Bearer first",
        "Bearer the second",
    ]


@pytest.mark.parametrize("content", ["", "two\nlines", "\x00", "ü"])
def test_a_token_that_is_none_is_told_when_the_handler_is_made(tmp_path, content):
    (tmp_path / "token").write_text(content)
    params = Params(url="http://localhost/", token=Token(path=str(tmp_path / "token")))
    with (
        pytest.raises(ValueError, match="token: want one line of printable ASCII"),
        start(INFO, params),
    ):
        pass


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """The certificate and key of the server, and of the client."""
    folder = tmp_path_factory.mktemp("tls")
    return certify(folder, "hook.test"), certify(folder, "mixer.test")


@contextmanager
def serving_tls(service, pair):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*pair[0])
    context.load_verify_locations(pair[1][0])
    context.verify_mode = ssl.CERT_REQUIRED
    with serving(service, context) as address:
        yield f"https://{address}/"


def test_both_sides_show_their_certificates(pair):
    (ca, _), (certificate, key) = pair
    tls = Tls(
        ca=str(ca),
        client_certificate=str(certificate),
        client_key=str(key),
        server_name="hook.test",
    )
    with (
        serving_tls(Service({"allow": True, "uses": 9}), pair) as url,
        start(INFO, Params(url=url, timeout=LONG, tls=tls)) as handler,
    ):
        assert handler.handle_checknothing(VISIT) == CheckResult(valid_use_count=9)


@pytest.mark.parametrize("fault", ["no certificate", "another name", "another authority"])
def test_who_is_not_the_right_one_is_not_talked_to(pair, fault):
    (ca, _), (certificate, key) = pair
    tls = Tls(
        ca=str(certificate if fault == "another authority" else ca),
        client_certificate="" if fault == "no certificate" else str(certificate),
        client_key="" if fault == "no certificate" else str(key),
        server_name="other.test" if fault == "another name" else "hook.test",
    )
    service = Service(ALLOW)
    with (
        serving_tls(service, pair) as url,
        start(INFO, Params(url=url, timeout=LONG, tls=tls)) as handler,
        pytest.raises(UnavailableError),
    ):
        handler.handle_checknothing(VISIT)
    assert service.requests == []
