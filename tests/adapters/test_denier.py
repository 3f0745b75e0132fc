"""The denier's answers; rows marked "recorded" are what Mixer 1.1.17 gave."""

import pytest

from adapters.denier import INFO, Detail, HttpStatusCode, Params, StatusParams
from mixer.adapter import (
    CheckResult,
    DirectHttpResponse,
    Duration,
    ParamError,
    QuotaArgs,
    QuotaResult,
    Status,
)
from mixer.adapter.testing import start
from mixer.template import checknothing, listentry, quota

DIRECT = "type.googleapis.com/istio.policy.v1beta1.DirectHttpResponse"

ANSWERS = [
    # recorded: denier-05
    (Params(), CheckResult(status=Status(code=9), valid_duration_s=5.0, valid_use_count=1000)),
    # recorded: denier-02
    (
        Params(
            status=StatusParams(code=7, message="Not allowed"),
            valid_duration=Duration.parse("7s"),
            valid_use_count=77,
        ),
        CheckResult(
            status=Status(code=7, message="Not allowed"), valid_duration_s=7.0, valid_use_count=77
        ),
    ),
    # recorded: denier-07, a denier that lets pass
    (
        Params(
            status=StatusParams(code=0, message="ok message"),
            valid_duration=Duration.parse("3s"),
            valid_use_count=33,
        ),
        CheckResult(
            status=Status(code=0, message="ok message"), valid_duration_s=3.0, valid_use_count=33
        ),
    ),
    # not to be used again
    (
        Params(
            status=StatusParams(code=16), valid_duration=Duration.parse("0s"), valid_use_count=0
        ),
        CheckResult(status=Status(code=16)),
    ),
    # recorded: denier-08
    (
        Params(
            status=StatusParams(
                code=7,
                message="direct",
                details=(
                    Detail(
                        type=DIRECT,
                        code=HttpStatusCode.Found,
                        body="go away",
                        headers={"location": "https://example.test/"},
                    ),
                ),
            )
        ),
        CheckResult(
            status=Status(
                code=7,
                message="direct",
                direct_response=DirectHttpResponse(
                    code=302, body="go away", headers={"location": "https://example.test/"}
                ),
            ),
            valid_duration_s=5.0,
            valid_use_count=1000,
        ),
    ),
    # without a code the server takes the one that belongs to the status
    (
        Params(status=StatusParams(code=5, details=(Detail(type=DIRECT, body="gone"),))),
        CheckResult(
            status=Status(code=5, direct_response=DirectHttpResponse(body="gone")),
            valid_duration_s=5.0,
            valid_use_count=1000,
        ),
    ),
]


@pytest.mark.parametrize(("params", "answer"), ANSWERS)
def test_every_check_gets_the_configured_answer(params, answer):
    with start(INFO, params) as handler:
        assert handler.handle_checknothing(checknothing.Instance("x")) == answer
        assert handler.handle_listentry(listentry.Instance("x", "value")) == answer


def test_a_quota_is_refused_without_an_error():
    with start(INFO) as handler:
        args = QuotaArgs(deduplication_id="d", amount=3, best_effort=True)
        assert handler.handle_quota(quota.Instance("q"), args) == QuotaResult()


@pytest.mark.parametrize(
    ("params", "errors"),
    [
        (Params(status=StatusParams(details=(Detail(type=DIRECT),))), []),
        # the type without its host is the same type
        (
            Params(
                status=StatusParams(
                    details=(Detail(type="istio.policy.v1beta1.DirectHttpResponse"),)
                )
            ),
            [],
        ),
        (
            Params(
                status=StatusParams(details=(Detail(type="type.googleapis.com/other.Message"),))
            ),
            [
                ParamError(
                    field="status.details[0].@type",
                    message="unknown type 'type.googleapis.com/other.Message', only "
                    "istio.policy.v1beta1.DirectHttpResponse is understood",
                )
            ],
        ),
        (
            Params(status=StatusParams(details=(Detail(type=DIRECT), Detail(type=DIRECT)))),
            [ParamError(field="status.details", message="more than one direct response")],
        ),
        (
            Params(valid_duration=Duration.parse("-1s"), valid_use_count=-1),
            [
                ParamError(field="valid_duration", message="must not be negative"),
                ParamError(field="valid_use_count", message="must be from 0 to 2147483647"),
            ],
        ),
    ],
)
def test_params_are_checked(params, errors):
    assert list(INFO.validate(params, {})) == errors


def test_a_status_without_a_name_is_a_status_too():
    code = HttpStatusCode(451)
    assert (code, code.name) == (451, "451")


@pytest.mark.parametrize("number", [1, 99, 600, -1])
def test_a_number_that_is_no_http_status_is_refused(number):
    with pytest.raises(ValueError, match="is not a valid HttpStatusCode"):
        HttpStatusCode(number)
