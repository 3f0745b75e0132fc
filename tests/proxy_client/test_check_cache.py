from concurrent.futures import ThreadPoolExecutor

import pytest
from google.protobuf.duration_pb2 import Duration
from google.rpc.status_pb2 import Status as StatusMessage

from mixer.attribute.dictionary import GLOBAL_INDEX
from mixer.status import OK, Code, Status
from protos.mixer.v1.mixer_pb2 import (
    CheckResponse,
    HeaderOperation,
    ReferencedAttributes,
)
from protos.mixer.v1.mixer_pb2 import RouteDirective as RouteDirectiveMessage
from proxy_client.check_cache import CheckCache
from proxy_client.verdict import HeaderChange, Operation, RouteDirective, Verdict

EXACT = ReferencedAttributes.EXACT
ABSENCE = ReferencedAttributes.ABSENCE
UNLIMITED = -1
HIT = Verdict(OK, check_cache_hit=True)
HERE = {"target.service": "here"}
BY_SERVICE = ((EXACT, "target.service"),)


class Clock:
    def __init__(self):
        self.now_s = 1000.0

    def __call__(self):
        return self.now_s


def precondition(*, code=0, message="", uses=UNLIMITED, valid_s=None, matches=BY_SERVICE, **more):
    """A response; matches are (condition, name) or (condition, name, key), all global words."""
    built = CheckResponse(
        precondition=CheckResponse.PreconditionResult(
            status=StatusMessage(code=code, message=message), valid_use_count=uses, **more
        )
    )
    if valid_s is not None:
        duration = Duration()
        duration.FromNanoseconds(round(valid_s * 1e9))
        built.precondition.valid_duration.CopyFrom(duration)
    for condition, *words in matches:
        name, key = (*(GLOBAL_INDEX[word] for word in words), 0)[:2]
        built.precondition.referenced_attributes.attribute_matches.add(
            condition=condition, name=name, map_key=key
        )
    return built


def store(cache, attributes, response, is_fail_open=False):
    return cache.store(attributes, response, is_fail_open=is_fail_open)


def test_cc1_a_cache_of_size_0_is_off():
    cache = CheckCache(0)
    assert store(cache, HERE, precondition()) == Verdict(OK)
    assert cache.find(HERE) is None


def test_cc2_without_a_duration_time_does_not_count():
    clock = Clock()
    cache = CheckCache(10, clock)
    store(cache, HERE, precondition(uses=10_000))
    for _ in range(1000):
        assert cache.find(HERE) == HIT
        clock.now_s += 999


def test_cc3_the_request_that_fetched_it_is_not_a_use():
    cache = CheckCache(10, Clock())
    store(cache, HERE, precondition(uses=3))
    assert [cache.find(HERE) for _ in range(4)] == [HIT, HIT, HIT, None]


def test_cc4_after_its_duration_an_answer_is_no_more():
    clock = Clock()
    cache = CheckCache(10, clock)
    store(cache, HERE, precondition(valid_s=0.010))
    clock.now_s = 1000.001
    assert cache.find(HERE) == HIT
    clock.now_s = 1000.011
    assert cache.find(HERE) is None
    assert len(cache) == 0


def test_cc5_what_else_is_to_be_done_is_the_same_on_every_hit():
    cache = CheckCache(10, Clock())
    directive = RouteDirectiveMessage(direct_response_code=302)
    stored = store(cache, HERE, precondition(route_directive=directive))
    assert stored == Verdict(OK, RouteDirective(direct_response_code=302))
    hit = stored._replace(check_cache_hit=True)
    assert [cache.find(HERE) for _ in range(100)] == [hit] * 100


def test_cc6_an_answer_without_a_precondition_denies_and_is_not_kept():
    cache = CheckCache(10, Clock())
    verdict = store(cache, HERE, CheckResponse(), is_fail_open=True)
    assert verdict == Verdict(
        Status(code=Code.INVALID_ARGUMENT, message="Mixer's answer has no precondition")
    )
    assert cache.find(HERE) is None


def test_cc7_a_newer_answer_replaces_the_one_that_was_hit():
    cache = CheckCache(10, Clock())
    store(cache, HERE, precondition())
    assert cache.find(HERE) == HIT
    verdict = store(cache, HERE, precondition(code=14, message="later"))
    assert verdict == Verdict(Status(code=Code.UNAVAILABLE, message="later"))
    assert cache.find(HERE) == verdict._replace(check_cache_hit=True)
    assert len(cache) == 1


def test_cc8_an_index_out_of_range_is_not_kept():
    cache = CheckCache(10, Clock())
    response = precondition()
    response.precondition.referenced_attributes.attribute_matches.add(name=10_000, condition=EXACT)
    assert store(cache, HERE, response) == Verdict(OK)
    assert len(cache) == 0


def test_cc9_absence_of_what_is_there_is_not_kept():
    cache = CheckCache(10, Clock())
    response = precondition(matches=((ABSENCE, "target.service"),))
    assert store(cache, HERE, response) == Verdict(OK)
    assert len(cache) == 0


def test_cc10_another_value_is_another_answer():
    cache = CheckCache(10, Clock())
    there = {"target.service": "there"}
    store(cache, HERE, precondition())
    assert cache.find(there) is None
    store(cache, there, precondition())
    assert [cache.find(HERE), cache.find(there)] == [HIT, HIT]


def test_cc11_two_shapes_stand_side_by_side():
    cache = CheckCache(10, Clock())
    named = {"target.name": "this"}
    store(cache, HERE, precondition())
    store(cache, named, precondition(matches=((EXACT, "target.name"),)))
    assert [cache.find(HERE), cache.find(named)] == [HIT, HIT]


def test_cc12_denials_are_kept_by_the_entry_of_a_map():
    cache = CheckCache(10, Clock())
    by_user = ((EXACT, "request.headers", "user-agent"),)
    baz = {"request.headers": {"user-agent": "baz", "via": "same"}}
    bar = {"request.headers": {"user-agent": "bar", "via": "same"}}
    denial = store(cache, baz, precondition(code=7, message="no", matches=by_user))
    assert denial == Verdict(Status(code=Code.PERMISSION_DENIED, message="no"))
    assert cache.find(bar) is None
    store(cache, bar, precondition(matches=by_user))
    assert cache.find(baz) == denial._replace(check_cache_hit=True)
    assert cache.find(bar) == HIT


def test_a_regex_is_not_kept():
    cache = CheckCache(10, Clock())
    store(cache, HERE, precondition(matches=((ReferencedAttributes.REGEX, "target.service"),)))
    assert len(cache) == 0


@pytest.mark.parametrize("code", [Code.NOT_FOUND, Code.UNAVAILABLE, 99])
def test_no_code_is_special_among_denials(code):
    """The original never found denials with codes 5 and 14: its own signs for "miss"."""
    cache = CheckCache(10, Clock())
    verdict = store(cache, HERE, precondition(code=code, message="no"))
    assert verdict == Verdict(Status(code=code, message="no"))
    assert cache.find(HERE) == verdict._replace(check_cache_hit=True)


def test_failing_open_an_internal_error_passes_and_is_kept_as_a_pass():
    cache = CheckCache(10, Clock())
    response = precondition(code=13, message="broken", uses=1)
    assert store(cache, HERE, response, is_fail_open=True) == Verdict(OK)
    assert [cache.find(HERE), cache.find(HERE)] == [HIT, None]


def test_failing_closed_an_internal_error_stays_one():
    cache = CheckCache(10, Clock())
    verdict = store(cache, HERE, precondition(code=13, message="broken"))
    assert verdict == Verdict(Status(code=Code.INTERNAL, message="broken"))
    assert cache.find(HERE) == verdict._replace(check_cache_hit=True)


def test_a_use_count_of_0_is_not_usable_and_ends_what_was():
    cache = CheckCache(10, Clock())
    store(cache, HERE, precondition(uses=0))
    assert cache.find(HERE) is None
    store(cache, HERE, precondition())
    store(cache, HERE, precondition(uses=0))
    assert cache.find(HERE) is None


def test_a_negative_use_count_has_no_end():
    cache = CheckCache(10, Clock())
    store(cache, HERE, precondition(uses=-5))
    assert {cache.find(HERE) for _ in range(100)} == {HIT}


def test_a_duration_of_0_is_over_at_any_later_instant():
    clock = Clock()
    cache = CheckCache(10, clock)
    store(cache, HERE, precondition(valid_s=0))
    clock.now_s += 1e-9 * 1000
    assert cache.find(HERE) is None


def test_the_same_conditions_again_bring_fresh_uses_and_time():
    clock = Clock()
    cache = CheckCache(10, clock)
    store(cache, HERE, precondition(uses=1, valid_s=1))
    cache.find(HERE)
    clock.now_s += 5
    store(cache, HERE, precondition(uses=1, valid_s=1))
    assert [cache.find(HERE), cache.find(HERE)] == [HIT, None]


def test_an_answer_out_of_date_does_not_end_the_search():
    """The original reported a miss here."""
    clock = Clock()
    cache = CheckCache(10, clock)
    request = HERE | {"target.name": "this"}
    store(cache, request, precondition(valid_s=1))
    store(cache, request, precondition(code=7, matches=((EXACT, "target.name"),)))
    clock.now_s += 2
    denial = Verdict(Status(code=Code.PERMISSION_DENIED), check_cache_hit=True)
    assert cache.find(request) == denial
    store(cache, request, precondition())
    clock.now_s += 1e9
    assert cache.find(HERE) == HIT


def test_shapes_with_the_same_present_part_do_not_share_a_slot():
    """The original let the later one replace the earlier."""
    cache = CheckCache(10, Clock())
    named = HERE | {"target.name": "this"}
    store(cache, HERE, precondition(matches=(*BY_SERVICE, (ABSENCE, "target.name"))))
    store(cache, named, precondition(code=7, matches=(*BY_SERVICE, (ABSENCE, "target.uid"))))
    assert cache.find(HERE | {"target.uid": "1"}) == HIT
    assert cache.find(named) == Verdict(Status(code=Code.PERMISSION_DENIED), check_cache_hit=True)


def test_a_map_that_was_absent_when_learnt_is_not_there_later():
    cache = CheckCache(10, Clock())
    store(cache, HERE, precondition(matches=((ABSENCE, "request.headers"),)))
    assert cache.find(HERE) == HIT
    assert cache.find({"request.headers": {"via": "a"}}) is None


def test_of_too_many_answers_the_one_used_longest_ago_goes():
    cache = CheckCache(3, Clock())
    requests = [{"target.service": name} for name in "abcd"]
    for request in requests[:3]:
        store(cache, request, precondition())
    cache.find(requests[0])
    store(cache, requests[3], precondition())
    assert [cache.find(request) for request in requests] == [HIT, None, HIT, HIT]


def test_header_operations_are_told_in_order_but_for_unknown_ones():
    def operation(name, number):
        return HeaderOperation(name=name, value="v", operation=number)

    directive = RouteDirectiveMessage(
        request_header_operations=[operation("a", 0), operation("b", 1), operation("?", 7)],
        response_header_operations=[operation("set-cookie", 2), operation("set-cookie", 2)],
        direct_response_code=503,
        direct_response_body="busy",
    )
    verdict = store(CheckCache(10, Clock()), HERE, precondition(code=7, route_directive=directive))
    cookie = HeaderChange("set-cookie", "v", Operation.APPEND)
    assert verdict == Verdict(
        Status(code=Code.PERMISSION_DENIED),
        RouteDirective(
            (HeaderChange("a", "v", Operation.REPLACE), HeaderChange("b", "v", Operation.REMOVE)),
            (cookie, cookie),
            503,
            "busy",
        ),
    )


def test_threads_share_the_uses_of_an_answer():
    cache = CheckCache(10, Clock())
    store(cache, HERE, precondition(uses=1000))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: cache.find(HERE), range(4000)))
    assert found.count(HIT) == 1000
    assert found.count(None) == 3000
