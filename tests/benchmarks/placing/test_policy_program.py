"""What becomes of a scenario for the filter that runs policies inside Envoy."""

from benchmarks.placing.policy_program import export_scenario
from benchmarks.scenario import Workload
from benchmarks.scenarios import FACTORIES, own_config
from tests.integration.documents import MANIFEST, handler, instance, rule, yaml_of


def exported(name, folder, workload):
    folder.mkdir(exist_ok=True)
    return export_scenario(FACTORIES[name](workload, folder))


def metrics(found):
    return [metric["stat"] for metric in found.program["metrics"]]


def test_a_policy_is_exported_as_it_is(tmp_path):
    plain = exported("access-quota", tmp_path / "plain", Workload(rule_count=2))
    told = exported("telemetry", tmp_path / "told", Workload(rule_count=2))
    assert (plain.refused, told.refused) == ((), ())
    assert metrics(plain) == []
    assert metrics(told) == ["istio_requests_total", "istio_request_duration_milliseconds"]


def test_no_adapter_is_slow_in_a_proxy(tmp_path):
    found = exported("access", tmp_path, Workload(rule_count=2, adapter_delay_ms=5))
    rules = [rule["rule"] for rule in found.program["check"]]
    assert rules == [
        "istio-system/deny-path-00000",
        "istio-system/deny-path-00001",
        "istio-system/deny-users",
    ]


def test_attributes_that_nobody_tells_are_absent(tmp_path):
    documents = (
        MANIFEST,
        handler("deny", "denier"),
        instance("nothing"),
        rule("deny", ("deny", "nothing"), match='(source.owner | "") == "x"'),
    )
    (tmp_path / "policy.yaml").write_text(yaml_of(*documents))
    found = export_scenario(own_config(tmp_path))
    assert found.refused == ()
    assert found.program["attributes"] == [["source.owner", "absent"]]
