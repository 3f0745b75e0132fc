"""What may be configured of a memquota."""

import pytest

from adapters.memquota import INFO, Override, Params, Quota
from mixer.adapter import Duration, InstanceType, ParamError

RC = Quota(name="rc.instance.ns", max_amount=5, valid_duration=Duration.parse("1s"))
QUOTA = InstanceType(template="quota", fields={"dimensions": {}})


@pytest.mark.parametrize(
    ("params", "instances", "errors"),
    [
        (Params(), {}, []),
        (Params(quotas=(RC,)), {"rc.instance.ns": QUOTA}, []),
        # a limit may wait for an instance
        (Params(quotas=(RC,)), {}, []),
        # but no instance for a limit; short names do not count
        (
            Params(quotas=(RC, Quota(name="other", max_amount=1))),
            {"rc.instance.ns": QUOTA, "other.instance.ns": QUOTA, "a.instance.ns": QUOTA},
            [
                ("quotas", "did not find limit defined for quota a.instance.ns"),
                ("quotas", "did not find limit defined for quota other.instance.ns"),
            ],
        ),
        (
            Params(quotas=(RC, RC)),
            {},
            [("quotas", "2 limits defined for quota rc.instance.ns")],
        ),
        (
            Params(min_deduplication_duration=Duration(0)),
            {},
            [("min_deduplication_duration", "must be greater than 0")],
        ),
        (
            Params(
                quotas=(
                    RC,
                    Quota(
                        name="q",
                        max_amount=-1,
                        overrides=(Override(), Override(valid_duration=Duration(-1))),
                    ),
                )
            ),
            {},
            [
                ("quotas[1].max_amount", "must not be negative"),
                ("quotas[1].overrides[1].valid_duration", "must not be negative"),
            ],
        ),
    ],
)
def test_params_are_checked(params, instances, errors):
    assert list(INFO.validate(params, instances)) == [
        ParamError(field=field, message=message) for field, message in errors
    ]


def test_ids_are_remembered_for_a_second_by_default():
    assert Params().min_deduplication_duration == Duration.parse("1s")
