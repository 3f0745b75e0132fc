"""envoy.service.ratelimit.v3: bytes in, bytes out, without any transport."""

import pytest
from envoy.service.ratelimit.v3.rls_pb2 import RateLimitRequest, RateLimitResponse
from google.protobuf.json_format import MessageToDict, ParseDict

from mixer.adapter import QuotaArgs, QuotaLimit, QuotaResult, QuotaState, Status
from mixer.api import rate_limit_v3
from mixer.api.throttle import admit_all
from mixer.errors import DispatchError, OverloadedError, RequestError
from tests.integration.documents import handler, instance, rule
from tests.integration.spy import Spy, runtime_of

STATE = QuotaState(max_amount=10, window_s=60.0, remaining=3, reset_s=12.25)
HEADERS = {"RateLimit-Limit": "10, 10;w=60", "RateLimit-Remaining": "3", "RateLimit-Reset": "13"}
LIMIT = {
    "currentLimit": {"name": "calls", "requestsPerUnit": 10, "unit": "MINUTE"},
    "limitRemaining": 3,
    "durationUntilReset": "12.250s",
}
DOCUMENTS = (
    handler("h"),
    instance("calls", "quota"),
    instance("other", "quota"),
    rule("calls", ("h", "calls"), match='source.name != "nobody"'),
    rule("other", ("other", "other"), match='source.name == "both"'),
    handler("other"),
)


def spy_of(*answers):
    """A spy whose handler `h` gives these answers, one after the other."""
    given = iter(answers)
    return Spy(
        answers={"h.istio-system": lambda *_: next(given), "other.istio-system": QuotaResult()}
    )


def granted(amount, state=STATE):
    return QuotaResult(amount=amount, valid_duration_s=60.0, state=state)


def descriptor(entries=None, **more):
    listed = [{"key": key, "value": value} for key, value in (entries or {}).items()]
    return {"entries": listed, **more}


def ask(spy, *descriptors, admit=admit_all, documents=DOCUMENTS, **fields):
    request = ParseDict(
        {"domain": "edge", "descriptors": descriptors, **fields}, RateLimitRequest()
    )
    dispatcher = runtime_of(spy, *documents).dispatcher
    data = rate_limit_v3.should_rate_limit(request.SerializeToString(), dispatcher, admit)
    answer = MessageToDict(RateLimitResponse.FromString(data))
    headers = answer.pop("responseHeadersToAdd", [])
    return answer, {header["key"]: header["value"] for header in headers}


def sent(spy):
    return [args for _, args in spy.asked("h.istio-system")]


CALLER = {"source.name": "a"}


def test_a_grant_is_ok_and_tells_of_the_limit():
    answer, headers = ask(spy_of(granted(1)), descriptor(CALLER))
    assert answer == {"overallCode": "OK", "statuses": [{"code": "OK", **LIMIT}]}
    assert headers == HEADERS


def test_a_refusal_is_over_limit_and_tells_of_the_limit():
    answer, headers = ask(spy_of(QuotaResult(state=STATE)), descriptor(CALLER))
    assert answer == {"overallCode": "OVER_LIMIT", "statuses": [{"code": "OVER_LIMIT", **LIMIT}]}
    assert headers == HEADERS


def test_a_refusal_in_words_is_over_limit():
    denial = granted(1)._replace(status=Status(code=8, message="used up"))
    answer, _ = ask(spy_of(denial), descriptor(CALLER))
    assert answer == {"overallCode": "OVER_LIMIT", "statuses": [{"code": "OVER_LIMIT", **LIMIT}]}


def test_where_no_quota_matches_all_is_ok_without_a_limit():
    answer, headers = ask(spy_of(), descriptor({"source.name": "nobody"}))
    assert answer == {"overallCode": "OK", "statuses": [{"code": "OK"}]}
    assert headers == {}


def test_a_handler_that_tells_no_state_gives_a_code_alone():
    answer, headers = ask(spy_of(granted(1, None), QuotaResult()), *[descriptor(CALLER)] * 2)
    assert answer["statuses"] == [{"code": "OK"}, {"code": "OVER_LIMIT"}]
    assert headers == {}


def test_one_descriptor_over_its_limit_is_enough_and_headers_tell_of_the_least_left():
    spent = QuotaState(max_amount=500, window_s=3600.0, remaining=0, reset_s=3000.0)
    answer, headers = ask(
        spy_of(granted(1), QuotaResult(state=spent), granted(1)), *[descriptor(CALLER)] * 3
    )
    assert answer["overallCode"] == "OVER_LIMIT"
    assert [status["code"] for status in answer["statuses"]] == ["OK", "OVER_LIMIT", "OK"]
    assert headers == {
        "RateLimit-Limit": "500, 500;w=3600",
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": "3000",
    }


def test_without_descriptors_all_is_ok():
    assert ask(spy_of()) == ({"overallCode": "OK"}, {})


# What the request and its descriptor say, and how much is asked for.
ADDENDS = [
    ({}, {}, 1),
    ({"hitsAddend": 0}, {}, 1),
    ({"hitsAddend": 7}, {}, 7),
    ({"hitsAddend": 7}, {"hitsAddend": 3}, 3),
    ({"hitsAddend": 7}, {"hitsAddend": 0}, 0),
]


@pytest.mark.parametrize(("request_fields", "descriptor_fields", "amount"), ADDENDS)
def test_hits_addend_is_what_is_asked_for(request_fields, descriptor_fields, amount):
    spy = spy_of(granted(amount))
    ask(spy, descriptor(CALLER, **descriptor_fields), **request_fields)
    assert sent(spy) == [QuotaArgs("", amount, best_effort=False, wants_state=True)]


def test_part_of_what_was_asked_for_is_not_enough():
    answer, _ = ask(
        spy_of(granted(3)._replace(amount=3), QuotaResult()), descriptor(CALLER, hitsAddend=5)
    )
    assert answer["overallCode"] == "OVER_LIMIT"


@pytest.mark.parametrize(("remaining", "code"), [(1, "OK"), (0, "OVER_LIMIT")])
def test_a_look_is_over_limit_when_nothing_is_left(remaining, code):
    looked = QuotaResult(state=STATE._replace(remaining=remaining))
    answer, _ = ask(spy_of(looked), descriptor(CALLER, hitsAddend=0))
    assert answer["overallCode"] == code


UNITS = [
    ("SECOND", 1),
    ("MINUTE", 60),
    ("HOUR", 3600),
    ("DAY", 86_400),
    ("MONTH", 2_592_000),
    ("YEAR", 31_536_000),
]


@pytest.mark.parametrize(("unit", "window_s"), UNITS)
def test_a_limit_in_the_descriptor_goes_to_the_handler_and_its_unit_comes_back(unit, window_s):
    spy = spy_of(granted(1, STATE._replace(window_s=float(window_s))))
    answer, _ = ask(spy, descriptor(CALLER, limit={"requestsPerUnit": 42, "unit": unit}))
    assert sent(spy)[0].limit == QuotaLimit(42, window_s)
    assert answer["statuses"][0]["currentLimit"]["unit"] == unit


def test_a_limit_without_a_unit_breaks_the_protocol_and_nothing_is_counted():
    spy = spy_of(granted(1))
    with pytest.raises(RequestError, match="unknown unit 0"):
        ask(spy, descriptor(CALLER), descriptor(CALLER, limit={"requestsPerUnit": 42}))
    assert spy.calls == []


def test_a_window_that_is_no_unit_is_told_without_one():
    answer, headers = ask(spy_of(granted(1, STATE._replace(window_s=10.0))), descriptor(CALLER))
    assert answer["statuses"][0]["currentLimit"] == {"name": "calls", "requestsPerUnit": 10}
    assert headers["RateLimit-Limit"] == "10, 10;w=10"


def test_a_counter_has_neither_window_nor_reset():
    counter = STATE._replace(window_s=0.0, reset_s=0.0)
    answer, headers = ask(spy_of(granted(1, counter)), descriptor(CALLER))
    assert answer["statuses"][0]["durationUntilReset"] == "0s"
    assert headers == {
        "RateLimit-Limit": "10",
        "RateLimit-Remaining": "3",
        "RateLimit-Reset": "0",
    }


def test_numbers_beyond_the_wire_are_cut():
    huge = STATE._replace(max_amount=1 << 40, remaining=1 << 40)
    answer, _ = ask(spy_of(granted(1, huge)), descriptor(CALLER))
    assert answer["statuses"][0]["currentLimit"]["requestsPerUnit"] == (1 << 32) - 1
    assert answer["statuses"][0]["limitRemaining"] == (1 << 32) - 1


def test_an_entry_names_the_quota():
    both = {"source.name": "both"}
    named, _ = ask(spy_of(granted(1)), descriptor({**both, "quota": "calls"}))
    matched, _ = ask(spy_of(granted(1), QuotaResult(1)), descriptor(both))
    unknown, _ = ask(spy_of(), descriptor({**both, "quota": "none"}))
    assert [answer["overallCode"] for answer in (named, matched, unknown)] == [
        "OK",
        "OVER_LIMIT",  # the other quota refuses
        "OK",
    ]


def test_the_rules_of_the_named_namespace_apply():
    own = (
        handler("h", namespace="shop"),
        instance("calls", "quota", namespace="shop"),
        rule("calls", ("h", "calls"), namespace="shop"),
    )
    spy = spy_of()
    spy.answers["h.shop"] = QuotaResult()
    answer, _ = ask(spy, descriptor({"destination.namespace": "shop"}), documents=own)
    assert answer["overallCode"] == "OVER_LIMIT"


def test_a_handler_that_fails_gives_no_answer():
    spy = Spy(answers={"h.istio-system": ValueError("broken")})
    with pytest.raises(DispatchError, match=r"^h\.istio-system: ValueError: broken$"):
        ask(spy, descriptor(CALLER))


def test_a_request_costs_one_and_may_be_refused():
    costs = []
    ask(spy_of(granted(1), granted(1)), *[descriptor(CALLER)] * 2, admit=costs.append)
    assert costs == [1]

    def refuse(_cost):
        raise OverloadedError

    spy = spy_of()
    with pytest.raises(OverloadedError):
        ask(spy, descriptor(CALLER), admit=refuse)
    assert spy.calls == []


@pytest.mark.parametrize("data", [b"\x0a\xff", b"garbage", b"\x0a\x05abc"])
def test_bytes_that_are_no_request_are_refused(data):
    dispatcher = runtime_of(spy_of(), *DOCUMENTS).dispatcher
    with pytest.raises(RequestError, match="^error unmarshalling request: "):
        rate_limit_v3.should_rate_limit(data, dispatcher)


def test_of_a_key_that_comes_twice_the_last_counts():
    spy = spy_of()
    twice = [{"key": "source.name", "value": name} for name in ("a", "nobody")]
    answer, _ = ask(spy, {"entries": twice})
    assert answer == {"overallCode": "OK", "statuses": [{"code": "OK"}]}
    assert spy.calls == []
