import json

import pytest

from mixer.cli.export import export

POLICY = """
kind: attributemanifest
metadata: {name: attributes, namespace: istio-system}
spec:
  attributes:
    source.name: {valueType: STRING}
    request.path: {valueType: STRING}
    request.method: {valueType: STRING}
---
kind: handler
metadata: {name: deny, namespace: istio-system}
spec: {compiledAdapter: denier}
---
kind: instance
metadata: {name: nothing, namespace: istio-system}
spec: {compiledTemplate: checknothing}
---
kind: rule
metadata: {name: r, namespace: istio-system}
spec:
  match: request.path == "/a" && (source.name | "") == "mallory"
  actions: [{handler: deny, instances: [nothing]}]
"""
METRIC = """
---
kind: handler
metadata: {name: stats, namespace: istio-system}
spec:
  compiledAdapter: prometheus
  params:
    metrics:
    - {name: n, instanceName: n.instance.istio-system, kind: COUNTER, labelNames: [method]}
---
kind: instance
metadata: {name: n, namespace: istio-system}
spec:
  compiledTemplate: metric
  params: {value: "1", dimensions: {method: request.method}}
---
kind: rule
metadata: {name: s, namespace: istio-system}
spec:
  actions: [{handler: stats, instances: [n]}]
"""


@pytest.fixture
def policies(tmp_path):
    directory = tmp_path / "policies"
    directory.mkdir()
    (directory / "policy.yaml").write_text(POLICY)
    return directory


def test_the_program_goes_to_standard_output(run, policies):
    result = run(export, policies, "-s", "source.name=mallory")

    assert result.exit_code == 0
    program = json.loads(result.stdout)
    assert (program["version"], program["fail_open"]) == (1, False)
    assert [one["rule"] for one in program["check"]] == ["istio-system/r"]


def test_or_to_a_file(run, policies, tmp_path):
    file = tmp_path / "policy.json"

    result = run(export, "--target", "wasm", policies, "-o", file, "--absent", "source.name")

    assert (result.exit_code, result.output) == (0, "")
    assert json.loads(file.read_text())["version"] == 1


def test_what_is_refused_exits_with_1_and_writes_nothing(run, policies, tmp_path):
    file = tmp_path / "policy.json"

    result = run(export, policies, "-o", file)

    assert (result.exit_code, result.stderr.splitlines()) == (
        1,
        [
            "No place in a proxy",
            "  rule/istio-system/r: match: attribute source.name is unknown to a proxy: "
            "give it a value, or declare it absent",
            "for unknown attributes: --absent source.name",
        ],
    )
    assert not file.exists()


def test_a_report_says_what_is_placed_and_what_the_bootstrap_needs(run, policies):
    (policies / "metric.yaml").write_text(METRIC)

    result = run(export, policies, "--absent", "source.name", "--report")

    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "Placed",
        "  rule/istio-system/r: checknothing nothing.instance.istio-system "
        "by denier deny.istio-system",
        "  rule/istio-system/s: metric n.instance.istio-system by prometheus stats.istio-system",
        "",
        "For Envoy's bootstrap",
        "stats_config:",
        "  stats_tags:",
        r"  - {tag_name: method, regex: '(;\.;method=\.=([^;]*))'}",
    ]
    assert [metric["stat"] for metric in json.loads(result.stdout)["metrics"]] == ["istio_n"]


def test_a_bad_configuration_exits_with_1(run, policies):
    (policies / "bad.yaml").write_text("kind: rule\nmetadata: {name: [}\n")

    result = run(export, policies)

    assert result.exit_code == 1
    assert result.stderr.startswith("bad.yaml\n")


@pytest.mark.parametrize("quota", ["q", "q=x", "q=-1"])
def test_a_quota_needs_an_amount(run, policies, quota):
    assert run(export, policies, "--quota", quota).exit_code == 2
