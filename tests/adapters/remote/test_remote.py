"""How a back end is called: deadlines, retries, sessions, tokens and TLS."""

import base64
import gzip
from collections import deque
from contextlib import contextmanager
from dataclasses import replace

import grpc
import pytest
from google.protobuf import descriptor_pb2

from adapters.call_out import Tls, Token
from adapters.remote import INFO, Params
from mixer.adapter import (
    CheckResult,
    Duration,
    InstanceType,
    QuotaArgs,
    UnavailableError,
    ValueType,
)
from mixer.adapter.testing import BackendBattery, FakeClock, ParamsRefusedError, start
from mixer.errors import MixerError
from mixer.template import checknothing, metric, quota
from protos.mixer.adapter.v1beta1 import model_pb2 as model
from protos.mixer.template import checknothing_pb2, metric_pb2
from tests.adapters.remote.backend import SESSIONS, Backend, Refusal, serving
from tests.certificates import certify

CHECK = "/checknothing.HandleCheckNothingService/HandleCheckNothing"
METRIC = "/metric.HandleMetricService/HandleMetric"
QUOTA = "/quota.HandleQuotaService/HandleQuota"
AWAY = Refusal(grpc.StatusCode.UNAVAILABLE, "not now")
VISIT = checknothing.Instance(name="visit")
LONG = Duration.parse("10s")


@contextmanager
def started(backend, clock=None, instances=None, **params):
    with (
        serving(backend) as address,
        start(
            INFO,
            Params(address=address, timeout=LONG, **params),
            clock=clock,
            instances=instances or {},
        ) as handler,
    ):
        yield handler


def forgetful(answers):
    return Backend(answers, calls=deque(maxlen=1), metadata=deque(maxlen=1))


class TestRemote(BackendBattery):
    info = INFO
    bad_params = (
        Params(),
        Params(address="nowhere"),
        Params(address="a:1", timeout=Duration(0)),
        Params(address="a:1", retry_percent=101),
        Params(address="a:1", max_answer_bytes=0),
        Params(address="a:1", config="no descriptor"),
        Params(address="a:1", params={"a": object()}),
        Params(address="a:1", tls=Tls(client_key="k")),
        Params(address="a:1", token=Token(path="t")),
        Params(address="localhost:1", token=Token()),
        Params(address="localhost:1", token=Token(path="t", header="Content Type")),
    )

    def backend(self):
        return serving(forgetful({CHECK: b""}))

    def params_for(self, address):
        return Params(address=address, timeout=Duration.parse("3s"))

    def ask(self, handler):
        return handler.handle_checknothing(VISIT)


class TestRemoteWithSessions(TestRemote):
    def backend(self):
        answers = {
            CHECK: b"",
            f"{SESSIONS}/Validate": b"",
            f"{SESSIONS}/CreateSession": b"\x0a\x01s",
            f"{SESSIONS}/CloseSession": b"",
        }
        return serving(forgetful(answers))

    def params_for(self, address):
        return replace(super().params_for(address), session_based=True)


def test_a_check_that_finds_the_back_end_unavailable_is_made_again():
    backend = Backend({CHECK: [AWAY, b"\x18\x09"]})
    with started(backend) as handler:
        assert handler.handle_checknothing(VISIT) == CheckResult(valid_use_count=9)
    first, second = backend.requests(CHECK)
    assert first == second


def test_a_quota_that_is_asked_for_again_has_the_same_id():
    backend = Backend({QUOTA: AWAY})
    with started(backend) as handler, pytest.raises(UnavailableError, match="UNAVAILABLE: not now"):
        handler.handle_quota(quota.Instance(name="q"), QuotaArgs("", 1, best_effort=False))
    first, second = backend.requests(QUOTA)
    assert first == second


def test_a_report_is_never_sent_again():
    backend = Backend({METRIC: AWAY})
    with started(backend) as handler, pytest.raises(UnavailableError):
        handler.handle_metric([metric.Instance(name="m")])
    assert len(backend.calls) == 1


def test_retries_have_a_budget():
    # 10 are saved up from the start, and 100 calls at 20 percent earn 20 more, but for those that
    # a full purse can't hold: the first call's 0.2
    backend = Backend({CHECK: AWAY})
    with started(backend, retry_percent=20) as handler:
        for _ in range(100):
            with pytest.raises(UnavailableError):
                handler.handle_checknothing(VISIT)
    assert len(backend.calls) == 100 + 10 + 19


def test_without_a_budget_nothing_is_sent_again():
    backend = Backend({CHECK: AWAY})
    with started(backend, retry_percent=0) as handler, pytest.raises(UnavailableError):
        handler.handle_checknothing(VISIT)
    assert len(backend.calls) == 1


@pytest.mark.parametrize(
    ("code", "is_away"),
    [
        (grpc.StatusCode.RESOURCE_EXHAUSTED, True),
        (grpc.StatusCode.DEADLINE_EXCEEDED, True),
        (grpc.StatusCode.UNIMPLEMENTED, False),
        (grpc.StatusCode.INTERNAL, False),
        (grpc.StatusCode.PERMISSION_DENIED, False),
    ],
)
def test_only_a_back_end_in_trouble_counts_as_unavailable(code, is_away):
    backend = Backend({CHECK: Refusal(code, "so")})
    with started(backend) as handler, pytest.raises(MixerError, match=f"{code.name}: so") as raised:
        handler.handle_checknothing(VISIT)
    assert isinstance(raised.value, UnavailableError) is is_away
    assert len(backend.calls) == 1


@pytest.mark.parametrize(
    ("method", "arguments", "answers", "message"),
    [
        # valid_use_count 3: -1
        (
            "handle_checknothing",
            (VISIT,),
            {CHECK: b"\x18" + b"\xff" * 9 + b"\x01"},
            "must not be negative",
        ),
        # a length that ends after the answer
        ("handle_checknothing", (VISIT,), {CHECK: b"\x0a\x05"}, "INTERNAL"),
        (
            "handle_checknothing",
            (VISIT,),
            {CHECK: b"\x0a" + b"\x00" * 70_000},
            "RESOURCE_EXHAUSTED",
        ),
        (
            "handle_quota",
            (quota.Instance(name="q"), QuotaArgs("", 1, best_effort=False)),
            {QUOTA: b""},
            "the answer has no quota q",
        ),
    ],
)
def test_an_answer_that_is_none_is_an_error(method, arguments, answers, message):
    with started(Backend(answers)) as handler, pytest.raises(MixerError, match=message):
        getattr(handler, method)(*arguments)


def session_backend(**answers):
    created = iter("abcdefgh")
    backend = Backend({CHECK: b"", f"{SESSIONS}/Validate": b"", f"{SESSIONS}/CloseSession": b""})
    backend.answers[f"{SESSIONS}/CreateSession"] = [
        b"\x0a\x01" + next(created).encode() for _ in "xyz"
    ]
    backend.answers |= answers
    return backend


def configs(backend):
    """What went with each check."""
    return [
        (request.adapter_config.type_url, request.adapter_config.value)
        for request in map(
            checknothing_pb2.HandleCheckNothingRequest.FromString, backend.requests(CHECK)
        )
    ]


def test_a_session_is_made_once_and_closed_at_the_end():
    backend = session_backend()
    types = {"m": InstanceType(template="metric", fields={"dimensions": {"d": ValueType.INT64}})}
    with started(backend, session_based=True, params={"k": "v"}, instances=types) as handler:
        assert backend.calls == []
        handler.handle_checknothing(VISIT)
        handler.handle_checknothing(VISIT)
    assert [path.rpartition("/")[2] for path, _ in backend.calls] == [
        "Validate",
        "CreateSession",
        "HandleCheckNothing",
        "HandleCheckNothing",
        "CloseSession",
    ]
    assert configs(backend) == [("google.protobuf.Any.type_url", b"a")] * 2
    told = model.CreateSessionRequest.FromString(backend.calls[1][1])
    assert told.adapter_config.type_url == "type.googleapis.com/google.protobuf.Struct"
    kind = metric_pb2.Type()
    assert told.inferred_types["m"].Unpack(kind)
    assert dict(kind.dimensions) == {"d": ValueType.INT64}
    assert backend.calls[0][1] == backend.calls[1][1]
    assert backend.calls[-1][1] == b"\x0a\x01a"


def test_a_back_end_that_has_forgotten_its_session_gets_a_new_one():
    backend = session_backend()
    backend.answers[CHECK] = [b"", Refusal(grpc.StatusCode.NOT_FOUND), b"\x18\x09"]
    with started(backend, session_based=True) as handler:
        handler.handle_checknothing(VISIT)
        assert handler.handle_checknothing(VISIT) == CheckResult(valid_use_count=9)
    assert [value for _, value in configs(backend)] == [b"a", b"a", b"b"]


def test_a_back_end_without_sessions_is_called_without_one():
    backend = Backend({CHECK: [b"", b""]})
    with started(backend, session_based=True, params={"k": "v"}) as handler:
        handler.handle_checknothing(VISIT)
        handler.handle_checknothing(VISIT)
    assert [path for path, _ in backend.calls] == [f"{SESSIONS}/Validate", CHECK, CHECK]
    assert configs(backend) == [("", b"")] * 2


def test_a_back_end_may_refuse_its_params():
    # status 1 { code 1: 3, message 2 "bad" }
    backend = session_backend(
        **{f"{SESSIONS}/Validate": bytes.fromhex("0a 07 08 03 12 03 62 61 64")}
    )
    with (
        started(backend, session_based=True) as handler,
        pytest.raises(MixerError, match="the back end refuses its params: INVALID_ARGUMENT: bad"),
    ):
        handler.handle_checknothing(VISIT)
    assert [path for path, _ in backend.calls] == [f"{SESSIONS}/Validate"]


def descriptors(compress=bytes):
    """`message Params { int64 limit = 1; }` in package own, as Mixer's adapter resources have it."""
    file = descriptor_pb2.FileDescriptorProto(name="own.proto", package="own", syntax="proto3")
    field = file.message_type.add(name="Params").field.add(name="limit", number=1)
    field.type, field.label = field.TYPE_INT64, field.LABEL_OPTIONAL
    content = descriptor_pb2.FileDescriptorSet(file=[file]).SerializeToString()
    return base64.b64encode(compress(content)).decode()


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_a_back_end_gets_its_params_as_its_own_message(compress):
    backend = Backend({CHECK: b""})
    with started(backend, params={"limit": 5}, config=descriptors(compress)) as handler:
        handler.handle_checknothing(VISIT)
    assert configs(backend) == [("type.googleapis.com/own.Params", b"\x08\x05")]


def test_params_that_do_not_fit_their_message_are_refused():
    params = Params(address="a:1", params={"limits": 5}, config=descriptors())
    with (
        pytest.raises(ParamsRefusedError, match='params: .*no field named "limits"'),
        start(INFO, params),
    ):
        pass


def test_a_token_goes_with_each_call_and_is_read_again(tmp_path):
    file = tmp_path / "token"
    file.write_text("first\n")
    backend, clock = Backend({CHECK: b""}), FakeClock()
    with started(backend, clock, token=Token(path=str(file))) as handler:
        handler.handle_checknothing(VISIT)
        file.write_text("the second\n")
        handler.handle_checknothing(VISIT)
        clock.advance(1)
        handler.handle_checknothing(VISIT)
        file.write_text("")
        clock.advance(1)
        handler.handle_checknothing(VISIT)
    assert [one["authorization"] for one in backend.metadata] == [
        "Bearer first",
        "Bearer first",
        "Bearer the second",
        "Bearer the second",
    ]


def test_a_token_may_have_a_header_of_its_own(tmp_path):
    (tmp_path / "token").write_text("secret")
    backend = Backend({CHECK: b""})
    token = Token(path=str(tmp_path / "token"), header="x-key", scheme="")
    with started(backend, token=token) as handler:
        handler.handle_checknothing(VISIT)
    assert backend.metadata[0]["x-key"] == "secret"


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """The certificate and key of the server, and of the client."""
    folder = tmp_path_factory.mktemp("tls")
    return certify(folder, "backend.test"), certify(folder, "mixer.test")


@contextmanager
def serving_tls(backend, pair):
    (certificate, key), (client, _) = pair
    credentials = grpc.ssl_server_credentials(
        [(key.read_bytes(), certificate.read_bytes())],
        client.read_bytes(),
        require_client_auth=True,
    )
    with serving(backend, credentials) as address:
        yield address


def test_both_sides_show_their_certificates(pair):
    (ca, _), (certificate, key) = pair
    backend = Backend({CHECK: b"\x18\x09"})
    tls = Tls(
        ca=str(ca),
        client_certificate=str(certificate),
        client_key=str(key),
        server_name="backend.test",
    )
    with (
        serving_tls(backend, pair) as address,
        start(INFO, Params(address=address, timeout=LONG, tls=tls)) as handler,
    ):
        assert handler.handle_checknothing(VISIT) == CheckResult(valid_use_count=9)


@pytest.mark.parametrize("fault", ["no certificate", "another name", "another authority"])
def test_who_is_not_the_right_one_is_not_talked_to(pair, fault):
    (ca, _), (certificate, key) = pair
    backend = Backend({CHECK: b""})
    tls = Tls(
        ca=str(certificate if fault == "another authority" else ca),
        client_certificate="" if fault == "no certificate" else str(certificate),
        client_key="" if fault == "no certificate" else str(key),
        server_name="other.test" if fault == "another name" else "backend.test",
    )
    with (
        serving_tls(backend, pair) as address,
        start(INFO, Params(address=address, timeout=LONG, tls=tls)) as handler,
        pytest.raises(UnavailableError),
    ):
        handler.handle_checknothing(VISIT)
    assert backend.calls == []


def test_a_certificate_that_is_not_there_is_told_when_the_handler_is_made(tmp_path):
    params = Params(address="a:1", tls=Tls(ca=str(tmp_path / "none.pem")))
    with pytest.raises(OSError, match="none.pem"), start(INFO, params):
        pass
