from benchmarks.arm import Claim
from benchmarks.cell import Cell
from benchmarks.load.requests import drawn_kinds
from benchmarks.run.proof import Verdicts, different_statuses, expected_statuses, failed_claims
from benchmarks.scenario import RequestKind
from tests.benchmarks.made_up import MadeUp, made_up_run

ALLOWED = RequestKind(path="/books", weight=9)
DENIED = RequestKind(path="/denied", weight=1, status=403)
UNKNOWN = RequestKind(path="/own", status=None)


def claim(counted, least, most):
    return Claim(what="Mixer: Checks", counted=counted, least=least, most=most)


def test_claims_that_do_not_hold_are_told_with_their_numbers():
    claims = [claim(1_000, 1_000, 1_000), claim(0, 1_000, 1_000), claim(7, 8, 2_000)]
    assert list(failed_claims(claims)) == [
        "Mixer: Checks: counted 0, must be 1,000",
        "Mixer: Checks: counted 7, must be 8 to 2,000",
    ]


def test_who_claims_nothing_proves_nothing():
    assert list(failed_claims([])) == ["no claim was made, so nothing is proved"]


def test_statuses_follow_from_the_kinds_that_were_drawn():
    drawn = drawn_kinds([ALLOWED, DENIED], 5)[:1_000]
    denied_count = sum(drawn)
    assert 50 < denied_count < 150
    expected = expected_statuses([ALLOWED, DENIED], 5, 1_000, has_policy=True)
    assert expected == {200: 1_000 - denied_count, 403: denied_count}


def test_the_order_of_kinds_begins_anew_when_it_is_over():
    drawn = drawn_kinds([ALLOWED, DENIED], 5)
    denied_count = sum(drawn) + sum(drawn[:10])
    expected = expected_statuses([ALLOWED, DENIED], 5, len(drawn) + 10, has_policy=True)
    assert expected == {200: len(drawn) + 10 - denied_count, 403: denied_count}


def test_without_a_policy_everything_passes():
    assert expected_statuses([ALLOWED, DENIED], 5, 9, has_policy=False) == {200: 9}


def test_of_a_foreign_policy_nothing_is_known():
    assert expected_statuses([ALLOWED, UNKNOWN], 5, 900, has_policy=True) is None


def test_different_statuses_are_told_with_their_numbers():
    assert different_statuses({200: 5, 403: 1}, {403: 1, 200: 5}) is None
    assert (
        different_statuses({200: 1_005, 403: 1}, {200: 1_006})
        == "answers by status: 1,006 × 200, must be 1,005 × 200, 1 × 403"
    )


def measured(**changed):
    (one, *_) = made_up_run(
        MadeUp(arms=("wasm-policy",), repetition_count=1, has_sweeps=False)
    ).measured
    names = {name: getattr(one, name) for name in type(one).__dataclass_fields__}
    return type(one)(**{**names, "by_status": {200: 9}, **changed})


def test_the_verdicts_of_arms_are_compared_in_each_cell_and_repetition():
    verdicts = Verdicts()
    other = Cell(scenario="own", sweep="base", rate_per_s=1, connections=1)
    assert verdicts.add(measured()) is None
    assert verdicts.add(measured(arm="lua")) is None
    assert verdicts.add(measured(repetition=1, by_status={200: 7})) is None
    assert verdicts.add(measured(cell=other, by_status={200: 5})) is None
    assert (
        verdicts.add(measured(arm="native", by_status={200: 8, 403: 1}))
        == "answers by status: 8 × 200, 1 × 403, must be 9 × 200 as in wasm-policy"
    )
