"""The check cache: cases of the original's tests by their ids there, on library and filter at a time.

Each step compares verdicts, calls, reports and counters of both; what is asserted here is what both
are to do.
"""

import pytest

from protos.mixer.v1.mixer_pb2 import CheckResponse
from tests.proxy_client.wasm.twin.cases import DOWN, asking, is_hit, status, twins
from tests.proxy_client.wasm.twin.said import (
    ABSENT,
    EXACT,
    NOWHERE,
    REGEX,
    UNSAID,
    said,
)
from tests.proxy_client.wasm.twin.settings import Settings

PATH = ("request.path", EXACT)
USER = ("request.headers", EXACT, "x-user")


def test_cc1_without_a_cache_nothing_is_kept():
    pair = twins(Settings(has_check_cache=False))
    assert status(pair.ask(asking(), said())) == 200
    assert not is_hit(pair, asking())


def test_cc2_no_duration_is_no_end():
    pair = twins(Settings(is_reported=False))
    pair.ask(asking(), said(PATH))
    for _ in range(1000):
        pair.advance(999)
        assert is_hit(pair, asking())


def test_cc3_uses_are_counted_without_the_first():
    pair = twins()
    pair.ask(asking(), said(PATH, uses=3))
    assert [is_hit(pair, asking()) for _ in range(4)] == [True, True, True, False]


def test_cc4_an_answer_is_used_until_its_time_is_over():
    pair = twins()
    pair.ask(asking(), said(PATH, valid_s=0.010))
    pair.advance(0.001)
    assert is_hit(pair, asking())
    pair.advance(0.010)
    assert not is_hit(pair, asking())


def test_cc5_a_direct_response_is_kept():
    pair = twins()
    answer = said(PATH)
    answer.precondition.route_directive.direct_response_code = 302
    answers = {status(pair.ask(asking(), answer)) for _ in range(100)}
    assert answers == {302}
    assert pair.counters["remote_calls"] == 1


def test_cc6_no_precondition_is_an_invalid_answer():
    pair = twins()
    denied = pair.ask(asking(), CheckResponse())
    assert (denied.status, denied.body.partition(":")[0]) == (400, "INVALID_ARGUMENT")
    assert not is_hit(pair, asking())


@pytest.mark.parametrize(
    "reads",
    [
        pytest.param([(NOWHERE, EXACT)], id="CC8"),
        pytest.param([("request.path", ABSENT)], id="CC9"),
        pytest.param([("request.path", REGEX)], id="a regular expression"),
        pytest.param([("request.headers", EXACT)], id="a whole map"),
        pytest.param([("request.headers", EXACT, -NOWHERE)], id="a key that is nowhere"),
        pytest.param([("request.path", EXACT), (-5, EXACT)], id="a word that is not there"),
    ],
)
def test_an_answer_whose_references_make_no_sense_is_used_but_not_kept(reads):
    pair = twins()
    assert status(pair.ask(asking(), said(*reads))) == 200
    assert not is_hit(pair, asking())


def test_a_condition_that_is_none_is_passed_over():
    pair = twins()
    pair.ask(asking(), said(PATH, ("request.host", UNSAID)))
    assert is_hit(pair, asking())


def test_cc10_values_have_answers_of_their_own():
    pair = twins()
    pair.ask(asking("/a"), said(PATH))
    assert not is_hit(pair, asking("/b"))
    pair.ask(asking("/b"), said(PATH))
    assert is_hit(pair, asking("/a"))
    assert is_hit(pair, asking("/b"))


def test_cc11_shapes_are_kept_beside_each_other():
    pair = twins()
    with_user = asking("/b", ("x-user", "ann"))
    pair.ask(asking("/a"), said(PATH))
    pair.ask(with_user, said(USER))
    assert is_hit(pair, asking("/a"))
    assert is_hit(pair, with_user)


def test_cc12_one_key_of_a_map_decides_and_denials_are_kept():
    pair = twins()
    baz, bar = (asking("/", ("x-user", user), ("x-other", "same")) for user in ("baz", "bar"))
    assert status(pair.ask(baz, said(USER, code=7))) == 403
    assert status(pair.ask(bar, said(USER))) == 200
    assert [status(pair.ask(request, DOWN)) for request in (baz, bar)] == [403, 200]


@pytest.mark.parametrize("code", [5, 14, 13, 99])
def test_denials_of_all_codes_are_kept(code):
    pair = twins()
    pair.ask(asking(), said(PATH, code=code, message="no"))
    assert is_hit(pair, asking())


def test_an_internal_error_of_mixers_is_as_if_there_was_no_mixer():
    for is_open, wanted in ((True, 200), (False, 500)):
        pair = twins(Settings(is_fail_open=is_open))
        assert status(pair.ask(asking(), said(PATH, code=13))) == wanted
        assert is_hit(pair, asking())


@pytest.mark.parametrize(("uses", "wanted"), [(0, False), (-1, True)])
def test_no_uses_are_none_and_fewer_are_without_limit(uses, wanted):
    pair = twins()
    pair.ask(asking(), said(PATH, uses=uses))
    assert is_hit(pair, asking()) is wanted


def test_what_was_absent_counts():
    pair = twins()
    pair.ask(asking(), said(("request.headers", ABSENT, "x-user")))
    assert is_hit(pair, asking("/other"))
    assert not is_hit(pair, asking("/other", ("x-user", "ann")))
