"""The plan of a load, and the share of requests that a cache may answer."""

import pytest

from benchmarks.load import LoadPlan, requests_for
from benchmarks.scenario import FRESH, RequestKind

HOT = RequestKind(path="/hot", weight=3)
WARM = RequestKind(path="/warm")
FRESH_A = RequestKind(path="/a", headers=(("x-id", f"a-{FRESH}"),), weight=4)
FRESH_B = RequestKind(path="/b", headers=(("accept", "*/*"), ("x-id", FRESH)))
ALL = (HOT, FRESH_A, WARM, FRESH_B)


def shares(kinds):
    total = sum(kind.weight for kind in kinds)
    return {kind.path: kind.weight / total for kind in kinds}


@pytest.mark.parametrize(
    ("hit_share", "wanted"),
    [
        # The repeated kinds share three to one, the fresh ones four to one.
        (0.8, {"/hot": 0.6, "/warm": 0.2, "/a": 0.16, "/b": 0.04}),
        (0.5, {"/hot": 0.375, "/warm": 0.125, "/a": 0.4, "/b": 0.1}),
        (0.99, {"/hot": 0.7425, "/warm": 0.2475, "/a": 0.008, "/b": 0.002}),
        (1.0, {"/hot": 0.75, "/warm": 0.25}),
        (0.0, {"/a": 0.8, "/b": 0.2}),
    ],
)
def test_the_share_of_hits_is_that_of_requests_that_are_not_fresh(hit_share, wanted):
    assert shares(requests_for(ALL, hit_share)) == pytest.approx(wanted)


def test_only_weights_change():
    weighed = requests_for(ALL, 0.5)
    assert [(kind.path, kind.headers) for kind in weighed] == [
        (kind.path, kind.headers) for kind in (HOT, WARM, FRESH_A, FRESH_B)
    ]


def test_kinds_of_one_sort_serve_the_share_that_they_can_serve():
    assert shares(requests_for([HOT, WARM], 1.0)) == {"/hot": 0.75, "/warm": 0.25}
    assert shares(requests_for([FRESH_A], 0.0)) == {"/a": 1.0}


@pytest.mark.parametrize(("kinds", "hit_share"), [((HOT, WARM), 0.95), ((FRESH_A,), 0.5), ((), 1)])
def test_a_share_without_kinds_for_it_is_refused(kinds, hit_share):
    with pytest.raises(ValueError, match="there must be a"):
        requests_for(kinds, hit_share)


def test_a_plan_outlives_its_way_through_json():
    plan = LoadPlan(
        address="127.0.0.1:80",
        kinds=ALL,
        connections=3,
        duration_s=1.5,
        rate_per_s=10.0,
        protocol="http2",
        cores=(0, 1),
        seed=5,
    )
    assert LoadPlan.from_json(plan.to_json()) == plan


def test_a_plan_without_a_rate_is_for_as_fast_as_it_goes():
    plan = LoadPlan(address="127.0.0.1:80", kinds=ALL, connections=1, duration_s=1.0)
    assert plan.is_saturation


@pytest.mark.parametrize(("connections", "kinds"), [(0, ALL), (1, ())])
def test_a_plan_needs_connections_and_requests(connections, kinds):
    with pytest.raises(ValueError, match="needs connections and kinds"):
        LoadPlan(address="127.0.0.1:80", kinds=kinds, connections=connections, duration_s=1.0)
