"""Whatever comes in, the server answers with a status of its protocol, and lives."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.adapter import CheckResult, Duration, QuotaResult, Timestamp
from mixer.attribute.compressed_encode import encode
from mixer.attribute.dictionary import GLOBAL_WORDS
from mixer.runtime import Runtime
from protos.mixer.v1 import mixer_pb2
from tests.integration.documents import contents, generator, handler, instance, rule
from tests.integration.spy import Registry, Spy
from tests.integration.wire import (
    CHECK,
    REPORT,
    check_request,
    client_of,
    report_request,
    transport_of,
)

SOME = settings(max_examples=150)

MATCHES = (
    'source.name == "a" && request.size > 5',
    'request.headers["x"] == "1" || connection.mtls',
    'match(source.name, "a*") && connection.mtls == false',
    '(source.labels["app"]).startsWith("v") && my.rate < 0.5',
    'request.time >= timestamp("2000-01-01T00:00:00Z")',
    'source.ip == ip("10.0.0.1") || (request.size + 1) == 7',
    'conditional(request.size == 5, source.name, "x") == "x"',
    '(request.headers["x"] | source.name | "none").matches("^n.*e$")',
    'toLower(source.name) == "a" || size(source.name) > 3',
)
DIMENSIONS = {
    "name": 'source.name | "none"',
    "ip": 'source.ip | ip("1.1.1.1")',
    "size": "request.size | 0",
    "rate": "my.rate | 0.5",
    "mtls": "connection.mtls | false",
    "time": 'request.time | timestamp("2000-01-01T00:00:00Z")',
    "taken": 'response.duration | "7s"',
    "header": 'request.headers["x"] | "none"',
    "all": "request.headers",
}
SCALARS = {name: text for name, text in DIMENSIONS.items() if name != "all"}
LIMIT = {"name": "rc.instance.istio-system", "maxAmount": 1000, "validDuration": "1s"}


def everything(folder):
    """A configuration that reads every attribute in every way."""
    prepared = [
        handler("log", "stdio", logStream="FILE", outputPath=f"{folder}/log"),
        handler("names", "listchecker", overrides=["a", "b"], blacklist=True),
        handler("addresses", "listchecker", overrides=["10.0.0.0/8"], entryType="IP_ADDRESSES"),
        handler("limits", "memquota", quotas=[LIMIT]),
        handler("owners", "lookup", table={"a": {"value": "shop"}}),
        generator("owner", 'source.name | "nobody"', source__owner='$out.value | "nobody"'),
        instance("name", "listentry", value='source.name | "none"'),
        instance("address", "listentry", value='source.ip | ip("10.0.0.1")'),
        instance("rc", "quota", dimensions=SCALARS),
        instance("line", "logentry", variables=DIMENSIONS, timestamp="request.time"),
        instance("sample", "metric", value="request.size", dimensions=SCALARS),
        rule("gen", ("owners", "owner")),
        rule("limits", ("limits", "rc")),
        rule("report", ("log", "line", "sample")),
        rule("headers", requestHeaderOperations=[{"name": "x", "values": ["source.owner"]}]),
    ]
    checks = [
        rule(f"m{n}", ("names", "name"), ("addresses", "address"), match=match)
        for n, match in enumerate(MATCHES)
    ]
    return contents(*prepared, *checks)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("robust")
    runtime = Runtime(Registry())
    runtime.apply(everything(folder))
    with transport_of(runtime, folder) as transport, client_of(transport.address) as client:
        yield client


def assert_is_answered(client, method, request):
    """The answer is one of those that the protocol knows; no fault of the server's own."""
    answer = client.send(method, request)
    if isinstance(answer, bytes):
        kind = mixer_pb2.CheckResponse if method == CHECK else mixer_pb2.ReportResponse
        kind.FromString(answer)
    else:
        code, text = answer
        assert code in {"INTERNAL"} | ({"UNKNOWN"} if method == REPORT else set()), answer
        assert text != "internal error", request.hex()


@SOME
@given(data=st.binary(max_size=300), method=st.sampled_from([CHECK, REPORT]))
def test_random_bytes_are_answered(client, data, method):
    assert_is_answered(client, method, data)


BAG = {
    "source.name": "a",
    "source.ip": b"\x0a\x00\x00\x01",
    "request.headers": {"x": "1", "y": "2"},
    "request.size": 6,
    "request.time": Timestamp(1_577_934_245_000_000_000),
    "response.duration": Duration(1_500_000),
    "connection.mtls": True,
    "my.rate": 0.25,
}
VALID = {
    CHECK: check_request(BAG, quotas={"rc": {"amount": 1}}, deduplication_id="id"),
    REPORT: report_request(BAG, {"source.name": "b"}),
}


@st.composite
def mutations(draw):
    """A valid request with a few bytes changed, added or taken away."""
    method = draw(st.sampled_from([CHECK, REPORT]))
    data = bytearray(VALID[method])
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 3))
        data[start : start + length] = draw(st.binary(max_size=3))
    return method, bytes(data)


@SOME
@given(mutation=mutations())
def test_a_request_that_was_damaged_is_answered(client, mutation):
    assert_is_answered(client, *mutation)


WORDS = st.text(max_size=8) | st.sampled_from(["a", "x", "10.0.0.1", "2000-01-01T00:00:00Z"])
INT64 = st.integers(-(2**63), 2**63 - 1)
VALUES = st.one_of(
    WORDS,
    INT64,
    st.floats(),
    st.booleans(),
    st.binary(max_size=17),
    st.integers(-62_135_596_800, 253_402_300_799).map(lambda s: Timestamp(s * 10**9)),
    st.integers(-315_576_000_000, 315_576_000_000).map(lambda s: Duration(s * 10**9)),
    st.dictionaries(WORDS, WORDS, max_size=3),
)
NAMES = st.sampled_from([*BAG, "source.owner", "source.labels", "context.reporter.kind"])
BAGS = st.dictionaries(NAMES | WORDS, VALUES, max_size=8)
WORD_COUNTS = st.sampled_from([0, 20, len(GLOBAL_WORDS)])


@SOME
@given(bag=BAGS, count=WORD_COUNTS, amount=INT64, quota=WORDS | st.just("rc"))
def test_a_check_of_any_attributes_of_any_types_is_answered(client, bag, count, amount, quota):
    request = mixer_pb2.CheckRequest(
        attributes=encode(bag, count),
        global_word_count=count,
        quotas={quota: mixer_pb2.CheckRequest.QuotaParams(amount=amount, best_effort=amount % 2)},
    )
    assert_is_answered(client, CHECK, request.SerializeToString())


@SOME
@given(
    bags=st.lists(BAGS, max_size=4), semantics=st.integers(0, 2), words=st.lists(WORDS, max_size=3)
)
def test_a_report_of_any_attributes_of_any_types_is_answered(client, bags, semantics, words):
    request = mixer_pb2.ReportRequest(
        attributes=map(encode, bags),
        default_words=words,
        repeated_attributes_semantics=semantics,
        global_word_count=len(GLOBAL_WORDS),
    )
    assert_is_answered(client, REPORT, request.SerializeToString())


def test_after_all_that_a_good_request_is_answered_as_ever(client):
    answer = client.check(BAG, quotas={"rc": {"amount": 1}})
    assert answer.precondition.status.code in {5, 7}
    assert client.send(REPORT, report_request(BAG)) == b""


FAULTS = (ValueError("no"), KeyError(), RecursionError(), None, "text", 5, {}, QuotaResult())


@settings(max_examples=60)
@given(faults=st.lists(st.sampled_from([*FAULTS, CheckResult()]), min_size=1, max_size=6))
def test_an_adapter_that_fails_costs_just_the_requests_in_which_it_failed(spied, faults):
    spy, client = spied
    for fault in faults:
        spy.answers["h.istio-system"] = fault
        answer = client.send(CHECK, check_request({}))
        assert isinstance(answer, bytes) is (fault == CheckResult() and type(fault) is CheckResult)


@pytest.fixture(scope="module")
def spied(tmp_path_factory):
    """A spy, and a client of the server that asks it."""
    spy = Spy()
    runtime = Runtime(Registry(spy.info))
    runtime.apply(contents(handler("h"), instance("i"), rule("r", ("h", "i"))))
    with (
        transport_of(runtime, tmp_path_factory.mktemp("spied")) as transport,
        client_of(transport.address) as client,
    ):
        yield spy, client
