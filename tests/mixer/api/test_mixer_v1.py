"""istio.mixer.v1: bytes in, bytes out, without any transport."""

import pytest

from mixer.adapter import CheckResult, QuotaArgs, QuotaResult, Status
from mixer.api import mixer_v1
from mixer.attribute.compressed_encode import encode
from mixer.errors import DispatchError, OverloadedError, RequestError
from protos.mixer.v1 import mixer_pb2
from tests.integration.documents import handler, instance, rule
from tests.integration.spy import Spy, runtime_of
from tests.integration.wire import check_request, report_request

SIZES = (
    handler("h"),
    instance("size", "metric", value="request.size | 99"),
    rule("r", ("h", "size")),
)


def dispatcher_of(spy, *documents):
    return runtime_of(spy, *documents).dispatcher


def answer(spy, *documents, attributes=None, **fields):
    request = check_request(attributes or {}, **fields)
    body = mixer_v1.check(request, dispatcher_of(spy, *documents))
    return mixer_pb2.CheckResponse.FromString(body)


def reported(request):
    """What one handler was sent, in one call."""
    spy = Spy()
    assert mixer_v1.report(request, dispatcher_of(spy, *SIZES)) == b""
    return [[sample.value for sample in samples] for samples in spy.asked("h.istio-system")]


class Costs(list):
    """Takes note of what requests cost."""

    def __call__(self, cost):
        self.append(cost)


def refuse(_cost):
    raise OverloadedError


@pytest.mark.parametrize("data", [b"\x0a\xff", b"garbage", b"\x00", b"\x0a\x05abc"])
@pytest.mark.parametrize("method", [mixer_v1.check, mixer_v1.report])
def test_bytes_that_are_no_request_are_refused(method, data):
    with pytest.raises(RequestError, match="^error unmarshalling request: "):
        method(data, dispatcher_of(Spy()))


@pytest.mark.parametrize("method", [mixer_v1.check, mixer_v1.report])
def test_no_bytes_are_an_empty_request(method):
    method(b"", dispatcher_of(Spy()))


CORRUPT = [
    # field 0 in an entry of `strings`
    b"\x12\x04\x00\x04\x10\x01",
    # and of a string map
    b"\x4a\x08\x08\x1e\x12\x04\x0a\x02\x00\x04",
]


def enclosed(*sets):
    """The sets as field 1 of a request."""
    return b"".join(b"\x0a" + bytes([len(one)]) + one for one in sets)


@pytest.mark.parametrize("message", CORRUPT)
def test_a_set_with_entries_that_are_none_is_refused(message):
    dispatcher = dispatcher_of(Spy(), *SIZES)
    with pytest.raises(RequestError, match="^error unmarshalling"):
        mixer_v1.check(enclosed(message), dispatcher)
    for semantics in (b"", b"\x20\x01"):
        with pytest.raises(RequestError, match="^error unmarshalling"):
            mixer_v1.report(enclosed(message) + semantics, dispatcher)
    with pytest.raises(RequestError, match="^error unmarshalling"):
        mixer_v1.report(enclosed(b"", message) + b"\x20\x01", dispatcher)


@pytest.mark.parametrize("message", CORRUPT)
def test_so_is_a_later_set_of_a_delta_report(message):
    with pytest.raises(RequestError, match="^error unmarshalling"):
        mixer_v1.report(enclosed(b"", message), dispatcher_of(Spy(), *SIZES))


TIMES = [
    ("timestamps", {"seconds": 0, "nanos": -1}),
    ("timestamps", {"seconds": 0, "nanos": 1_000_000_000}),
    ("timestamps", {"seconds": 253_402_300_800}),
    ("timestamps", {"seconds": -62_135_596_801}),
    ("durations", {"seconds": 315_576_000_001}),
    ("durations", {"seconds": 1, "nanos": -1}),
]


@pytest.mark.parametrize(("field", "value"), TIMES)
def test_times_out_of_range_make_a_request_undecodable(field, value):
    check = mixer_pb2.CheckRequest()
    slot = getattr(check.attributes, field)[24]
    for name, number in value.items():
        setattr(slot, name, number)
    report = mixer_pb2.ReportRequest(attributes=[encode({}), check.attributes, encode({})])
    spy = Spy()
    dispatcher = dispatcher_of(spy, *SIZES)

    with pytest.raises(RequestError):
        mixer_v1.check(check.SerializeToString(), dispatcher)
    for semantics in (0, 1):
        report.repeated_attributes_semantics = semantics
        with pytest.raises(RequestError):
            mixer_v1.report(report.SerializeToString(), dispatcher)
    assert spy.calls == []


@pytest.mark.parametrize("method", [mixer_v1.check, mixer_v1.report])
def test_a_client_may_know_fewer_global_words_but_not_more(method):
    message = mixer_pb2.CheckRequest if method is mixer_v1.check else mixer_pb2.ReportRequest
    dispatcher = dispatcher_of(Spy())
    for count in (0, 1, 111, 222):
        method(message(global_word_count=count).SerializeToString(), dispatcher)
    with pytest.raises(RequestError, match="mixer knows 222 words, caller knows 4000"):
        method(message(global_word_count=4000).SerializeToString(), dispatcher)


def test_a_refused_request_is_not_looked_at():
    spy = Spy()
    dispatcher = dispatcher_of(spy, *SIZES)
    with pytest.raises(
        OverloadedError, match="^Server is currently overloaded. Please try again.$"
    ):
        mixer_v1.check(check_request({}), dispatcher, refuse)
    with pytest.raises(OverloadedError):
        mixer_v1.report(report_request({}), dispatcher, refuse)
    assert spy.calls == []


def test_a_check_costs_1_and_a_report_as_much_as_it_has_sets():
    costs = Costs()
    dispatcher = dispatcher_of(Spy())
    mixer_v1.check(check_request({}), dispatcher, costs)
    mixer_v1.report(report_request(), dispatcher, costs)
    mixer_v1.report(report_request({}, {}, {}), dispatcher, costs)
    assert costs == [1, 0, 3]


def test_an_answer_has_status_durations_and_quotas():
    spy = Spy(
        answers={
            "c.istio-system": CheckResult(valid_duration_s=2.5, valid_use_count=7),
            "q.istio-system": QuotaResult(amount=3, valid_duration_s=0.25),
        }
    )
    response = answer(
        spy,
        handler("c"),
        handler("q"),
        instance("i"),
        instance("rc", "quota"),
        rule("r", ("c", "i"), ("q", "rc")),
        quotas={"rc": {"amount": 5, "best_effort": True}, "other": {"amount": 9}},
        deduplication_id="id-",
    )

    precondition = response.precondition
    assert precondition.valid_duration.ToMilliseconds() == 2500
    assert precondition.valid_use_count == 7
    assert {
        name: (quota.granted_amount, quota.valid_duration.ToMilliseconds(), quota.status.code)
        for name, quota in response.quotas.items()
    } == {"rc": (3, 250, 0), "other": (9, 60_000, 0)}
    ((_, arguments),) = spy.asked("q.istio-system")
    assert arguments == QuotaArgs("id-rc", 5, best_effort=True)


def test_a_quota_that_is_denied_has_a_status():
    denial = QuotaResult(status=Status(code=8, message="used up"))
    response = answer(
        Spy(answers={"q.istio-system": denial}),
        handler("q"),
        instance("rc", "quota"),
        rule("r", ("q", "rc")),
        quotas={"rc": {"amount": 5}},
    )
    quota = response.quotas["rc"]
    assert (quota.status.code, quota.status.message) == (8, "q.istio-system:used up")
    assert quota.granted_amount == 0


def test_a_denial_has_no_quotas():
    denial = CheckResult(status=Status(code=7))
    response = answer(
        Spy(answers={"c.istio-system": denial}),
        handler("c"),
        instance("i"),
        rule("r", ("c", "i")),
        quotas={"rc": {"amount": 5}},
    )
    assert response.precondition.status.code == 7
    assert len(response.quotas) == 0


FULL = {"request.size": 1}
DELTA, INDEPENDENT, UNKNOWN = 0, 1, 2


def test_in_a_delta_report_later_sets_change_the_first():
    request = report_request({"request.size": 1}, {}, {"request.size": 3}, {"source.name": "a"})
    assert reported(request) == [[1, 1, 3, 3]]


def test_in_an_independent_report_each_set_stands_for_itself():
    request = report_request(
        FULL, {}, {"request.size": 3}, repeated_attributes_semantics=INDEPENDENT
    )
    assert reported(request) == [[1, 99, 3]]


def test_a_report_of_an_unknown_encoding_is_accepted_and_dropped():
    assert reported(report_request(FULL, repeated_attributes_semantics=UNKNOWN)) == []


def test_a_report_without_sets_is_accepted():
    assert reported(report_request()) == []


def bad_index():
    message = encode({"request.size": 5})
    message.strings[2] = -9
    return message


def sent_with(message, semantics):
    """What is delivered of three sets of which the middle one is wrong, and the error."""
    spy = Spy()
    request = mixer_pb2.ReportRequest(
        attributes=[encode({"request.size": 1}), message, encode({"source.name": "a"})],
        repeated_attributes_semantics=semantics,
    )
    text = ""
    try:
        mixer_v1.report(request.SerializeToString(), dispatcher_of(spy, *SIZES))
    except DispatchError as error:
        text = str(error)
    return [[sample.value for sample in call] for call in spy.asked("h.istio-system")], text


def test_a_later_delta_set_with_a_bad_index_is_dropped_but_has_changed_the_state():
    assert sent_with(bad_index(), DELTA) == (
        [[1, 5]],
        "1 error occurred:\n\n* request could not be processed due to invalid attributes: "
        "attribute index -9 is not defined in the available dictionaries",
    )


def test_an_independent_set_with_a_bad_index_just_lacks_that_attribute():
    assert sent_with(bad_index(), INDEPENDENT) == ([[1, 5, 99]], "")


def test_a_name_in_two_maps_is_an_error_in_a_later_delta_set():
    twice = encode({"request.size": 5})
    twice.doubles[23] = 1.0  # request.size again
    delivered, text = sent_with(twice, DELTA)
    assert len(delivered[0]) == 2
    assert "duplicate attribute request.size" in text
    assert sent_with(twice, INDEPENDENT) == ([[1, 5, 99]], "")


def test_default_words_are_those_of_sets_without_words():
    request = mixer_pb2.ReportRequest(
        default_words=["my.rate", "x"], attributes=[{}, {"words": ["request.size"]}]
    )
    request.attributes[0].int64s[23] = 1
    request.attributes[1].int64s[-1] = 2
    assert reported(request.SerializeToString()) == [[1, 2]]
