"""What goes over the wire, byte by byte, as Mixer's protocol numbers it.

The bytes were worked out by hand from the protocol: a key is `number << 3 | kind`, kinds 0 for
varints, 1 for eight bytes, 2 for what has a length.
"""

import pytest

from adapters.remote import INFO, Params
from mixer.adapter import (
    CheckResult,
    DirectHttpResponse,
    Duration,
    InstanceType,
    QuotaArgs,
    QuotaResult,
    Status,
    Timestamp,
    ValueType,
)
from mixer.adapter.testing import start
from mixer.template import authorization, checknothing, listentry, lookup, metric, quota, tracespan
from tests.adapters.remote.backend import Backend, serving

# The key of `name`: 72295727 << 3 | 2 = 578365818, seven bits a byte, the lowest first.
NAME = bytes.fromhex("fa d2 e4 93 02")
LIST = "/listentry.HandleListEntryService/HandleListEntry"
QUOTA = "/quota.HandleQuotaService/HandleQuota"
METRIC = "/metric.HandleMetricService/HandleMetric"
CHECK = "/checknothing.HandleCheckNothingService/HandleCheckNothing"


@pytest.fixture
def backend():
    return Backend()


@pytest.fixture
def ask(backend):
    """Makes a call of a handler that talks to the back end."""

    def ask(method, *arguments, instances=None, **params):
        with (
            serving(backend) as address,
            start(INFO, Params(address=address, **params), instances=instances or {}) as handler,
        ):
            return getattr(handler, method)(*arguments)

    return ask


def fields(message):
    """The fields of a message as numbers and bytes, in any order: a reader of its own."""
    found, position = [], 0

    def varint():
        nonlocal position
        value = shift = 0
        while True:
            byte = message[position]
            position += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while position < len(message):
        number, kind = divmod(varint(), 8)
        if kind == 0:
            found.append((number, varint()))
            continue
        size = 8 if kind == 1 else varint()
        found.append((number, message[position : position + size]))
        position += size
    return found


def test_the_name_of_an_instance_has_the_number_72295727():
    assert fields(NAME + b"\x01x") == [(72295727, b"x")]


def test_a_list_entry_is_sent_as_mixer_sends_it(backend, ask):
    backend.answers[LIST] = b""
    ask("handle_listentry", listentry.Instance(name="n", value="abc"))
    ((path, request),) = backend.calls
    (instance, dedup) = fields(request)
    # instance 1 { value 1 { string_value 1 "abc" }, name "n" }, dedup_id 3
    assert (path, instance) == (LIST, (1, b"\x0a\x05\x0a\x03abc" + NAME + b"\x01n"))
    assert dedup[0] == 3
    assert 0 <= int(dedup[1]) < 1 << 64


def test_every_call_has_an_id_of_its_own(backend):
    backend.answers[CHECK] = b""
    with serving(backend) as address, start(INFO, Params(address=address)) as handler:
        for _ in range(3):
            handler.handle_checknothing(checknothing.Instance(name="n"))
    first, second, third = (int(fields(request)[-1][1]) for _, request in backend.calls)
    assert (second - first) % 2**64 == (third - second) % 2**64 == 1


CHECK_RESULTS = [
    # nothing: OK, and nothing about its use
    ("", CheckResult()),
    # status 1 { code 1: 7, message 2: "no" }, valid_duration 2 { seconds 1: 5 }, valid_use_count 3: 9
    (
        "0a 06 08 07 12 02 6e 6f 12 02 08 05 18 09",
        CheckResult(Status(code=7, message="no"), 5.0, 9),
    ),
    # valid_duration 2 { nanos 2: 500 million = 0x1DCD6500 }
    ("12 06 10 80 ca b5 ee 01", CheckResult(valid_duration_s=0.5)),
]


@pytest.mark.parametrize(("answer", "result"), CHECK_RESULTS)
def test_the_answer_to_a_check_is_understood(backend, ask, answer, result):
    backend.answers[CHECK] = bytes.fromhex(answer)
    assert ask("handle_checknothing", checknothing.Instance(name="n")) == result


def test_a_direct_response_is_taken_from_the_details_of_the_status(backend, ask):
    url = b"type.googleapis.com/istio.policy.v1beta1.DirectHttpResponse"
    # code 1: 302 = 0xAE 0x02, body 2 "go", headers 3 { key 1 "l", value 2 "u" }
    response = bytes.fromhex("08 ae 02 12 02 67 6f 1a 06 0a 01 6c 12 01 75")
    detail = b"\x0a" + bytes([len(url)]) + url + b"\x12" + bytes([len(response)]) + response
    # code 1: 16, details 3
    status = b"\x08\x10\x1a" + bytes([len(detail)]) + detail
    backend.answers[CHECK] = b"\x0a" + bytes([len(status)]) + status
    direct = DirectHttpResponse(code=302, body="go", headers={"l": "u"})
    assert ask("handle_checknothing", checknothing.Instance(name="n")) == CheckResult(
        Status(code=16, direct_response=direct)
    )


def test_a_quota_is_asked_for_by_the_name_of_its_instance(backend, ask):
    # quotas 1 { key 1 "n", value 2 { valid_duration 2 { seconds 1: 60 }, granted_amount 3: 2 } }
    backend.answers[QUOTA] = bytes.fromhex("0a 0b 0a 01 6e 12 06 12 02 08 3c 18 02")
    instance = quota.Instance(name="n", dimensions={"d": 7})
    result = ask("handle_quota", instance, QuotaArgs("id-1", 3, best_effort=True))
    assert result == QuotaResult(amount=2, valid_duration_s=60.0)
    assert fields(backend.calls[0][1]) == [
        # dimensions 1 { key 1 "d", value 2 { int64_value 2: 7 } }
        (1, bytes.fromhex("0a 07 0a 01 64 12 02 10 07") + NAME + b"\x01n"),
        (3, b"id-1"),
        # quotas 1 { key 1 "n", value 2 { amount 1: 3, best_effort 2: true } }
        (4, bytes.fromhex("0a 09 0a 01 6e 12 04 08 03 10 01")),
    ]


def test_all_instances_of_a_report_go_in_one_call(backend, ask):
    backend.answers[METRIC] = b""
    instances = [
        metric.Instance(name="a", value=5, dimensions={"d": Duration.parse("5s")}),
        metric.Instance(name="b", value=1.5, monitored_resource_type="m"),
    ]
    ask("handle_metric", instances)
    ((_, request),) = backend.calls
    assert fields(request)[:2] == [
        # value 1 { int64_value 2: 5 },
        # dimensions 2 { key 1 "d", value 2 { duration_value 7 { value 1 { seconds 1: 5 } } } }
        (1, bytes.fromhex("0a 02 10 05 12 0b 0a 01 64 12 06 3a 04 0a 02 08 05") + NAME + b"\x01a"),
        # value 1 { double_value 3: 1.5 }, monitored_resource_type 3 "m"
        (1, bytes.fromhex("0a 09 19 00 00 00 00 00 00 f8 3f 1a 01 6d") + NAME + b"\x01b"),
    ]


VALUES = [
    # int64_value 2: -1 has ten bytes
    (-1, ValueType.INT64, "10 ff ff ff ff ff ff ff ff ff 01"),
    # bool_value 4: an absent false would be an absent value
    (False, ValueType.BOOL, "20 00"),
    # ip_address_value 5 { value 1 }
    (bytes([10, 0, 0, 1]), ValueType.IP_ADDRESS, "2a 06 0a 04 0a 00 00 01"),
    # timestamp_value 6 { value 1 { seconds 1: 1, nanos 2: 2 } }
    (Timestamp(1_000_000_002), ValueType.TIMESTAMP, "32 06 0a 04 08 01 10 02"),
    # dns_name_value 9 { value 1 "a" }
    ("a", ValueType.DNS_NAME, "4a 03 0a 01 61"),
    # uri_value 10 { value 1 "a" }
    ("a", ValueType.URI, "52 03 0a 01 61"),
    # string_map_value 11 { value 1 { key 1 "a", value 2 "b" } }
    ({"a": "b"}, ValueType.STRING_MAP, "5a 08 0a 06 0a 01 61 12 01 62"),
]


@pytest.mark.parametrize(("value", "kind", "expected"), VALUES)
def test_a_value_is_sent_as_its_type_wants_it(backend, ask, value, kind, expected):
    backend.answers[LIST] = b""
    types = {"n": InstanceType(template="listentry", fields={"value": kind})}
    ask("handle_listentry", listentry.Instance(name="n", value=value), instances=types)
    expected = bytes.fromhex(expected)
    sent = fields(fields(backend.calls[0][1])[0][1])
    assert sent == [(1, expected), (72295727, b"n")]


def test_what_the_configuration_leaves_out_is_not_sent(backend, ask):
    path = "/authorization.HandleAuthorizationService/HandleAuthorization"
    backend.answers[path] = b""
    instance = authorization.Instance(name="n", subject=authorization.Subject())
    ask("handle_authorization", instance)
    # subject 1, empty; no action
    assert fields(backend.calls[0][1])[0] == (1, b"\x0a\x00" + NAME + b"\x01n")


def test_a_span_has_the_numbers_of_the_original(backend, ask):
    path = "/tracespan.HandleTraceSpanService/HandleTraceSpan"
    backend.answers[path] = b""
    span = tracespan.Instance(
        name="n", trace_id="t", http_status_code=200, source_ip=b"\x01\x02\x03\x04"
    )
    ask("handle_tracespan", [span])
    assert fields(fields(backend.calls[0][1])[0][1]) == [
        (1, b"t"),
        (8, 200),
        (12, b"\x0a\x04\x01\x02\x03\x04"),
        (72295727, b"n"),
    ]


def test_a_generator_tells_what_the_back_end_knows(backend, ask):
    # value 1 "", fields 2 { key 1 "a", value 2 "b" }: what is there but empty is not absent
    path = "/lookup.HandleLookupService/HandleLookup"
    backend.answers[path] = bytes.fromhex("0a 00 12 06 0a 01 61 12 01 62")
    assert ask("generate_lookup", lookup.Instance(name="n", key="k")) == lookup.Output(
        value="", fields={"a": "b"}
    )
    backend.answers[path] = b""
    assert ask("generate_lookup", lookup.Instance(name="n", key="k")) == lookup.Output()


def test_params_go_with_every_call(backend, ask):
    backend.answers[CHECK] = b""
    ask("handle_checknothing", checknothing.Instance(name="n"), params={"a": "b"})
    _, (number, config), _ = fields(backend.calls[0][1])
    url = b"type.googleapis.com/google.protobuf.Struct"
    # fields 1 { key 1 "a", value 2 { string_value 3 "b" } }
    assert (number, fields(config)) == (
        2,
        [(1, url), (2, bytes.fromhex("0a 08 0a 01 61 12 03 1a 01 62"))],
    )
