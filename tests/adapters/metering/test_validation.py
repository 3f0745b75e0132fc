from dataclasses import replace

import pytest

from adapters.metering import INFO, IdFrom, Meter, Params
from mixer.adapter import Duration, InstanceType, ValueType

NAME = "calls.instance.shop"
METER = Meter(instance=NAME, what="api-calls", unit="call", begin="from", end="to")
GOOD = Params(ledger="usage.db", meters=(METER,))
TYPES = {
    "customer": ValueType.STRING,
    "id": ValueType.STRING,
    "from": ValueType.TIMESTAMP,
    "to": ValueType.TIMESTAMP,
}


def instances(value=ValueType.INT64, **types):
    return {NAME: InstanceType(template="metric", fields={"value": value, "dimensions": types})}


def faults(params, given):
    return [f"{error.field}: {error.message}" for error in INFO.validate(params, given)]


@pytest.mark.parametrize(
    "value", [ValueType.INT64, ValueType.DOUBLE, ValueType.DURATION, ValueType.STRING]
)
def test_good_params_are_accepted(value):
    assert faults(GOOD, instances(value, **TYPES)) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"ledger": ""}, "ledger: must be given"),
        ({"retention": Duration.parse("59m")}, "retention: must be at least 1h"),
        ({"timeout": Duration(0)}, "timeout: must be more than 0"),
        (
            {"meters": (METER, METER)},
            f"meters[1].instance: instance {NAME} has another meter already",
        ),
        ({"meters": ()}, f"meters: no meter for instance {NAME}"),
    ],
)
def test_bad_params_are_named(changes, fault):
    assert faults(replace(GOOD, **changes), instances(**TYPES)) == [fault]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"what": ""}, "what: must be given"),
        ({"unit": ""}, "unit: must be given"),
        ({"customer": ""}, "customer: must be given"),
        ({"decimals": 10}, "decimals: must be from 0 to 9"),
        ({"decimals": -1}, "decimals: must be from 0 to 9"),
        ({"id": ""}, "id: must be given"),
        ({"begin": ""}, "end: needs begin"),
        (
            {"id_from": IdFrom.CONTENT, "begin": "", "end": ""},
            "begin: must be given: without it, equal requests can't be told apart by their content",
        ),
        ({"customer": "who"}, f"customer: instance {NAME} has no dimension who"),
        ({"id": "request"}, f"id: instance {NAME} has no dimension request"),
        ({"end": "until"}, f"end: instance {NAME} has no dimension until"),
        ({"begin": "id"}, "begin: dimension id is STRING, not TIMESTAMP"),
    ],
)
def test_bad_meters_are_named(changes, fault):
    params = replace(GOOD, meters=(replace(METER, **changes),))

    assert faults(params, instances(**TYPES)) == [f"meters[0].{fault}"]


def test_a_meter_that_takes_ids_from_elsewhere_needs_no_dimension_for_them():
    meter = replace(METER, id_from=IdFrom.NONE)
    types = {name: kind for name, kind in TYPES.items() if name != "id"}

    assert faults(replace(GOOD, meters=(meter,)), instances(**types)) == []


def test_an_instance_must_have_a_number():
    assert faults(GOOD, instances(ValueType.BOOL, **TYPES)) == [
        f"meters[0].instance: instance {NAME}: its value is no number"
    ]
